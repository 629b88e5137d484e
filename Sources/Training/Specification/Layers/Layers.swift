// The table of layers that a document may name.

/// A type of layer by the name that documents give it.
package struct LayerType: Sendable {
  /// As documents have it.
  package let name: String
  /// Reads its options; nil with faults where it cannot be used.
  let read: @Sendable (inout LayerReading) -> (any LayerSection)?

  init(_ name: String, _ read: @escaping @Sendable (inout LayerReading) -> (any LayerSection)?) {
    self.name = name
    self.read = read
  }
}

/// All types, in the order in which faults and documentation list them.
package enum Layers {
  /// One row each.
  package static let all: [LayerType] =
    [LayerType("dense", DenseSection.read), LayerType("activation", ActivationLayerSection.read)]
    + GatedSection.types
    + [
      LayerType("maxout", MaxoutSection.read),
      LayerType("dropout") { DropoutSection.read(&$0, isSpatial: false) },
      LayerType("batch_norm", BatchNormSection.read), LayerType("layer_norm", LayerNormSection.read),
      LayerType("residual", ResidualSection.read),
      LayerType("spatial_dropout") { DropoutSection.read(&$0, isSpatial: true) },
    ] + ConvolutionSection.types + PoolingSection.types + GlobalPoolingSection.types + ReshapeSection.types
    + RecurrentSection.types + [LayerType("embedding", EmbeddingSection.read)]

  /// Their names.
  package static let names = all.map(\.name)
}
