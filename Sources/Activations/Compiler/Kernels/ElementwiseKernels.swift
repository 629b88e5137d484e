// Which entry of the table of kernels computes which primitive.

internal import CKernels

extension ck_elementwise {
  subscript(function: Unary) -> ck_unary {
    switch function {
    case .negate: negate
    case .absolute: absolute
    case .sign: sign
    case .sqrt: sqrt
    case .exp: exp
    case .expm1: expm1
    case .log: log
    case .log1p: log1p
    case .sin: sin
    case .cos: cos
    case .tanh: tanh
    case .tanhSlope: tanh_slope
    case .arctan: arctan
    case .asinh: asinh
    case .sigmoid: sigmoid
    case .sigmoidSlope: sigmoid_slope
    case .softplus: softplus
    case .erf: erf
    case .erfc: erfc
    }
  }

  subscript(pair: UnaryPair) -> ck_pair {
    switch pair {
    case .sinAndCos: sin_and_cos
    case .tanhAndSlope: tanh_and_slope
    case .sigmoidAndSlope: sigmoid_and_slope
    }
  }

  subscript(function: Binary) -> ck_binary {
    switch function {
    case .add: add
    case .subtract: subtract
    case .multiply: multiply
    case .divide: divide
    case .power: power
    case .minimum: minimum
    case .maximum: maximum
    case .straightThrough: preconditionFailure("a straight-through value is compiled to a copy")
    }
  }
}
