// `expression`: the client's own formula, checked and differentiated before anything is queued.

/// The client's own formula over x and named parameters.
package struct ExpressionStrategy: ActivationStrategy {
  /// The formula's text (``FormulaParser``).
  package var expression = ""
  /// The formula's parameters, in the order of the document.
  package var parameters: [Parameter] = []
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  package var common = CommonOptions()

  package init() {}

  /// The formula of this text over x and these parameters.
  package init(expression: String, parameters: [Parameter] = []) {
    self.expression = expression
    self.parameters = parameters
  }

  package static let name = "expression"
  package static let summary =
    "the client's own formula, checked and differentiated before anything is queued"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption(
      "expression", .formula, \.expression, isRequired: true, "the formula, such as `x * sigmoid(beta * x)`"),
    StrategyOption(
      "parameters", .parameters, \.declared,
      "the formula's parameters: {name: {initial, constraint}}, the constraint one of none, positive, unit"),
    .granularity(\.granularity),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let formula = parsed(&faults) else { return nil }
    if let problem = formula.problem(parameters: parameters.initialValues) {
      faults.add(["expression"], problem)
    }
    guard faults.isEmpty else { return nil }
    let own = Activation(
      "expression", "a client's formula", formula, parameters: parameters, smoothness: .continuous, source: ""
    )
    return .single(own, function: nil, granularity: granularity, common)
  }

  /// A formula is taken even where its values rule it out, if it can be read: the analysis says why.
  package func analysisSubject(_ faults: inout Faults) -> AnalysisSubject? {
    guard let formula = parsed(&faults), faults.isEmpty else { return nil }
    return AnalysisSubject(
      formula, parameters: parameters, problem: formula.problem(parameters: parameters.initialValues))
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

extension ExpressionStrategy {
  /// The parameters as a document declares them: `{name: {initial, constraint}}`.
  fileprivate var declared: ParameterDeclarations {
    get { ParameterDeclarations(parameters: parameters) }
    set { parameters = newValue.parameters }
  }
}

private struct ParameterDeclarations: OptionConvertible {
  var parameters: [Parameter]

  init(parameters: [Parameter]) { self.parameters = parameters }

  init?(_ option: OptionValue) {
    guard case .object(let members) = option else { return nil }
    parameters = members.map { member in
      var parameter = Parameter(member.name, initial: 0)
      guard case .object(let fields) = member.value else { return parameter }
      for field in fields {
        switch field.value {
        case .number(let number): parameter.initial = number
        case .string(let word): parameter.constraint = Constraint(rawValue: word) ?? .none
        default: break
        }
      }
      return parameter
    }
  }

  /// In their own order.
  var option: OptionValue {
    .object(
      parameters.map {
        OptionMember(
          $0.name,
          .object([
            OptionMember("initial", .number($0.initial)),
            OptionMember("constraint", .string($0.constraint.rawValue)),
          ]))
      })
  }
}
