// `batch_norm`: normalisation of each unit over the mini-batch.

import Engine

struct BatchNormSection: LayerSection {
  var type: String { "batch_norm" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? { BatchNormSection() }

  func assemble(_ assembler: inout LayerAssembler) { assembler.append(.batchNorm) }
}
