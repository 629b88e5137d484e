// The primitives that expressions are made of: names and stable double-precision values.

import Glibc

/// A function of one operand. The raw value is its name in formulas.
public enum Unary: String, Sendable, Hashable, CaseIterable {
  case negate = "-"
  case absolute = "abs"
  /// −1, 0 or 1; its derivative is 0.
  case sign
  case sqrt
  case exp
  /// eˣ − 1 without cancellation near 0.
  case expm1
  case log
  /// ln(1 + x) without cancellation near 0.
  case log1p
  case sin
  case cos
  case tanh
  /// The derivative of tanh, 1 − tanh²(x), which would cancel to 0 for large x.
  case tanhSlope = "tanh_slope"
  case arctan
  case asinh
  /// The logistic function 1 / (1 + e⁻ˣ), precise in both tails.
  case sigmoid
  /// The logistic function's derivative e⁻ˣ / (1 + e⁻ˣ)², which σ(1 − σ) would cancel to 0 for large x.
  case sigmoidSlope = "sigmoid_slope"
  /// ln(1 + eˣ) without overflow.
  case softplus
  case erf
  case erfc

  /// The value at `x`.
  func evaluate(_ x: Double) -> Double {
    switch self {
    case .negate: -x
    case .absolute: Swift.abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .sqrt: x.squareRoot()
    case .exp: Glibc.exp(x)
    case .expm1: Glibc.expm1(x)
    case .log: Glibc.log(x)
    case .log1p: Glibc.log1p(x)
    case .sin: Glibc.sin(x)
    case .cos: Glibc.cos(x)
    case .tanh: Glibc.tanh(x)
    case .tanhSlope: 4 * Unary.sigmoidSlope.evaluate(2 * x)
    case .arctan: Glibc.atan(x)
    case .asinh: Glibc.asinh(x)
    case .sigmoid: x >= 0 ? 1 / (1 + Glibc.exp(-x)) : Glibc.exp(x) / (1 + Glibc.exp(x))
    case .sigmoidSlope: Unary.sigmoid.evaluate(x) * Unary.sigmoid.evaluate(-x)
    case .softplus: (x > 0 ? x : 0) + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
    case .erf: Glibc.erf(x)
    case .erfc: Glibc.erfc(x)
    }
  }
}

/// A function of two operands. The raw value is its operator or name in formulas.
public enum Binary: String, Sendable, Hashable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  /// The exponent is always a constant.
  case power = "^"
  case minimum = "min"
  case maximum = "max"
  /// The first operand's value with the second's derivative: how a step function is trained (Bengio et al. 2013,
  /// arXiv:1308.3432).
  case straightThrough = "straight_through"

  /// The value at `(a, b)`. A NaN operand gives NaN.
  func evaluate(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: Glibc.pow(a, b)
    case .minimum: a < b || a.isNaN ? a : b
    case .maximum: a > b || a.isNaN ? a : b
    case .straightThrough: a
    }
  }
}

/// A condition of ``Expression/select(_:_:_:then:otherwise:)``. The raw value is its operator in formulas.
public enum Comparison: String, Sendable, Hashable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether `a` compares with `b` in this way.
  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}
