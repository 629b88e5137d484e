// `hypernetwork`: another network learns and sets the shape.

/// Another, trained network produces the parameters of a parametric function.
public struct HypernetworkStrategy: Sendable, Hashable {
  /// Widths of the generating network's hidden layers.
  public var hidden: [Int] = [16]
  /// Name or alias of the parametric function whose parameters are generated.
  public var generates = "parametric_sigmoid"
  public var input: Hypernetwork.Input = .statistics
  /// `.layer` or `.unit`: who shares what is produced. With samples as input, `.unit` is Meta-ACON's form (Ma et al.
  /// 2021, arXiv 2009.04759).
  public var granularity: Granularity = .layer
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
      OptionDescription(
        "granularity", .choice([Granularity.layer, .unit].map(\.rawValue)), default: .string("layer"),
        "who shares what it produces: a layer, or nobody (each unit has its own, from its own statistics or from "
          + "the sample)"),
    ])

  init(_ options: inout OptionReader) {
    hidden = options.integers("hidden")
    generates = options.string("generates")
    input = options.choice("input")
    granularity = options.choice("granularity")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("hidden", .list(hidden.map { .number(Double($0)) })),
      OptionMember("generates", .string(generates)),
      OptionMember("input", .string(input.rawValue)),
      OptionMember("granularity", .string(granularity.rawValue)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
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
      granularity: granularity, common: common, moments: target.moments, strategyName: "hypernetwork",
      functionName: entry.name, formula: target.formula, trainable: Set(entry.parameters.map(\.name)))
  }
}
