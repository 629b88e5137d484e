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
  /// A random number, drawn anew for every element and training step.
  case noise(Noise)
  case unary(Unary, Expression)
  case binary(Binary, Expression, Expression)
  /// `then` where the comparison of the first two operands holds, else `otherwise`.
  case select(Comparison, Expression, Expression, then: Expression, otherwise: Expression)
}

/// How the random numbers of an expression are distributed. The raw value is its name in formulas.
public enum Noise: String, Sendable, Hashable, CaseIterable {
  /// Uniform in [0, 1).
  case uniform
  /// Standard normal.
  case normal
}

/// What an expression can be differentiated by.
public enum Variable: Sendable, Hashable {
  case x
  case parameter(String)
}

extension Expression {
  /// The value in double precision: the reference that compiled programs are tested against.
  ///
  /// A parameter without a value counts as NaN, and so does noise unless it is given. Time is linear in the number of
  /// nodes.
  public func evaluate(x: Double, parameters: [String: Double] = [:], noise: Double = .nan) -> Double {
    func value(_ node: Expression) -> Double {
      switch node {
      case .x: x
      case .constant(let value): value
      case .parameter(let name): parameters[name] ?? .nan
      case .noise: noise
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
    case .x, .constant, .parameter, .noise: []
    case .unary(_, let operand): [operand]
    case .binary(_, let left, let right): [left, right]
    case .select(_, let left, let right, let then, let otherwise): [left, right, then, otherwise]
    }
  }

  /// The same expression with every leaf replaced by what `replacement` gives for it.
  func substituting(_ replacement: (Expression) -> Expression) -> Expression {
    switch self {
    case .x, .constant, .parameter, .noise: replacement(self)
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

  /// The kind of noise that occurs; an expression holds at most one.
  var noise: Noise? {
    if case .noise(let noise) = self { return noise }
    return children.lazy.compactMap(\.noise).first
  }

  /// How often x stands in the written formula.
  var occurrencesOfX: Int { self == .x ? 1 : children.reduce(0) { $0 + $1.occurrencesOfX } }

  /// The names of the parameters that occur.
  public var parameterNames: Set<String> {
    if case .parameter(let name) = self { return [name] }
    return children.reduce(into: []) { $0.formUnion($1.parameterNames) }
  }
}

extension Expression {
  /// The function whose derivative this one takes for its own: every `straight_through(f, g)` replaced by g.
  public var surrogate: Expression {
    switch self {
    case .x, .constant, .parameter, .noise: self
    case .binary(.straightThrough, _, let surrogate): surrogate.surrogate
    case .unary(let function, let operand): .unary(function, operand.surrogate)
    case .binary(let function, let left, let right): .binary(function, left.surrogate, right.surrogate)
    case .select(let comparison, let left, let right, let then, let otherwise):
      .select(
        comparison, left.surrogate, right.surrogate, then: then.surrogate, otherwise: otherwise.surrogate)
    }
  }
}
