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

  public init(_ activation: Activation) {
    expression = activation.expression
    training = activation.training
    spline = activation.spline
    parameters = activation.parameters
  }
}
