// What an activation costs per element, counted in its compiled programs.

/// Instructions per element, and an estimate of the time that they take.
public struct ActivationCost: Sendable, Hashable {
  /// One of the two programs that run over elements.
  public struct Pass: Sendable, Hashable {
    public var instructions: Int
    /// How many of them are exponentials, logarithms, sines and their kin.
    public var transcendentals: Int
    /// Nanoseconds per element on one core, an estimate to compare activations by.
    public var nanoseconds: Double
  }

  /// The value alone.
  public var forward: Pass
  /// The derivatives by x and by every parameter, with what they need of the value.
  public var backward: Pass

  public init(of activation: CompiledActivation) {
    forward = Pass(activation.programs.value.instructions)
    backward = Pass(activation.programs.gradient.instructions)
  }
}

extension ActivationCost.Pass {
  fileprivate init(_ instructions: [Instruction]) {
    self.init(
      instructions: instructions.count,
      transcendentals: instructions.count { $0.operation.isTranscendental },
      nanoseconds: instructions.reduce(0) { $0 + $1.operation.nanoseconds })
  }
}

extension Instruction.Operation {
  var isTranscendental: Bool {
    switch self {
    case .copy, .reciprocal, .scaled, .multiplyAdd, .scaledAdd, .selectLess, .selectLessOrEqual: false
    case .unary(.negate), .unary(.absolute), .unary(.sign), .unary(.sqrt): false
    case .binary(let function): function == .power
    case .unary, .pair: true
    }
  }

  /// Measured once: each kernel over one tile of 256 lanes in first-level cache, 100,000 times, best of five,
  /// with AVX-512 at about 3 GHz. Other processors differ in scale more than in proportion.
  fileprivate var nanoseconds: Double {
    switch self {
    case .copy: 0.08
    case .reciprocal: 0.21
    case .scaled: 0.12
    case .pair(let pair): max(pair.functions.0.nanoseconds, pair.functions.1.nanoseconds) + 0.1
    case .multiplyAdd, .scaledAdd, .selectLess, .selectLessOrEqual: 0.17
    case .unary(let function): function.nanoseconds
    case .binary(.divide): 0.10
    case .binary(.power): 1.5
    case .binary: 0.08
    }
  }
}

extension Unary {
  fileprivate var nanoseconds: Double {
    switch self {
    case .negate, .absolute, .sign: 0.05
    case .sqrt: 0.17
    case .exp, .expm1: 0.22
    case .sin, .cos, .sigmoid, .sigmoidSlope: 0.33
    case .log, .tanh, .tanhSlope: 0.43
    case .log1p, .softplus, .erf, .arctan, .asinh: 0.65
    case .erfc: 1.3
    }
  }
}
