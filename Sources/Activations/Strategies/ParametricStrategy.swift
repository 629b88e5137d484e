// `parametric`: a function of the catalogue whose parameters are trained with the weights.

import Text

/// A parametric function whose parameters are trained with the weights.
package struct ParametricStrategy: ActivationStrategy {
  /// Name or alias of a function with parameters.
  package var function = ""
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  /// Initial values that differ from the catalogue's, by parameter.
  package var initial: [String: Double] = [:]
  /// The parameters that are trained; nil: all.
  package var trainable: [String]?
  package var common = CommonOptions()

  package init() {}

  /// The function of this name.
  package init(function: String) {
    self.function = function
  }

  package static let name = "parametric"
  package static let summary = "one function whose parameters are trained with the weights"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption(
      "function", .function(parametricOnly: true), \.function, isRequired: true, "the function"),
    .granularity(\.granularity),
    StrategyOption(
      "initial", .values, \.initial,
      resolved: { strategy in
        .object(
          strategy.parameters.map {
            OptionMember($0.name, .number(strategy.initial[$0.name] ?? $0.initial))
          })
      }, "initial values, by parameter, instead of the function's own"),
    StrategyOption(
      "trainable", .names, \.trainable,
      resolved: { ($0.trainable ?? $0.parameters.map(\.name)).option },
      "the parameters that are trained; by default all"),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let activation = activation(&faults) else { return nil }
    return .single(activation, function: activation.name, granularity: granularity, common)
  }

  /// The catalogue's parameters of the function.
  private var parameters: [Parameter] { Catalogue.named(function)?.parameters ?? [] }

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
