// How the dense layers are drawn before training: the rules by name, one row each.

/// The distribution of a dense layer's initial weights and biases.
///
/// | name | weights | biases | source |
/// |---|---|---|---|
/// | `auto` | uniform within ±slope gain/√fan-in | uniform within ±1/√fan-in | torch.nn.Linear, with the activation's gain |
/// | `glorot_uniform`, `glorot_normal` | variance 2/(fan-in + fan-out) | 0 | Glorot and Bengio 2010 |
/// | `he_uniform`, `he_normal` | variance 2/fan-in | 0 | arXiv 1502.01852 |
/// | `lecun_uniform`, `lecun_normal` | variance 1/fan-in | 0 | LeCun et al. 1998 |
/// | `pytorch` | uniform within ±1/√fan-in | as the weights | torch.nn.Linear |
/// | `orthogonal` | signal gain · an orthonormal matrix, uniform among all | 0 | Saxe et al. (arXiv 1312.6120) |
///
/// The gains are those of the activation whose output the layer reads (``ModelPlan/slopeGain(ofEntry:)``,
/// ``ModelPlan/signalGain(ofEntry:)``).
///
/// `auto` was chosen by measurement on public data sets of a few hundred to a few thousand rows (13 sets, 6 activations,
/// 6 paired splits, held-out rows): it beat weights of variance signal gain²/fan-in in 32 cells and lost in 3, and
/// `glorot_uniform` in 32 and lost in 1. Weights that are smaller than those which keep the signal's size generalise
/// better there; `pytorch` does as well, but for sigmoids, which it starves.
public struct Initializer: Sendable, Hashable {
  /// A rule's name, as documents have it.
  public enum Name: String, Sendable, CaseIterable {
    case auto
    case glorotUniform = "glorot_uniform"
    case glorotNormal = "glorot_normal"
    case heUniform = "he_uniform"
    case heNormal = "he_normal"
    case lecunUniform = "lecun_uniform"
    case lecunNormal = "lecun_normal"
    case pytorch
    case orthogonal
  }

  /// The rule.
  public var name: Name
  /// A positive factor on every number that the rule draws.
  public var scale: Double

  /// A rule by name, its numbers multiplied by `scale`.
  public init(_ name: Name, scale: Double = 1) {
    self.name = name
    self.scale = scale
  }

  /// The rule for models that name none.
  public static let auto = Initializer(.auto)
}

extension Initializer.Name {
  /// What the rule does, in one line of documentation.
  public var summary: String { rule.summary }

  /// The rule: the only place where a name has a meaning.
  fileprivate var rule: InitializerRule {
    switch self {
    case .auto:
      InitializerRule(
        "as `pytorch`, weights times a gain: 1/√(E f′²) of the activation that the layer reads, relative to ReLU's",
        biases: { .uniform(variance: 1 / (3 * $0.inputs)) },
        weights: { .uniform(variance: $0.slopeGain * $0.slopeGain / (3 * $0.inputs)) })
    case .glorotUniform:
      InitializerRule("uniform, variance 2/(fan-in + fan-out)") {
        .uniform(variance: 2 / ($0.inputs + $0.outputs))
      }
    case .glorotNormal:
      InitializerRule("normal, variance 2/(fan-in + fan-out)") {
        .normal(variance: 2 / ($0.inputs + $0.outputs))
      }
    case .heUniform: InitializerRule("uniform, variance 2/fan-in") { .uniform(variance: 2 / $0.inputs) }
    case .heNormal: InitializerRule("normal, variance 2/fan-in") { .normal(variance: 2 / $0.inputs) }
    case .lecunUniform: InitializerRule("uniform, variance 1/fan-in") { .uniform(variance: 1 / $0.inputs) }
    case .lecunNormal: InitializerRule("normal, variance 1/fan-in") { .normal(variance: 1 / $0.inputs) }
    case .pytorch:
      InitializerRule(
        "weights and biases uniform within ±1/√fan-in, as PyTorch's linear layers start",
        biases: { .uniform(variance: 1 / (3 * $0.inputs)) },
        weights: { .uniform(variance: 1 / (3 * $0.inputs)) })
    case .orthogonal:
      InitializerRule("an orthonormal matrix times 1/√(E f²) of the activation that the layer reads") {
        .orthonormal(factor: $0.signalGain)
      }
    }
  }
}

/// What a rule knows of a layer: its widths, and the gains of what it reads.
struct InitializerContext {
  var inputs: Double
  var outputs: Double
  var slopeGain = 1.0
  var signalGain = 1.0
}

/// One row of the table: help, and the distributions of a layer's two tensors.
private struct InitializerRule {
  let summary: String
  let biases: (InitializerContext) -> InitialDistribution
  let weights: (InitializerContext) -> InitialDistribution

  init(
    _ summary: String, biases: @escaping (InitializerContext) -> InitialDistribution = { _ in .zero },
    weights: @escaping (InitializerContext) -> InitialDistribution
  ) {
    self.summary = summary
    self.biases = biases
    self.weights = weights
  }
}

extension Initializer {
  /// Draws a dense layer: its weights, [inputs][columns], and behind them its biases.
  ///
  /// - Parameter columns: nil for the context's outputs; a convolution has fewer, for each is used at several places.
  func fill(
    _ start: UnsafeMutablePointer<Float>, _ context: InitializerContext, columns: Int? = nil,
    from stream: inout RandomStream
  ) {
    let (inputs, columns) = (Int(context.inputs), columns ?? Int(context.outputs))
    fillWeights(start, context, columns: columns, from: &stream)
    name.rule.biases(context).fill(
      start + inputs * columns, rows: 1, columns: columns, scale: scale, from: &stream)
  }

  /// Draws a matrix alone, [inputs][columns].
  func fillWeights(
    _ start: UnsafeMutablePointer<Float>, _ context: InitializerContext, columns: Int? = nil,
    from stream: inout RandomStream
  ) {
    name.rule.weights(context).fill(
      start, rows: Int(context.inputs), columns: columns ?? Int(context.outputs), scale: scale, from: &stream)
  }
}
