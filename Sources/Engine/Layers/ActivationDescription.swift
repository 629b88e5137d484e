// A layer that is an activation alone: y = f(x).

extension LayerSpecification {
  /// y = f(x) with the activation of this index in the specification's activations.
  public static func activation(_ index: Int) -> LayerSpecification {
    LayerSpecification(ActivationDescription(activation: index))
  }
}

private struct ActivationDescription: LayerDescription {
  var activation: Int

  var name: String { "activation" }
  var signal: LayerSignal { .activation }
  var activationIndices: [Int] { [activation] }

  func output(from input: RowShape) -> RowShape { input }

  func activations(from input: RowShape) -> [ActivationUse] {
    [ActivationUse(index: activation, units: input.channels)]
  }

  func make(_ place: LayerPlace) -> any Layer {
    place.activations[0].makeLayer(place.memory, combinations: place.combinations)
  }
}
