// What an analysis looks at: the one function of a strategy, even where it could not be trained.

/// A function with its parameters at their initial values.
public struct AnalysisSubject: Sendable {
  public var expression: Expression
  /// What a training step computes instead, with noise; nil where training and prediction are the same.
  public var training: Expression?
  public var parameters: [Parameter]
  /// The spline that the expression spells out, if a kernel computes it.
  public var spline: Spline?
  /// Why no job would accept it, or nil.
  public var problem: String?

  /// The most parameters that an analysis takes, and with them the length of what it prints.
  public static let maximumParameters = 64

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

  public init(_ activation: Activation) {
    expression = activation.expression
    training = activation.training
    spline = activation.spline
    parameters = activation.parameters
  }
}
