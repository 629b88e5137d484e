// What a strategy is: a name, options bound to its properties, and how it is made concrete.

/// A way of choosing, shaping or learning an activation. One line of ``Strategies/all`` makes it known.
package protocol ActivationStrategy: Sendable, Hashable {
  /// `fixed`, `parametric`, …
  static var name: String { get }
  /// What it does, in a few words.
  static var summary: String { get }
  /// Its own options, in the order of documentation.
  static var options: [StrategyOption<Self>] { get }

  /// Every option at its default, and those that are required empty.
  init()

  /// The options that every strategy takes.
  var common: CommonOptions { get set }

  /// Functions found, formulas parsed and checked, programs compiled; nil where `faults` says why not.
  ///
  /// - Parameter seed: decides initial values that are drawn.
  func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification?

  /// The one function that an analysis looks at; nil where `faults` says why there is none.
  func analysisSubject(_ faults: inout Faults) -> AnalysisSubject?
}

extension ActivationStrategy {
  /// Its own options and those that all take.
  static var allOptions: [StrategyOption<Self>] { options + CommonOptions.options() }

  static var description: StrategyDescription {
    StrategyDescription(name: name, summary: summary, options: allOptions.map(\.description))
  }

  /// The strategy with the options of a document whose form was checked.
  init(_ values: [String: OptionValue]) {
    self.init()
    for option in Self.allOptions {
      if let value = values[option.description.name] { option.read(&self, value) }
    }
  }

  /// The document that reads as this strategy, with every option.
  var resolvedOptions: OptionValue {
    let members = Self.allOptions.map { OptionMember($0.description.name, $0.write(self)) }
    return .object([OptionMember("strategy", .string(Self.name))] + members)
  }
}

/// The strategies that there are.
package enum Strategies {
  /// In the order of documentation.
  package static let all: [any ActivationStrategy.Type] = [
    FixedStrategy.self, ParametricStrategy.self, RandomStrategy.self, NetworkStrategy.self,
    HypernetworkStrategy.self, BlendStrategy.self, MixtureStrategy.self, SplineStrategy.self,
    RationalStrategy.self, KernelStrategy.self, ExpressionStrategy.self,
  ]
}
