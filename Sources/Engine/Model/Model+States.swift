// How large the states inside a model were in its last step.

extension Model {
  /// The states of the recurrent layers as the last step of training left them; none before the first. Not for every step:
  /// it reads them all.
  package var recurrentStateSizes: [RecurrentStateSize] {
    guard case .step(let pass, _) = task else { return [] }
    return layers.stateSizes(pass)
  }
}
