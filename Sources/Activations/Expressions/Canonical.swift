// The canonical form: one text for formulas that differ only in the order and grouping of their operands.

import Text

extension Expression {
  /// The formula with its operands in canonical order and its constants folded.
  ///
  /// Sums and products are flattened and sorted, equal terms and factors collected, quotients joined, comparisons
  /// turned to `>` and `>=`. The function is the same up to rounding, and where it is a number: `x / x` may lose its
  /// hole at 0. For text and identity; programs are compiled from the formula as it was written.
  public var canonical: Expression {
    switch self {
    case .x, .constant, .parameter, .noise: self
    case .unary(.negate, _), .binary(.add, _, _), .binary(.subtract, _, _): CanonicalSum(self).expression
    case .binary(.multiply, _, _), .binary(.divide, _, _), .binary(.power, _, _):
      CanonicalProduct(self).expression
    case .binary(let function, _, _) where function == .minimum || function == .maximum:
      canonicalExtremes(function)
    case .binary(let function, let a, let b): .binary(function, a.canonical, b.canonical)
    case .unary(let function, let u): Self.canonical(function, of: u.canonical)
    case .select(let comparison, let a, let b, let then, let otherwise):
      Self.canonical(comparison, a.canonical, b.canonical, then.canonical, otherwise.canonical)
    }
  }

  private static func canonical(_ function: Unary, of u: Expression) -> Expression {
    if case .constant(let value) = u, let folded = folded(function.evaluate(value)) { return folded }
    guard case .binary(.multiply, .constant(let factor), let rest) = u, factor < 0 else {
      guard case .unary(.negate, let rest) = u else { return .unary(function, u) }
      return reflected(function, rest) ?? .unary(function, u)
    }
    let positive: Expression = factor == -1 ? rest : .constant(-factor) * rest
    return reflected(function, positive) ?? .unary(function, u)
  }

  /// f(−u) by f(u), for odd and even functions.
  private static func reflected(_ function: Unary, _ u: Expression) -> Expression? {
    switch function {
    case .absolute, .cos, .tanhSlope, .sigmoidSlope: .unary(function, u)
    case .sign, .sin, .tanh, .erf: .unary(.negate, .unary(function, u))
    default: nil
    }
  }

  private func canonicalExtremes(_ function: Binary) -> Expression {
    var operands: Set<Expression> = []
    var constant: Double?
    func collect(_ expression: Expression) {
      if case .binary(function, let a, let b) = expression {
        collect(a)
        collect(b)
      } else if case .constant(let value) = expression.canonical {
        constant = constant.map { function.evaluate($0, value) } ?? value
      } else {
        let operand = expression.canonical
        if case .binary(function, _, _) = operand { collect(operand) } else { operands.insert(operand) }
      }
    }
    collect(self)
    let sorted = operands.map { CanonicalKey($0) }.sorted().map(\.expression)
    return (sorted + (constant.map { [.constant($0)] } ?? [])).joined(by: function) ?? self
  }

  private static func canonical(
    _ comparison: Comparison, _ a: Expression, _ b: Expression, _ then: Expression, _ otherwise: Expression
  ) -> Expression {
    if then == otherwise { return then }
    if case .constant(let a) = a, case .constant(let b) = b {
      return comparison.holds(a, b) ? then : otherwise
    }
    var (comparison, a, b, then, otherwise) = (comparison, a, b, then, otherwise)
    if CanonicalKey(b) < CanonicalKey(a) { (comparison, a, b) = (comparison.mirrored, b, a) }
    if comparison == .less || comparison == .lessOrEqual {
      (comparison, then, otherwise) = (comparison == .less ? .greaterOrEqual : .greater, otherwise, then)
    }
    return .select(comparison, a, b, then: then, otherwise: otherwise)
  }

  /// A constant that came out of an operation, to 15 digits, so that 0.1 · 3 is 0.3 in whatever order; nil if it is
  /// not finite.
  fileprivate static func folded(_ value: Double) -> Expression? {
    value.isFinite ? .constant(value.rounded(significantDigits: 15)) : nil
  }
}

extension Comparison {
  /// The comparison with its sides exchanged.
  fileprivate var mirrored: Comparison {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension Array where Element == Expression {
  /// The elements joined by an operation from left to right; nil if there are none.
  fileprivate func joined(by function: Binary) -> Expression? {
    dropFirst().reduce(first) { joined, next in joined.map { .binary(function, $0, next) } }
  }
}

/// The order of operands: parameters, x, then everything else by its text, constants last.
private struct CanonicalKey: Comparable {
  let expression: Expression
  private let rank: Int
  private let text: String

  init(_ expression: Expression) {
    self.expression = expression
    text = expression.description
    rank =
      switch expression {
      case .parameter: 0
      case .x: 1
      case .constant: 3
      default: 2
      }
  }

  static func < (left: CanonicalKey, right: CanonicalKey) -> Bool {
    (left.rank, left.text) < (right.rank, right.text)
  }
}

/// A constant times factors over divisors.
private struct CanonicalProduct {
  private var factors: [Expression: Double] = [:]
  private var divisors: [Expression: Double] = [:]
  private var constants: [Double] = []
  private var constantDivisors: [Double] = []
  private var isNegative = false

  init(_ expression: Expression) { collect(expression, isDivisor: false) }

  private mutating func collect(_ expression: Expression, isDivisor: Bool) {
    switch expression {
    case .constant(let value):
      if isDivisor { constantDivisors.append(abs(value)) } else { constants.append(abs(value)) }
      if value < 0 { isNegative.toggle() }
    case .unary(.negate, let u):
      isNegative.toggle()
      collect(u, isDivisor: isDivisor)
    case .binary(.multiply, let a, let b):
      collect(a, isDivisor: isDivisor)
      collect(b, isDivisor: isDivisor)
    case .binary(.divide, let a, let b):
      collect(a, isDivisor: isDivisor)
      collect(b, isDivisor: !isDivisor)
    case .binary(.power, let base, .constant(let exponent)):
      add(base.canonical, exponent, isDivisor: isDivisor)
    default:
      let canonical = expression.canonical
      switch canonical {
      case .constant, .unary(.negate, _), .binary(.multiply, _, _), .binary(.divide, _, _),
        .binary(.power, _, .constant):
        // The operand has become a product by its own canonical form, which cannot grow further.
        collect(canonical, isDivisor: isDivisor)
      default: add(canonical, 1, isDivisor: isDivisor)
      }
    }
  }

  private mutating func add(_ base: Expression, _ exponent: Double, isDivisor: Bool) {
    if case .constant(let value) = base, Binary.power.evaluate(value, exponent).isFinite {
      collect(.constant(Binary.power.evaluate(value, exponent)), isDivisor: isDivisor)
    } else if exponent == 0 {
      constants.append(1)
    } else if exponent < 0 {
      add(base, -exponent, isDivisor: !isDivisor)
    } else {
      // Roots are kept apart: joined with other powers they would change their domain.
      let isWhole = exponent == exponent.rounded()
      let base = isWhole || exponent == 0.5 ? base : .binary(.power, base, .constant(exponent))
      let factor = exponent == 0.5 ? .unary(.sqrt, base) : base
      let count = isWhole ? exponent : 1
      if isDivisor { divisors[factor, default: 0] += count } else { factors[factor, default: 0] += count }
    }
  }

  /// The constant without its sign, and the rest; nil for a rest of 1.
  private var parts: (constant: Double, rest: Expression?) {
    func product(_ factors: [Expression: Double]) -> Expression? {
      factors.sorted { CanonicalKey($0.key) < CanonicalKey($1.key) }
        .map { $0.value == 1 ? $0.key : $0.key.power($0.value) }.joined(by: .multiply)
    }
    let isSingle = constants.count { $0 != 1 } <= 1 && constantDivisors.allSatisfy { $0 == 1 }
    let quotient = constants.sorted().reduce(1, *) / constantDivisors.sorted().reduce(1, *)
    let inverse = (1 / quotient).rounded(significantDigits: 15)
    let isShortDivisor = text(of: inverse).utf8.count <= 8 && abs(quotient * inverse - 1) < 1e-15
    let constant =
      isShortDivisor ? 1 / inverse : isSingle ? quotient : quotient.rounded(significantDigits: 15)
    let (numerator, divisor) = (product(factors), product(divisors))
    let rest = divisor.map { .binary(.divide, numerator ?? 1, $0) } ?? numerator
    return (constant, constant == 0 ? nil : rest)
  }

  /// The product's constant with its sign, and the rest; nil for a rest of 1.
  var term: (constant: Double, rest: Expression?) {
    let (constant, rest) = parts
    return (isNegative && constant != 0 ? -constant : constant, rest)
  }

  var expression: Expression { Self.expression(term) }

  /// A constant times a rest, written in the shortest way.
  static func expression(_ term: (constant: Double, rest: Expression?)) -> Expression {
    guard let rest = term.rest else { return .constant(term.constant) }
    switch term.constant {
    case 1: return rest
    case -1: return .unary(.negate, rest)
    default:
      let inverse = (1 / term.constant).rounded(significantDigits: 15)
      if text(of: term.constant).utf8.count > 8, text(of: inverse).utf8.count <= 8,
        1 / inverse == term.constant
      {
        let numerator: Expression = inverse < 0 ? .unary(.negate, rest) : rest
        return .binary(.divide, numerator, .constant(abs(inverse)))
      }
      switch rest {
      case .binary(.divide, 1, let divisor): return .binary(.divide, .constant(term.constant), divisor)
      case .binary(.divide, let numerator, let divisor):
        return .binary(.divide, Self.expression((term.constant, numerator)), divisor)
      case .binary(.multiply, _, _): return Self.prepend(.constant(term.constant), to: rest)
      default: return .constant(term.constant) * rest
      }
    }
  }

  /// factor · (a · b · c) as ((factor · a) · b) · c.
  private static func prepend(_ factor: Expression, to product: Expression) -> Expression {
    guard case .binary(.multiply, let left, let right) = product else { return factor * product }
    return prepend(factor, to: left) * right
  }
}

/// A sum of terms with constant factors.
private struct CanonicalSum {
  private var terms: [Expression: [Double]] = [:]
  private var constants: [Double] = []

  init(_ expression: Expression) { collect(expression, sign: 1) }

  private mutating func collect(_ expression: Expression, sign: Double) {
    switch expression {
    case .unary(.negate, let u): collect(u, sign: -sign)
    case .binary(.add, let a, let b):
      collect(a, sign: sign)
      collect(b, sign: sign)
    case .binary(.subtract, let a, let b):
      collect(a, sign: sign)
      collect(b, sign: -sign)
    default:
      let term = CanonicalProduct(expression).term
      guard let rest = term.rest else {
        constants.append(sign * term.constant)
        return
      }
      if abs(term.constant) == 1, rest.isSum {
        collect(rest, sign: sign * term.constant)
      } else {
        terms[rest, default: []].append(sign * term.constant)
      }
    }
  }

  var expression: Expression {
    func folded(_ values: [Double]) -> Double {
      values.count == 1 ? values[0] : values.sorted().reduce(0, +).rounded(significantDigits: 15)
    }
    var parts: [(constant: Double, rest: Expression?)] =
      terms.map { (constant: folded($0.value), rest: $0.key, key: CanonicalKey($0.key)) }
      .filter { $0.constant != 0 }
      .sorted { ($0.rest.usesX ? 0 : 1, $0.key) < ($1.rest.usesX ? 0 : 1, $1.key) }
      .map { (constant: $0.constant, rest: $0.rest) }
    let constant = constants.isEmpty ? 0 : folded(constants)
    if constant != 0 || parts.isEmpty { parts.append((constant: constant, rest: nil)) }
    // What is added comes before what is taken away, so that no sum begins with a sign without need.
    let ordered = parts.filter { $0.constant > 0 } + parts.filter { !($0.constant > 0) }
    var sum = CanonicalProduct.expression(ordered[0])
    for part in ordered.dropFirst() {
      if part.constant < 0 {
        sum = .binary(
          .subtract, sum, CanonicalProduct.expression((constant: -part.constant, rest: part.rest)))
      } else {
        sum = .binary(.add, sum, CanonicalProduct.expression(part))
      }
    }
    return sum
  }
}

extension Expression {
  fileprivate var isSum: Bool {
    switch self {
    case .binary(.add, _, _), .binary(.subtract, _, _): true
    default: false
    }
  }
}
