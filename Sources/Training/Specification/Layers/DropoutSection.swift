// `dropout` and `spatial_dropout`: elements or whole channels that are zero in training, each with one probability.

import Engine
import JSON

struct DropoutSection: LayerSection {
  var rate: Double
  var isSpatial: Bool

  var type: String { isSpatial ? "spatial_dropout" : "dropout" }

  static func read(_ layer: inout LayerReading, isSpatial: Bool) -> (any LayerSection)? {
    layer.reader.number("rate", in: 0...0.99, required: true).map {
      DropoutSection(rate: $0, isSpatial: isSpatial)
    }
  }

  func write(to object: inout JSONObject) { object["rate"] = .number(rate) }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(isSpatial ? .spatialDropout(rate: rate) : .dropout(rate: rate))
  }
}
