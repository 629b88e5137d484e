// The one function of a strategy, for an analysis.

extension AnalysisSubject {
  /// The function of a strategy: a random choice's expected function, a mixture of equal weights, the function that a
  /// hypernetwork generates, or the one that there is. A formula is taken even where its values rule it out, if it can be
  /// read. Throws every fault at once.
  public init(_ strategy: Strategy) throws(StrategyError) {
    var faults = Faults()
    guard let subject = strategy.form.analysisSubject(&faults), faults.isEmpty else {
      throw StrategyError(faults.all)
    }
    guard subject.parameters.count <= Self.maximumParameters else {
      throw StrategyError([
        .init([], "\(subject.parameters.count) parameters; at most \(Self.maximumParameters) are analysed")
      ])
    }
    self = subject
  }
}

extension ActivationStrategy {
  package func analysisSubject(_ faults: inout Faults) -> AnalysisSubject? {
    guard let specification = specification(seed: 0, &faults) else { return nil }
    let function =
      switch specification.kind {
      case .single(let single): single
      case .random(let choice): choice.expected
      case .generated(let hypernetwork): hypernetwork.target
      case .mixture(let mixture): mixture.target
      }
    return AnalysisSubject(
      function.expression, training: function.training?.expression,
      parameters: function.parameters + function.constants, spline: function.spline)
  }
}
