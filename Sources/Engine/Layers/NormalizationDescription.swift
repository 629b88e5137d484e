// What the normalisations have in common as descriptions: a scale and a shift for each channel.

/// A layer that normalises its channels, then multiplies each by γ and adds β; it starts with γ = 1 and β = 0.
protocol NormalizationDescription: LayerDescription {}

extension NormalizationDescription {
  func output(from input: RowShape) -> RowShape { input }

  func tensors(from input: RowShape) -> [LayerTensor] {
    ["gamma", "beta"].map { LayerTensor($0, [input.channels], .normalization) }
  }

  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart) {
    parameters.update(repeating: 1, count: start.input.channels)
  }
}
