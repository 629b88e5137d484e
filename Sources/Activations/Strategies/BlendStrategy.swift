// `blend`: a trained mixture of functions.

/// A trained mixture Σ wₖ fₖ, the weights positive and summing to 1 (`softmax`) or free.
public struct BlendStrategy: Sendable, Hashable {
  public enum Weights: String, Sendable, CaseIterable {
    /// Positive, summing to 1; initially equal.
    case softmax
    /// Any real numbers; initially 1 / count.
    case free
  }

  /// Names or aliases.
  public var candidates: [String]
  public var weights: Weights = .softmax
  public var granularity: Granularity = .layer
  public var common = CommonOptions()

  public init(candidates: [String]) {
    self.candidates = candidates
  }

  static let description = StrategyDescription(
    "blend", "a trained mixture of functions, one weight each",
    [
      OptionDescription("candidates", .functions, isRequired: true, "the functions to mix"),
      OptionDescription(
        "weights", .choice(Weights.allCases.map(\.rawValue)), default: .string("softmax"),
        "positive weights that sum to 1, or free ones; initially equal"),
      .granularity,
    ])

  init(_ options: inout OptionReader) {
    candidates = options.names("candidates") ?? []
    weights = options.choice("weights")
    granularity = options.choice("granularity")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("candidates", .list(candidates.map(OptionValue.string))),
      OptionMember("weights", .string(weights.rawValue)),
      OptionMember("granularity", .string(granularity.rawValue)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    guard let entries = faults.activations(candidates, at: ["candidates"]), faults.isEmpty else { return nil }
    let parameters = entries.map {
      Parameter(
        "w_\($0.name)", initial: 1 / Double(entries.count),
        constraint: weights == .softmax ? .simplex : .none)
    }
    let mixture = zip(parameters, entries).map { .parameter($0.name) * $1.frozen.expression }.sum
    let blend = Activation(
      "blend", "a trained mixture", mixture, parameters: parameters,
      kinks: Set(entries.flatMap(\.kinks)).sorted(), smoothness: .continuous, source: "")
    return .single(blend, strategy: "blend", function: nil, granularity: granularity, common)
  }
}
