// Swift's operators and functions over expressions, so that a definition reads like its formula.

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A constant.
  public init(floatLiteral value: Double) { self = .constant(value) }
  /// A constant.
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }

  /// The sum.
  package static func + (left: Expression, right: Expression) -> Expression { .binary(.add, left, right) }
  /// The difference.
  package static func - (left: Expression, right: Expression) -> Expression {
    .binary(.subtract, left, right)
  }
  /// The product.
  package static func * (left: Expression, right: Expression) -> Expression {
    .binary(.multiply, left, right)
  }
  /// The quotient.
  package static func / (left: Expression, right: Expression) -> Expression { .binary(.divide, left, right) }

  package static prefix func - (operand: Expression) -> Expression {
    if case .constant(let value) = operand { .constant(-value) } else { .unary(.negate, operand) }
  }

  /// This to a constant power.
  package func power(_ exponent: Double) -> Expression { .binary(.power, self, .constant(exponent)) }
}

/// |u|.
package func abs(_ u: Expression) -> Expression { .unary(.absolute, u) }
/// −1, 0 or 1.
package func sign(_ u: Expression) -> Expression { .unary(.sign, u) }
/// √u.
package func sqrt(_ u: Expression) -> Expression { .unary(.sqrt, u) }
/// e^u.
package func exp(_ u: Expression) -> Expression { .unary(.exp, u) }
/// e^u − 1, exact near 0.
package func expm1(_ u: Expression) -> Expression { .unary(.expm1, u) }
/// ln u.
package func log(_ u: Expression) -> Expression { .unary(.log, u) }
/// ln(1 + u), exact near 0.
package func log1p(_ u: Expression) -> Expression { .unary(.log1p, u) }
/// sin u.
package func sin(_ u: Expression) -> Expression { .unary(.sin, u) }
/// cos u.
package func cos(_ u: Expression) -> Expression { .unary(.cos, u) }
/// tanh u.
package func tanh(_ u: Expression) -> Expression { .unary(.tanh, u) }
/// arctan u.
package func arctan(_ u: Expression) -> Expression { .unary(.arctan, u) }
/// arsinh u.
package func asinh(_ u: Expression) -> Expression { .unary(.asinh, u) }
/// 1 / (1 + e^−u).
package func sigmoid(_ u: Expression) -> Expression { .unary(.sigmoid, u) }
/// 1 − tanh² u, without cancellation.
package func tanhSlope(_ u: Expression) -> Expression { .unary(.tanhSlope, u) }
/// The derivative of the sigmoid, without cancellation.
package func sigmoidSlope(_ u: Expression) -> Expression { .unary(.sigmoidSlope, u) }
/// ln(1 + e^u), without overflow.
package func softplus(_ u: Expression) -> Expression { .unary(.softplus, u) }
/// The error function.
package func erf(_ u: Expression) -> Expression { .unary(.erf, u) }
/// 1 − erf u, without cancellation.
package func erfc(_ u: Expression) -> Expression { .unary(.erfc, u) }
/// The smaller of two.
package func min(_ a: Expression, _ b: Expression) -> Expression { .binary(.minimum, a, b) }
/// The larger of two.
package func max(_ a: Expression, _ b: Expression) -> Expression { .binary(.maximum, a, b) }
/// The value of one expression with the derivative of another.
package func straightThrough(_ value: Expression, _ surrogate: Expression) -> Expression {
  .binary(.straightThrough, value, surrogate)
}

extension Sequence where Element == Expression {
  /// The elements added from left to right; 0 if there are none.
  var sum: Expression {
    var total: Expression?
    for term in self { total = total.map { $0 + term } ?? term }
    return total ?? 0
  }
}
