// `spatial_dropout`: channels that are zero in training, each with one probability.

import Engine
import JSON

struct SpatialDropoutSection: LayerSection {
  var rate: Double

  var type: String { "spatial_dropout" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    layer.reader.number("rate", in: 0...0.99, required: true).map { SpatialDropoutSection(rate: $0) }
  }

  func write(to object: inout JSONObject) { object["rate"] = .number(rate) }

  func assemble(_ assembler: inout LayerAssembler) { assembler.append(.spatialDropout(rate: rate)) }
}
