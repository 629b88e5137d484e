// `mixture`: a choice among functions, learned through random mixtures that sharpen as training goes on.

import Text

/// A choice among functions by Gumbel-softmax, annealed from mixtures to single functions (``StochasticMixture``).
public struct MixtureStrategy: Sendable, Hashable {
  /// Names or aliases.
  public var candidates: [String]
  public var initialTemperature: Double = 5
  public var finalTemperature: Double = 0.1
  public var granularity: Granularity = .layer
  public var inference: StochasticMixture.Inference = .expected
  /// Bring the candidates to mean 0 and variance 1 for standard normal input, so that weights do not change the scale.
  public var equalize = false
  public var common = CommonOptions()

  public init(candidates: [String]) {
    self.candidates = candidates
  }

  /// Below it a step's mixture is a single function in single precision, and no gradient is left.
  private static let minimumTemperature = 0.001

  static let description = StrategyDescription(
    "mixture", "a choice among functions, learned through random mixtures that sharpen as training goes on",
    [
      OptionDescription("candidates", .functions, isRequired: true, "the functions to choose from"),
      OptionDescription(
        "initial_temperature", .number(minimum: minimumTemperature), default: .number(5),
        "how even the mixtures are at first"),
      OptionDescription(
        "final_temperature", .number(minimum: minimumTemperature), default: .number(0.1),
        "how even they are at the end; near 0 each step uses almost a single function"),
      .granularity,
      OptionDescription(
        "inference", .choice(StochasticMixture.Inference.allCases.map(\.rawValue)),
        default: .string("expected"),
        "how the trained model predicts: the functions weighed by their probabilities, or the most probable one"
      ),
      OptionDescription(
        "equalize", .boolean, default: .bool(false),
        "bring each candidate to mean 0 and variance 1 for standard normal input"),
    ])

  init(_ options: inout OptionReader) {
    candidates = options.names("candidates") ?? []
    initialTemperature = options.number("initial_temperature")
    finalTemperature = options.number("final_temperature")
    granularity = options.choice("granularity")
    inference = options.choice("inference")
    equalize = options.bool("equalize")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("candidates", .list(candidates.map(OptionValue.string))),
      OptionMember("initial_temperature", .number(initialTemperature)),
      OptionMember("final_temperature", .number(finalTemperature)),
      OptionMember("granularity", .string(granularity.rawValue)),
      OptionMember("inference", .string(inference.rawValue)),
      OptionMember("equalize", .bool(equalize)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    for (name, temperature) in [
      ("initial_temperature", initialTemperature), ("final_temperature", finalTemperature),
    ] where !(temperature >= Self.minimumTemperature && temperature.isFinite) {
      faults.add([name], "\(text(of: temperature)) is not a number of at least \(Self.minimumTemperature)")
    }
    guard let entries = faults.activations(candidates, at: ["candidates"]), faults.isEmpty else { return nil }
    let functions = entries.map { equalize ? $0.frozen.normalized : $0.frozen }
    let weights = entries.map { Parameter("w_\($0.name)", initial: 1 / Double(entries.count)) }
    let sum = zip(weights, functions).map { .parameter($0.name) * $1.expression }.sum
    var equal = Activation(
      "mixture", "a random mixture", sum, parameters: weights, kinks: Set(entries.flatMap(\.kinks)).sorted(),
      smoothness: .continuous, source: "")
    equal.jumps = Set(entries.flatMap(\.jumps)).sorted()
    let mixture = common.normalize ? equal.normalized : equal
    return ActivationSpecification(
      kind: .mixture(
        StochasticMixture(
          target: CompiledActivation(mixture), names: entries.map(\.name),
          initialTemperature: initialTemperature, finalTemperature: finalTemperature, inference: inference)),
      granularity: granularity, common: common, moments: mixture.moments, strategyName: "mixture",
      functionName: nil, formula: mixture.formula, trainable: Set(weights.map(\.name)))
  }
}
