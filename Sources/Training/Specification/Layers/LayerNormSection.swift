// `layer_norm`: normalisation of each row, or of each of its positions, over its units.

import Engine

struct LayerNormSection: LayerSection {
  var type: String { "layer_norm" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? { LayerNormSection() }

  func assemble(_ assembler: inout LayerAssembler) { assembler.append(.layerNorm) }
}
