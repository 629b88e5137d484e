// What makes an optimiser: its name, its settings and the state that makes its steps.

/// An optimiser by its settings. Each stands in one file, with the state that makes its steps, and in ``Optimizers/all``.
package protocol Optimizer: Sendable, Hashable {
  /// As jobs name it.
  static var name: String { get }
  /// η where none is given.
  static var defaultLearningRate: Double { get }
  /// Whether it evaluates the loss at several places along a line before it makes a step. It then needs batches of all
  /// rows and a loss that is the same each time (``ModelSpecification/randomParts``), finds the length of its steps
  /// itself, from a first trial that is the learning rate, and never clips the gradient.
  static var searchesLine: Bool { get }
  /// What can be set, in the order in which it is written.
  static var settings: [OptimizerSetting<Self>] { get }

  /// With every setting at its default.
  init()

  /// A setting that does not go with the others, and what is wrong with it.
  var contradiction: (setting: String, detail: String)? { get }
  /// What it keeps of each parameter, in single-precision values.
  var valuesPerParameter: Int { get }
  /// Its state before the first step.
  func makeRule(_ specification: OptimizerSpecification, blocks: [ParameterBlock], parameterCount: Int)
    -> StepRule
}

extension Optimizer {
  package static var defaultLearningRate: Double { 0.001 }
  package static var searchesLine: Bool { false }
  package var contradiction: (setting: String, detail: String)? { nil }
}

/// A setting of an optimiser, bound to the property that holds its value and, at first, its default.
package struct OptimizerSetting<Owner: Optimizer>: Sendable {
  /// What the setting may be, and where it is kept.
  package enum Property: Sendable {
    /// A number within the bounds.
    case number(any WritableKeyPath<Owner, Double> & Sendable, in: ClosedRange<Double>)
    /// A number above 0.
    case positive(any WritableKeyPath<Owner, Double> & Sendable)
    /// A whole number within the bounds.
    case integer(any WritableKeyPath<Owner, Int> & Sendable, in: ClosedRange<Int>)
    /// True or false.
    case flag(any WritableKeyPath<Owner, Bool> & Sendable)
  }

  /// As jobs name it.
  package let name: String
  /// What it may be, and where it is kept.
  package let property: Property

  init(_ name: String, _ property: Property) {
    self.name = name
    self.property = property
  }
}

/// Every optimiser there is.
package enum Optimizers {
  /// The first is the one that a job gets which names none.
  package static let all: [any Optimizer.Type] = [
    Adam.self, AdamW.self, SGD.self, RMSprop.self, LBFGS.self,
  ]
}
