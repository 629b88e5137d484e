// `blend`: a trained mixture of functions.

/// A trained mixture Σ wₖ fₖ.
///
/// Source: Sütfeld et al. 2018 (free weights), arXiv:1806.10064; Manessi and Rozza 2018 (affine and convex hulls),
/// arXiv:1801.09403.
public struct BlendStrategy: Sendable, Hashable {
  public enum Weights: String, Sendable, CaseIterable {
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
  public var candidates: [String]
  public var weights: Weights = .softmax
  public var granularity: Granularity = .layer
  /// Bring the candidates to mean 0 and variance 1 for standard normal input, so that weights compare.
  public var equalize = false
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
        "weights that are positive and sum to 1 (softmax, convex), sum to 1 (affine) or are free; initially equal"
      ),
      .granularity,
      OptionDescription(
        "equalize", .boolean, default: .bool(false),
        "bring each candidate to mean 0 and variance 1 for standard normal input"),
    ])

  init(_ options: inout OptionReader) {
    candidates = options.names("candidates") ?? []
    weights = options.choice("weights")
    granularity = options.choice("granularity")
    equalize = options.bool("equalize")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("candidates", .list(candidates.map(OptionValue.string))),
      OptionMember("weights", .string(weights.rawValue)),
      OptionMember("granularity", .string(granularity.rawValue)),
      OptionMember("equalize", .bool(equalize)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
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
    return .single(blend, strategy: "blend", function: nil, granularity: granularity, common)
  }
}
