// The one table of derivatives, and the symbolic derivative made from it; the compiler uses the same table.

extension Expression {
  /// d f(u) / du of a primitive, in a form that neither cancels nor overflows where the true value is moderate.
  static func derivative(of function: Unary, at u: Expression) -> Expression {
    switch function {
    case .negate: -1
    case .absolute: sign(u)  // 0 at the kink
    case .sign: 0
    case .sqrt: 0.5 / sqrt(u)
    case .exp, .expm1: exp(u)
    case .log: 1 / u
    case .log1p: 1 / (1 + u)
    case .sin: cos(u)
    case .cos: -sin(u)
    case .tanh: tanhSlope(u)
    case .tanhSlope: -2 * tanh(u) * tanhSlope(u)
    case .arctan: 1 / (u.power(2) + 1)
    case .asinh: 1 / sqrt(u.power(2) + 1)
    case .sigmoid: sigmoidSlope(u)
    case .sigmoidSlope: -(sigmoidSlope(u) * tanh(0.5 * u))
    case .softplus: sigmoid(u)
    case .erf: .constant(twoOverRootPi) * exp(-(u.power(2)))
    case .erfc: .constant(-twoOverRootPi) * exp(-(u.power(2)))
    }
  }

  private static let twoOverRootPi = 2 / Double.pi.squareRoot()

  /// (∂f/∂a, ∂f/∂b) of a primitive f(a, b).
  ///
  /// Where the operands of `max` are equal the derivative is the second's, of `min` the first's: relu = max(x, 0)
  /// has the derivative 0 at 0, and max(x, 0) + min(x, 0) has 1.
  static func derivatives(
    of function: Binary, at a: Expression, _ b: Expression
  ) -> (a: Expression, b: Expression) {
    switch function {
    case .add: (1, 1)
    case .subtract: (1, -1)
    case .multiply: (b, a)
    case .divide: (1 / b, -((a / b) / b))
    case .power:
      if case .constant(let exponent) = b {
        (b * a.power(exponent - 1), 0)
      } else {
        preconditionFailure("a power's exponent is a constant")
      }
    case .minimum:
      (
        .select(.lessOrEqual, a, b, then: 1, otherwise: 0),
        .select(.lessOrEqual, a, b, then: 0, otherwise: 1)
      )
    case .maximum:
      (.select(.greater, a, b, then: 1, otherwise: 0), .select(.greater, a, b, then: 0, otherwise: 1))
    case .straightThrough: (0, 1)
    }
  }
}

extension Expression {
  /// The derivative as a simplified formula. Where a comparison switches, it is that of the branch that is taken.
  public func derivative(by variable: Variable) -> Expression {
    switch self {
    case .x: variable == .x ? 1 : 0
    case .constant, .noise: 0
    case .parameter(let name): variable == .parameter(name) ? 1 : 0
    case .unary(let function, let u):
      (Self.derivative(of: function, at: u).simplified * u.derivative(by: variable)).simplifiedAtRoot
    case .binary(let function, let a, let b):
      Self.chain(
        Self.derivatives(of: function, at: a, b), a.derivative(by: variable), b.derivative(by: variable))
    case .select(let comparison, let a, let b, let then, let otherwise):
      Expression.select(
        comparison, a, b, then: then.derivative(by: variable), otherwise: otherwise.derivative(by: variable)
      ).simplifiedAtRoot
    }
  }

  private static func chain(
    _ partial: (a: Expression, b: Expression), _ da: Expression, _ db: Expression
  ) -> Expression {
    let first = (partial.a.simplified * da).simplifiedAtRoot
    let second = (partial.b.simplified * db).simplifiedAtRoot
    return (first + second).simplifiedAtRoot
  }
}
