// The one kind of thing that every activation is: an expression over x and named parameters.

/// A real function of `x` and named parameters, as a value tree.
///
/// Build one with Swift's operators and the functions of `Functions.swift`, or read one with ``FormulaParser``:
/// ```swift
/// let swish: Expression = .x * sigmoid(.parameter("beta") * .x)
/// swish.description                       // "x * sigmoid(beta * x)"
/// swish.derivative(by: .parameter("beta"))
/// ```
public indirect enum Expression: Sendable, Hashable {
  /// The pre-activation.
  case x
  case constant(Double)
  /// A trainable scalar, by name.
  case parameter(String)
  case unary(Unary, Expression)
  case binary(Binary, Expression, Expression)
  /// `then` where the comparison of the first two operands holds, else `otherwise`.
  case select(Comparison, Expression, Expression, then: Expression, otherwise: Expression)
}

/// What an expression can be differentiated by.
public enum Variable: Sendable, Hashable {
  case x
  case parameter(String)
}

extension Expression {
  /// The value in double precision: the reference that compiled programs are tested against.
  ///
  /// A parameter without a value counts as NaN. Time is linear in the number of nodes.
  public func evaluate(x: Double, parameters: [String: Double] = [:]) -> Double {
    func value(_ node: Expression) -> Double {
      switch node {
      case .x: x
      case .constant(let value): value
      case .parameter(let name): parameters[name] ?? .nan
      case .unary(let function, let operand): function.evaluate(value(operand))
      case .binary(let function, let left, let right): function.evaluate(value(left), value(right))
      case .select(let comparison, let left, let right, let then, let otherwise):
        value(comparison.holds(value(left), value(right)) ? then : otherwise)
      }
    }
    return value(self)
  }

  /// Direct subexpressions, in reading order.
  var children: [Expression] {
    switch self {
    case .x, .constant, .parameter: []
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .select(_, let left, let right, let then, let otherwise): [left, right, then, otherwise]
    }
  }

  /// The same expression with every leaf replaced by what `replacement` gives for it.
  func substituting(_ replacement: (Expression) -> Expression) -> Expression {
    switch self {
    case .x, .constant, .parameter: replacement(self)
    case .unary(let function, let operand): .unary(function, operand.substituting(replacement))
    case .binary(let function, let left, let right):
      .binary(function, left.substituting(replacement), right.substituting(replacement))
    case .select(let comparison, let left, let right, let then, let otherwise):
      .select(
        comparison, left.substituting(replacement), right.substituting(replacement),
        then: then.substituting(replacement), otherwise: otherwise.substituting(replacement))
    }
  }

  /// Whether `x` occurs.
  public var usesX: Bool { self == .x || children.contains(where: \.usesX) }

  /// How often x stands in the written formula.
  var occurrencesOfX: Int { self == .x ? 1 : children.reduce(0) { $0 + $1.occurrencesOfX } }

  /// The names of the parameters that occur.
  public var parameterNames: Set<String> {
    if case .parameter(let name) = self { return [name] }
    return children.reduce(into: []) { $0.formUnion($1.parameterNames) }
  }
}
