// What an activation costs per element, counted in its compiled programs or known of its kernel.

/// Instructions per element, and an estimate of the time that they take.
public struct ActivationCost: Sendable, Hashable {
  /// One of the two programs that run over elements.
  public struct Pass: Sendable, Hashable {
    /// Instructions per element.
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

  /// What its programs cost, or its kernel where it has one.
  public init(of activation: CompiledActivation) {
    if let programs = activation.kernel.programs {
      forward = Pass(programs.value.program.instructions)
      backward = Pass(programs.gradient.program.instructions)
    } else {
      (forward, backward) = Self.spline
    }
  }

  /// Of a spline of any order and number of knots, whose kernel finds the piece, fetches its cubic and evaluates that, and
  /// going back its slope and the powers that the gradients are sums of. The times are those of `curvesmith-benchmark
  /// elements`.
  private static let spline = (
    forward: Pass(instructions: 14, transcendentals: 0, nanoseconds: 0.7),
    backward: Pass(instructions: 25, transcendentals: 0, nanoseconds: 1.3)
  )
}

extension ActivationCost.Pass {
  fileprivate init(_ instructions: [Instruction]) {
    self.init(
      instructions: instructions.count,
      transcendentals: instructions.count { $0.operation.isTranscendental },
      nanoseconds: (instructions.reduce(0) { $0 + $1.operation.nanoseconds } * 100).rounded() / 100)
  }
}

extension Instruction.Operation {
  /// As `curvesmith-benchmark elements --primitives-only` measured them, with AVX-512 at about 3.6 GHz. Other processors
  /// differ in scale more than in proportion.
  fileprivate var nanoseconds: Double {
    switch self {
    case .copy: 0.05
    case .reciprocal, .selectLess, .selectLessOrEqual: 0.10
    case .scaled: 0.06
    case .multiplyAdd, .scaledAdd: 0.09
    case .pair(.sinAndCos), .pair(.sigmoidAndSlope): 0.34
    case .pair(.tanhAndSlope): 0.42
    case .unary(let function): function.nanoseconds
    case .binary(.divide): 0.10
    case .binary(.power): 1.45
    case .binary: 0.07
    }
  }
}

extension Unary {
  fileprivate var nanoseconds: Double {
    switch self {
    case .negate, .absolute, .sign: 0.05
    case .sqrt: 0.17
    case .exp, .expm1: 0.22
    case .sigmoid, .sigmoidSlope: 0.27
    case .arctan, .sin, .cos: 0.30
    case .tanh, .tanhSlope: 0.33
    case .log: 0.42
    case .log1p, .softplus: 0.58
    case .erf: 0.62
    case .asinh: 0.76
    case .erfc: 1.29
    }
  }
}
