// `expression`: the client's own formula, checked and differentiated before anything is queued.

/// The client's own formula over x and named parameters.
public struct ExpressionStrategy: Sendable, Hashable {
  /// The formula's text (``FormulaParser``).
  public var expression: String
  /// The formula's parameters, in the order of the document.
  public var parameters: [Parameter] = []
  public var granularity: Granularity = .layer
  public var common = CommonOptions()

  public init(expression: String, parameters: [Parameter] = []) {
    self.expression = expression
    self.parameters = parameters
  }

  static let description = StrategyDescription(
    "expression", "the client's own formula, checked and differentiated before anything is queued",
    [
      OptionDescription(
        "expression", .formula, isRequired: true, "the formula, such as `x * sigmoid(beta * x)`"),
      OptionDescription(
        "parameters", .parameters, default: .object([]),
        "the formula's parameters: {name: {initial, constraint}}, the constraint one of none, positive, unit"),
      .granularity,
    ])

  init(_ options: inout OptionReader) {
    expression = options.string("expression")
    parameters = options.parameters("parameters")
    granularity = options.choice("granularity")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("expression", .string(expression)),
      OptionMember(
        "parameters",
        .object(
          parameters.map {
            OptionMember(
              $0.name,
              .object([
                OptionMember("initial", .number($0.initial)),
                OptionMember("constraint", .string($0.constraint.rawValue)),
              ]))
          })),
      OptionMember("granularity", .string(granularity.rawValue)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    guard let formula = parsed(&faults) else { return nil }
    if let problem = formula.problem(parameters: parameters.initialValues) {
      faults.add(["expression"], problem)
    }
    guard faults.isEmpty else { return nil }
    let own = Activation(
      "expression", "a client's formula", formula, parameters: parameters, smoothness: .continuous, source: ""
    )
    return .single(own, strategy: "expression", function: nil, granularity: granularity, common)
  }

  /// The formula as an expression, if it and its parameters can be read; its values are not looked at.
  func parsed(_ faults: inout Faults) -> Expression? {
    for parameter in parameters {
      faults.checkDomain(of: parameter, at: ["parameters", parameter.name, "initial"])
      if let problem = FormulaParser.problem(withParameterName: parameter.name) {
        faults.add(["parameters", parameter.name], problem)
      }
    }
    guard faults.isEmpty else { return nil }
    do throws(FormulaError) {
      let formula = try FormulaParser.parse(expression, parameters: Set(parameters.map(\.name)))
      for parameter in parameters where !formula.parameterNames.contains(parameter.name) {
        faults.add(["parameters", parameter.name], "the formula does not use `\(parameter.name)`")
      }
      return formula
    } catch {
      faults.add(["expression"], error.description)
      return nil
    }
  }
}
