// `residual`: the sum of what some layers give and what they read.

import Engine
import JSON

struct ResidualSection: LayerSection {
  var inner: [any LayerSection]

  var type: String { "residual" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    let count = 1...layer.limits.maximumLayers
    guard let inner = layer.reader.array("layers", count: count, required: true) else { return nil }
    guard layer.depth < LayerReading.maximumDepth else {
      layer.reader.fault(
        "type", "at most \(LayerReading.maximumDepth) residual layers may be inside one another")
      return nil
    }
    return ResidualSection(inner: layer.layers(inner, at: layer.reader.pointer.appending("layers")))
  }

  func write(to object: inout JSONObject) {
    object["layers"] = .array(JSONArray(inner.map(\.resolved)))
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.nest(inner) { .residual($0) }
  }
}
