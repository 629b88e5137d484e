// The one function of a strategy, for an analysis.

extension AnalysisSubject {
  /// The function of a strategy: a random choice's expected function, a mixture of equal weights, the function that a
  /// hypernetwork generates, or the one that there is. A formula is taken even where its values rule it out, if it can be
  /// read. Throws every fault at once.
  public init(_ strategy: Strategy) throws(StrategyError) {
    if case .expression(let formula) = strategy {
      var faults = Faults()
      guard let expression = formula.parsed(&faults), faults.isEmpty else { throw StrategyError(faults.all) }
      self.expression = expression
      parameters = formula.parameters
      problem = expression.problem(parameters: parameters.initialValues)
      return
    }
    let function: CompiledActivation
    switch try strategy.specification(seed: 0).kind {
    case .single(let single): function = single
    case .random(let choice): function = choice.expected
    case .generated(let hypernetwork): function = hypernetwork.target
    case .mixture(let mixture): function = mixture.target
    }
    expression = function.expression
    training = function.training?.expression
    spline = function.spline
    parameters = function.parameters + function.constants
    guard parameters.count <= Self.maximumParameters else {
      throw StrategyError([
        .init([], "\(parameters.count) parameters; at most \(Self.maximumParameters) are analysed")
      ])
    }
  }
}
