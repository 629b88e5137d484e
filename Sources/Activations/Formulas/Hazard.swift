// The operations of a formula that are not defined, or not differentiable, for every operand.

import Text

/// An operation with an operand that it cannot bear, and where it is reached.
struct Hazard {
  enum Kind {
    case divisor, negativePower, fractionalPower, logarithm, log1p, squareRoot
  }

  /// A condition under which the operation is part of the value.
  struct Guard {
    var comparison: Comparison
    var left: Expression
    var right: Expression
    var holds: Bool
  }

  var kind: Kind
  var operand: Expression
  /// From the outermost `where` inwards.
  var guards: [Guard]

  /// Those of an expression, inner ones first, because they are the causes.
  static func all(in expression: Expression) -> [Hazard] {
    var found: [Hazard] = []
    func visit(_ node: Expression, _ guards: [Guard]) {
      if case .select(let comparison, let left, let right, let then, let otherwise) = node {
        visit(left, guards)
        visit(right, guards)
        visit(then, guards + [Guard(comparison: comparison, left: left, right: right, holds: true)])
        visit(otherwise, guards + [Guard(comparison: comparison, left: left, right: right, holds: false)])
        return
      }
      for child in node.children { visit(child, guards) }
      if let (kind, operand) = node.hazard {
        found.append(Hazard(kind: kind, operand: operand, guards: guards))
      }
    }
    visit(expression, [])
    return found
  }

  /// The operand at which the operation ceases to be defined.
  var limit: Double { kind == .log1p ? -1 : 0 }

  /// Whether operands below the limit are a fault, not only the limit itself.
  private var isOneSided: Bool { kind != .divisor && kind != .negativePower }

  /// How far an operand is into what the operation does not bear; nil if it is not. 0 on the very limit.
  func excess(_ value: Double) -> Double? {
    if value == limit { return 0 }
    return isOneSided && value < limit ? limit - value : nil
  }

  /// "the divisor `x - 0.123` is 0 at x = 0.123", without the place if x does not matter.
  ///
  /// `distance` is how far the operand is from the limit if it only comes close to it.
  func statement(excess: Double, at x: Double, distance: Double = 0) -> String {
    let place = operand.usesX ? " at x = \(text(of: x.cleaned(within: 1e-9, decimals: 9)))" : ""
    let nearly = distance > 1e-14 ? "almost " : ""
    let relation =
      switch (excess > 0, kind) {
      case (true, .log1p): "below -1"
      case (true, _): "negative"
      case (false, .log1p): nearly + "-1"
      case (false, _): nearly + "0"
      }
    let isDerivative = excess == 0 && (kind == .squareRoot || kind == .fractionalPower)
    return "\(subject) `\(operand)` is \(relation)\(place)"
      + (isDerivative ? ", where its derivative is infinite" : "")
  }

  private var subject: String {
    switch kind {
    case .divisor: "the divisor"
    case .negativePower: "the base of a negative power"
    case .fractionalPower: "the base of a power that is not whole"
    case .logarithm: "the logarithm's argument"
    case .log1p: "the argument of log1p"
    case .squareRoot: "the square root's argument"
    }
  }
}

extension Expression {
  /// What makes the outermost operation a hazard.
  fileprivate var hazard: (Hazard.Kind, Expression)? {
    switch self {
    case .binary(.divide, _, let divisor): (.divisor, divisor)
    case .binary(.power, let base, .constant(let exponent)) where exponent != exponent.rounded():
      (.fractionalPower, base)
    case .binary(.power, let base, .constant(let exponent)) where exponent < 0: (.negativePower, base)
    case .unary(.log, let argument): (.logarithm, argument)
    case .unary(.log1p, let argument): (.log1p, argument)
    case .unary(.sqrt, let argument): (.squareRoot, argument)
    default: nil
    }
  }
}
