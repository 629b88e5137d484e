// `mixture`: a choice among functions, learned through random mixtures that sharpen as training goes on.

import Text

/// A choice among functions by Gumbel-softmax, annealed from mixtures to single functions (``StochasticMixture``).
package struct MixtureStrategy: ActivationStrategy {
  /// Names or aliases.
  package var candidates: [String] = []
  /// T at the first step: how even the mixtures are.
  package var initialTemperature: Double = 5
  /// T at the last step.
  package var finalTemperature: Double = 0.1
  /// Who shares one set of logits.
  package var granularity: Granularity = .layer
  /// What a trained model predicts with.
  package var inference: StochasticMixture.Inference = .expected
  /// Bring the candidates to mean 0 and variance 1 for standard normal input, so that weights do not change the scale.
  package var equalize = false
  package var common = CommonOptions()

  package init() {}

  /// A choice among these functions.
  package init(candidates: [String]) {
    self.candidates = candidates
  }

  /// Below it a step's mixture is a single function in single precision, and no gradient is left.
  private static let minimumTemperature = 0.001

  package static let name = "mixture"
  package static let summary =
    "a choice among functions, learned through random mixtures that sharpen as training goes on"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("candidates", .functions, \.candidates, isRequired: true, "the functions to choose from"),
    StrategyOption(
      "initial_temperature", .number(minimum: minimumTemperature), \.initialTemperature,
      "how even the mixtures are at first"),
    StrategyOption(
      "final_temperature", .number(minimum: minimumTemperature), \.finalTemperature,
      "how even they are at the end; near 0 each step uses almost a single function"),
    .granularity(\.granularity),
    StrategyOption(
      "inference", \.inference,
      "how the trained model predicts: the functions weighed by their probabilities, or the most probable one"
    ),
    .equalize(\.equalize),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
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
      granularity: granularity, moments: mixture.moments, functionName: nil, formula: mixture.formula,
      trainable: Set(weights.map(\.name)), presentation: .weights(functions: entries.map(\.name)))
  }
}
