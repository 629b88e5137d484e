// `hypernetwork`: another network learns and sets the shape.

/// Another, trained network produces the parameters of a parametric function.
package struct HypernetworkStrategy: ActivationStrategy {
  /// Widths of the generating network's hidden layers.
  package var hidden: [Int] = [16]
  /// Name or alias of the parametric function whose parameters are generated.
  package var generates = "parametric_sigmoid"
  /// What the generating network sees.
  package var input: Hypernetwork.Input = .statistics
  /// `.layer` or `.unit`: who shares what is produced. With samples as input, `.unit` is Meta-ACON's form (Ma et al.
  /// 2021, arXiv 2009.04759).
  package var granularity: Granularity = .layer
  package var common = CommonOptions()

  package init() {}

  package static let name = "hypernetwork"
  package static let summary =
    "another network learns and sets the shape: it produces the function's parameters"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("hidden", .widths, \.hidden, "widths of its hidden layers"),
    StrategyOption(
      "generates", .function(parametricOnly: true), \.generates,
      "the function whose parameters it produces"),
    StrategyOption(
      "input", \.input, "what it sees: statistics of the layer's pre-activations, or each sample's own"),
    StrategyOption(
      "granularity", \.granularity, among: [.layer, .unit],
      "who shares what it produces: a layer, or nobody (each unit has its own, from its own statistics or from "
        + "the sample)"),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    faults.checkWidths(hidden, at: ["hidden"])
    if granularity == .network {
      faults.add(["granularity"], "what it produces is shared by a `layer`, or belongs to a `unit`")
    }
    guard let entry = faults.parametricActivation(generates, at: ["generates"]), faults.isEmpty else {
      return nil
    }
    let target = common.normalize ? entry.normalized : entry
    return ActivationSpecification(
      kind: .generated(
        Hypernetwork(
          target: CompiledActivation(target), hidden: hidden, input: input, perUnit: granularity == .unit)),
      granularity: granularity, moments: target.moments, functionName: entry.name, formula: target.formula,
      trainable: Set(entry.parameters.map(\.name)))
  }
}
