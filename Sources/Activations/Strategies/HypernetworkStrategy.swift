// `hypernetwork`: another network learns and sets the shape.

/// Another, trained network produces the parameters of a parametric function.
public struct HypernetworkStrategy: Sendable, Hashable {
  /// Widths of the generating network's hidden layers.
  public var hidden: [Int] = [16]
  /// Name or alias of the parametric function whose parameters are generated.
  public var generates = "parametric_sigmoid"
  public var input: Hypernetwork.Input = .statistics
  public var common = CommonOptions()

  public init() {}

  static let description = StrategyDescription(
    "hypernetwork", "another network learns and sets the shape: it produces the function's parameters",
    [
      OptionDescription("hidden", .widths, default: .list([.number(16)]), "widths of its hidden layers"),
      OptionDescription(
        "generates", .function(parametricOnly: true), default: .string("parametric_sigmoid"),
        "the function whose parameters it produces"),
      OptionDescription(
        "input", .choice(Hypernetwork.Input.allCases.map(\.rawValue)), default: .string("statistics"),
        "what it sees: statistics of the layer's pre-activations, or each sample's own"),
    ])

  init(_ options: inout OptionReader) {
    hidden = options.integers("hidden")
    generates = options.string("generates")
    input = options.choice("input")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("hidden", .list(hidden.map { .number(Double($0)) })),
      OptionMember("generates", .string(generates)),
      OptionMember("input", .string(input.rawValue)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    faults.checkWidths(hidden, at: ["hidden"])
    guard let entry = faults.parametricActivation(generates, at: ["generates"]), faults.isEmpty else {
      return nil
    }
    let target = common.normalize ? entry.normalized : entry
    return ActivationSpecification(
      kind: .generated(Hypernetwork(target: CompiledActivation(target), hidden: hidden, input: input)),
      granularity: .layer, common: common, moments: target.moments, strategyName: "hypernetwork",
      functionName: entry.name, formula: target.formula, trainable: Set(entry.parameters.map(\.name)))
  }
}
