// Algebraic identities that make a derived formula readable without changing its value.

extension Expression {
  /// The expression with the identities applied from the leaves up.
  var simplified: Expression {
    let inner: Expression =
      switch self {
      case .x, .constant, .parameter, .noise: self
      case .unary(let function, let u): .unary(function, u.simplified)
      case .binary(let function, let a, let b): .binary(function, a.simplified, b.simplified)
      case .select(let comparison, let a, let b, let then, let otherwise):
        .select(
          comparison, a.simplified, b.simplified, then: then.simplified, otherwise: otherwise.simplified)
      }
    return inner.simplifiedAtRoot
  }

  /// The expression with the identities applied to its outermost operation.
  var simplifiedAtRoot: Expression {
    switch self {
    case .x, .constant, .parameter, .noise: self
    case .unary(let function, .constant(let value)): folded(function.evaluate(value))
    case .unary(.negate, .unary(.negate, let u)): u
    case .unary(.negate, .binary(.multiply, .constant(let c), let u)): .constant(-c) * u
    case .unary: self
    case .binary(let function, .constant(let a), .constant(let b)): folded(function.evaluate(a, b))
    case .binary(.add, 0, let u), .binary(.add, let u, 0), .binary(.subtract, let u, 0),
      .binary(.multiply, 1, let u), .binary(.multiply, let u, 1), .binary(.divide, let u, 1),
      .binary(.power, let u, 1):
      u
    case .binary(.multiply, 0, _), .binary(.multiply, _, 0), .binary(.divide, 0, _): 0
    case .binary(.power, _, 0): 1
    case .binary(.subtract, 0, let u): (-u).simplifiedAtRoot
    case .binary(.multiply, -1, let u), .binary(.multiply, let u, -1): (-u).simplifiedAtRoot
    case .binary(.add, let a, .unary(.negate, let b)): (a - b).simplifiedAtRoot
    case .binary(.subtract, let a, .unary(.negate, let b)): (a + b).simplifiedAtRoot
    case .binary(.multiply, .unary(.negate, let a), let b), .binary(.multiply, let a, .unary(.negate, let b)):
      (-(a * b).simplifiedAtRoot).simplifiedAtRoot
    case .binary(.multiply, let u, .constant(let c)): (.constant(c) * u).simplifiedAtRoot
    case .binary(.multiply, .constant(let c), .binary(.multiply, .constant(let d), let u)):
      (.constant(c * d) * u).simplifiedAtRoot
    case .binary(.multiply, let a, .binary(.multiply, .constant(let c), let b)):
      (.constant(c) * (a * b)).simplifiedAtRoot
    case .binary(.multiply, .binary(.multiply, .constant(let c), let a), let b):
      (.constant(c) * (a * b)).simplifiedAtRoot
    case .binary(.multiply, let a, .binary(.divide, 1, let b)): (a / b).simplifiedAtRoot
    case .binary(.add, let a, let b) where a == b: (2 * a).simplifiedAtRoot
    case .binary: self
    case .select(_, _, _, let then, let otherwise): then == otherwise ? then : self
    }
  }

  /// A constant, if it is one that a formula's text can hold.
  private func folded(_ value: Double) -> Expression { value.isFinite ? .constant(value) : self }
}
