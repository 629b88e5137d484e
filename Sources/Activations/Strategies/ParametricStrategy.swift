// `parametric`: a function of the catalogue whose parameters are trained with the weights.

import Text

/// A parametric function whose parameters are trained with the weights.
public struct ParametricStrategy: Sendable, Hashable {
  /// Name or alias of a function with parameters.
  public var function: String
  public var granularity: Granularity = .layer
  /// Initial values that differ from the catalogue's, by parameter.
  public var initial: [String: Double] = [:]
  /// The parameters that are trained; nil: all.
  public var trainable: [String]?
  public var common = CommonOptions()

  public init(function: String) {
    self.function = function
  }

  static let description = StrategyDescription(
    "parametric", "one function whose parameters are trained with the weights",
    [
      OptionDescription("function", .function(parametricOnly: true), isRequired: true, "the function"),
      .granularity,
      OptionDescription(
        "initial", .values, default: .object([]),
        "initial values, by parameter, instead of the function's own"),
      OptionDescription("trainable", .names, "the parameters that are trained; by default all"),
    ])

  init(_ options: inout OptionReader) {
    function = options.string("function")
    granularity = options.choice("granularity")
    initial = options.values("initial")
    trainable = options.names("trainable")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    let entry = Catalogue.named(function)
    let parameters = entry?.parameters ?? []
    return [
      OptionMember("function", .string(function)),
      OptionMember("granularity", .string(granularity.rawValue)),
      OptionMember(
        "initial",
        .object(parameters.map { OptionMember($0.name, .number(initial[$0.name] ?? $0.initial)) })),
      OptionMember("trainable", .list((trainable ?? parameters.map(\.name)).map(OptionValue.string))),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    guard let activation = activation(&faults) else { return nil }
    return .single(
      activation, strategy: "parametric", function: activation.name, granularity: granularity, common)
  }

  /// The function with this strategy's initial values and trainable parameters.
  private func activation(_ faults: inout Faults) -> Activation? {
    guard var activation = faults.parametricActivation(function, at: ["function"]) else { return nil }
    let names = activation.parameters.map(\.name)
    for name in initial.keys.sorted() where !names.contains(name) {
      faults.add(["initial", name], "\(activation.name) has no parameter `\(name)`; it has \(listed(names))")
    }
    for (index, name) in (trainable ?? []).enumerated() where !names.contains(name) {
      faults.add(
        ["trainable", String(index)],
        "\(activation.name) has no parameter `\(name)`; it has \(listed(names))")
    }
    for index in activation.parameters.indices {
      let name = activation.parameters[index].name
      activation.parameters[index].initial = initial[name] ?? activation.parameters[index].initial
      activation.parameters[index].isTrainable = trainable?.contains(name) ?? true
      faults.checkDomain(of: activation.parameters[index], at: ["initial", name])
    }
    return activation
  }
}
