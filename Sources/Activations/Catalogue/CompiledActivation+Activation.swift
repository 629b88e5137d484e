// An entry of the catalogue, or an activation like it, compiled.

extension CompiledActivation {
  /// Compiles the function of prediction and, where there is one, that of training.
  public convenience init(_ activation: Activation) {
    self.init(
      activation.expression, parameters: activation.parameters, training: activation.training,
      spline: activation.spline)
  }
}
