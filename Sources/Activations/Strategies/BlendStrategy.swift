// `blend`: a trained mixture of functions.

/// A trained mixture Σ wₖ fₖ.
///
/// Source: Sütfeld et al. 2018 (free weights), arXiv:1806.10064; Manessi and Rozza 2018 (affine and convex hulls),
/// arXiv:1801.09403.
package struct BlendStrategy: ActivationStrategy {
  /// What the weights may be.
  package enum Weights: String, Sendable, OptionWord {
    /// Positive, summing to 1, by softmax.
    case softmax
    /// Positive, summing to 1: softplus of the raw value, divided by the sum. A weight nears 0 sooner than by softmax.
    case convex
    /// Of either sign, summing to 1.
    case affine
    /// Any real numbers.
    case free

    fileprivate var constraint: Constraint {
      switch self {
      case .softmax: .simplex
      case .convex: .share
      case .affine: .affine
      case .free: .none
      }
    }
  }

  /// Names or aliases.
  package var candidates: [String] = []
  /// What the weights may be.
  package var weights: Weights = .softmax
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  /// Bring the candidates to mean 0 and variance 1 for standard normal input, so that weights compare.
  package var equalize = false
  package var common = CommonOptions()

  package init() {}

  /// Equal weights of these functions at first.
  package init(candidates: [String]) {
    self.candidates = candidates
  }

  package static let name = "blend"
  package static let summary = "a trained mixture of functions, one weight each"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("candidates", .functions, \.candidates, isRequired: true, "the functions to mix"),
    StrategyOption(
      "weights", \.weights,
      "weights that are positive and sum to 1 (softmax, convex), sum to 1 (affine) or are free; initially equal"
    ),
    .granularity(\.granularity),
    .equalize(\.equalize),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let entries = faults.activations(candidates, at: ["candidates"]), faults.isEmpty else { return nil }
    let parameters = entries.map {
      Parameter(
        "w_\($0.name)", initial: 1 / Double(entries.count),
        constraint: weights.constraint)
    }
    let functions = entries.map { equalize ? $0.frozen.normalized.expression : $0.frozen.expression }
    let mixture = zip(parameters, functions).map { .parameter($0.name) * $1 }.sum
    var blend = Activation(
      "blend", "a trained mixture", mixture, parameters: parameters,
      kinks: Set(entries.flatMap(\.kinks)).sorted(), smoothness: .continuous, source: "")
    blend.jumps = Set(entries.flatMap(\.jumps)).sorted()
    return .single(
      blend, function: nil, granularity: granularity, common, .weights(functions: entries.map(\.name)))
  }
}
