// `fixed`: one function of the catalogue, nothing trained.

/// One function with its initial parameters, nothing trained.
package struct FixedStrategy: ActivationStrategy {
  /// Name or alias.
  package var function = ""
  package var common = CommonOptions()

  package init() {}

  /// The function of this name.
  package init(function: String) {
    self.function = function
  }

  package static let name = "fixed"
  package static let summary = "one function, nothing trained"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption(
      "function", .function(parametricOnly: false), \.function, isRequired: true, "the function")
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let entry = faults.activation(function, at: ["function"]) else { return nil }
    var fixed = entry
    for index in fixed.parameters.indices { fixed.parameters[index].isTrainable = false }
    return .single(fixed, function: entry.name, granularity: .layer, common)
  }
}
