// `random`: a function drawn anew for every training iteration.

import Text

/// A function drawn anew for every training iteration or epoch.
public struct RandomStrategy: Sendable, Hashable {
  /// Names or aliases.
  public var candidates: [String] = ["sigmoid", "tanh", "relu"]
  /// As many as candidates, summing to 1; nil: all equal.
  public var probabilities: [Double]?
  /// Who shares one draw.
  public var scope: Granularity = .network
  public var every: RandomChoice.Every = .iteration
  public var inference: RandomChoice.Inference = .average
  /// Bring the candidates to mean 0 and variance 1 for standard normal input, so that draws do not change the scale.
  public var equalize = false
  public var common = CommonOptions()

  public init() {}

  static let description = StrategyDescription(
    "random", "a function is drawn anew for every training iteration",
    [
      OptionDescription(
        "candidates", .functions, default: .list([.string("sigmoid"), .string("tanh"), .string("relu")]),
        "the functions to draw from"),
      OptionDescription("probabilities", .numbers, "one for each candidate, summing to 1; by default equal"),
      OptionDescription(
        "scope", .choice(Granularity.allCases.map(\.rawValue)), default: .string("network"),
        "who shares one draw: the whole network, a layer, or nobody (each unit has its own)"),
      OptionDescription(
        "every", .choice(RandomChoice.Every.allCases.map(\.rawValue)), default: .string("iteration"),
        "when a new draw is made"),
      OptionDescription(
        "inference", .choice(RandomChoice.Inference.allCases.map(\.rawValue)), default: .string("average"),
        "how the trained model predicts: the average of the draws' predictions, one pass with the expected "
          + "function, the most probable function (trained alone for the last tenth), or the best on validation"
      ),
      OptionDescription(
        "equalize", .boolean, default: .bool(false),
        "bring each candidate to mean 0 and variance 1 for standard normal input"),
    ])

  init(_ options: inout OptionReader) {
    candidates = options.names("candidates") ?? []
    probabilities = options.numbers("probabilities")
    scope = options.choice("scope")
    every = options.choice("every")
    inference = options.choice("inference")
    equalize = options.bool("equalize")
    common = CommonOptions(&options)
  }

  /// The probabilities, equal unless given.
  public var resolvedProbabilities: [Double] {
    probabilities ?? Array(repeating: 1 / Double(candidates.count), count: candidates.count)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("candidates", .list(candidates.map(OptionValue.string))),
      OptionMember("probabilities", .list(resolvedProbabilities.map(OptionValue.number))),
      OptionMember("scope", .string(scope.rawValue)),
      OptionMember("every", .string(every.rawValue)),
      OptionMember("inference", .string(inference.rawValue)),
      OptionMember("equalize", .bool(equalize)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    let entries = faults.activations(candidates, at: ["candidates"])
    let probabilities = resolvedProbabilities
    if probabilities.count != candidates.count {
      faults.add(
        ["probabilities"],
        "\(probabilities.count) probabilities for \(candidates.count) candidates; give one for each")
    } else if abs(probabilities.reduce(0, +) - 1) > 1e-6 {
      faults.add(["probabilities"], "the probabilities sum to \(text(of: probabilities.reduce(0, +))), not 1")
    }
    for (index, probability) in probabilities.enumerated() where !(0...1).contains(probability) {
      faults.add(["probabilities", String(index)], "\(text(of: probability)) is not between 0 and 1")
    }
    guard let entries, faults.isEmpty else { return nil }

    let scaled = entries.map { equalize || common.normalize ? $0.frozen.normalized : $0.frozen }
    let expected = zip(probabilities, scaled).map { .constant($0) * $1.expression }.sum
    // Thirds and such would fill the line with digits.
    let shown = zip(probabilities, scaled).map {
      .constant($0.rounded(significantDigits: 4)) * $1.expression
    }.sum
    return ActivationSpecification(
      kind: .random(
        RandomChoice(
          candidates: scaled.map(CompiledActivation.init), names: entries.map(\.name),
          probabilities: probabilities, expected: CompiledActivation(expected, parameters: []), scope: scope,
          every: every, inference: inference)),
      granularity: scope, common: common,
      moments: .mixture(zip(probabilities, scaled).map { ($0, $1.moments) }),
      strategyName: "random", functionName: nil, formula: shown.description, trainable: [])
  }
}
