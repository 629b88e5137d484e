// `flatten` and `reshape`: the same numbers as rows of another shape.

import Engine
import JSON

struct ReshapeSection: LayerSection {
  /// Nil: a vector.
  var shape: RowShape?

  var type: String { shape == nil ? "flatten" : "reshape" }

  static let types = [LayerType("flatten") { _ in ReshapeSection() }, LayerType("reshape", read)]

  private static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    let sizes = layer.reader.integers(
      "shape", in: 1...layer.limits.maximumStepValues, count: 1...3, required: true)
    return sizes.flatMap(RowShape.init(dimensions:)).map { ReshapeSection(shape: $0) }
  }

  func write(to object: inout JSONObject) {
    if let shape { object["shape"] = .array(JSONArray(numbers: shape.dimensions.map(Double.init))) }
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(shape.map(LayerSpecification.reshape) ?? .flatten)
  }
}
