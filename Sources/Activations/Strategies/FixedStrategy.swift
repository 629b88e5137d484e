// `fixed`: one function of the catalogue, nothing trained.

/// One function with its initial parameters, nothing trained.
public struct FixedStrategy: Sendable, Hashable {
  /// Name or alias.
  public var function: String
  public var common = CommonOptions()

  public init(function: String) {
    self.function = function
  }

  static let description = StrategyDescription(
    "fixed", "one function, nothing trained",
    [OptionDescription("function", .function(parametricOnly: false), isRequired: true, "the function")])

  init(_ options: inout OptionReader) {
    function = options.string("function")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] { [OptionMember("function", .string(function))] }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    guard let entry = faults.activation(function, at: ["function"]) else { return nil }
    var fixed = entry
    for index in fixed.parameters.indices { fixed.parameters[index].isTrainable = false }
    return .single(fixed, strategy: "fixed", function: entry.name, granularity: .layer, common)
  }
}
