// `random`: a function drawn anew for every training iteration.

import Text

/// A function drawn anew for every training iteration or epoch.
package struct RandomStrategy: ActivationStrategy {
  /// Names or aliases.
  package var candidates: [String] = ["sigmoid", "tanh", "relu"]
  /// As many as candidates, summing to 1; nil: all equal.
  package var probabilities: [Double]?
  /// Who shares one draw.
  package var scope: Granularity = .network
  /// When a new draw is made.
  package var every: RandomChoice.Every = .iteration
  /// The rule by which a trained model predicts.
  package var inference: RandomChoice.Inference = .average
  /// Bring the candidates to mean 0 and variance 1 for standard normal input, so that draws do not change the scale.
  package var equalize = false
  package var common = CommonOptions()

  package init() {}

  package static let name = "random"
  package static let summary = "a function is drawn anew for every training iteration"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("candidates", .functions, \.candidates, "the functions to draw from"),
    StrategyOption(
      "probabilities", .numbers, \.probabilities, resolved: { $0.resolvedProbabilities.option },
      "one for each candidate, summing to 1; by default equal"),
    StrategyOption(
      "scope", \.scope,
      "who shares one draw: the whole network, a layer, or nobody (each unit has its own)"),
    StrategyOption("every", \.every, "when a new draw is made"),
    StrategyOption(
      "inference", \.inference,
      "how the trained model predicts: the average of the draws' predictions, one pass with the expected "
        + "function, the most probable function (trained alone for the last tenth), or the best on validation"
    ),
    .equalize(\.equalize),
  ]

  /// The probabilities, equal unless given.
  package var resolvedProbabilities: [Double] {
    probabilities ?? Array(repeating: 1 / Double(candidates.count), count: candidates.count)
  }

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
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
      granularity: scope,
      moments: .mixture(zip(probabilities, scaled).map { ($0, $1.moments) }),
      functionName: nil, formula: shown.description, trainable: [])
  }
}
