// Swift's operators and functions over expressions, so that a definition reads like its formula.

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self = .constant(value) }
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }

  package static func + (left: Expression, right: Expression) -> Expression { .binary(.add, left, right) }
  package static func - (left: Expression, right: Expression) -> Expression {
    .binary(.subtract, left, right)
  }
  package static func * (left: Expression, right: Expression) -> Expression {
    .binary(.multiply, left, right)
  }
  package static func / (left: Expression, right: Expression) -> Expression { .binary(.divide, left, right) }

  package static prefix func - (operand: Expression) -> Expression {
    if case .constant(let value) = operand { .constant(-value) } else { .unary(.negate, operand) }
  }

  package func power(_ exponent: Double) -> Expression { .binary(.power, self, .constant(exponent)) }
}

package func abs(_ u: Expression) -> Expression { .unary(.absolute, u) }
package func sign(_ u: Expression) -> Expression { .unary(.sign, u) }
package func sqrt(_ u: Expression) -> Expression { .unary(.sqrt, u) }
package func exp(_ u: Expression) -> Expression { .unary(.exp, u) }
package func expm1(_ u: Expression) -> Expression { .unary(.expm1, u) }
package func log(_ u: Expression) -> Expression { .unary(.log, u) }
package func log1p(_ u: Expression) -> Expression { .unary(.log1p, u) }
package func sin(_ u: Expression) -> Expression { .unary(.sin, u) }
package func cos(_ u: Expression) -> Expression { .unary(.cos, u) }
package func tanh(_ u: Expression) -> Expression { .unary(.tanh, u) }
package func arctan(_ u: Expression) -> Expression { .unary(.arctan, u) }
package func asinh(_ u: Expression) -> Expression { .unary(.asinh, u) }
package func sigmoid(_ u: Expression) -> Expression { .unary(.sigmoid, u) }
package func tanhSlope(_ u: Expression) -> Expression { .unary(.tanhSlope, u) }
package func sigmoidSlope(_ u: Expression) -> Expression { .unary(.sigmoidSlope, u) }
package func softplus(_ u: Expression) -> Expression { .unary(.softplus, u) }
package func erf(_ u: Expression) -> Expression { .unary(.erf, u) }
package func erfc(_ u: Expression) -> Expression { .unary(.erfc, u) }
package func min(_ a: Expression, _ b: Expression) -> Expression { .binary(.minimum, a, b) }
package func max(_ a: Expression, _ b: Expression) -> Expression { .binary(.maximum, a, b) }
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
