// What an analysis looks at: the one function of a strategy, even where it could not be trained.

/// A function with its parameters at their initial values.
public struct AnalysisSubject: Sendable {
  /// The function of prediction.
  public var expression: Expression
  /// What a training step computes instead, with noise; nil where training and prediction are the same.
  public var training: Expression?
  /// Its parameters, constants included.
  public var parameters: [Parameter]
  /// The spline that the expression spells out, if a kernel computes it.
  public var spline: Spline?
  /// Why no job would accept it, or nil.
  public var problem: String?

  /// The most parameters that an analysis takes, and with them the length of what it prints.
  public static let maximumParameters = 64

  /// A function whose parameters are all among `parameters`.
  init(
    _ expression: Expression, training: Expression? = nil, parameters: [Parameter], spline: Spline? = nil,
    problem: String? = nil
  ) {
    self.expression = expression
    self.training = training
    self.parameters = parameters
    self.spline = spline
    self.problem = problem
  }

  /// An entry of the catalogue, or an activation like it.
  public init(_ activation: Activation) {
    self.init(
      activation.expression, training: activation.training, parameters: activation.parameters,
      spline: activation.spline)
  }
}
