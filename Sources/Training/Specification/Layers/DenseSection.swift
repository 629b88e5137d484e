// `dense`: y = x·W + b at every position, then an activation.

import Engine
import JSON

struct DenseSection: LayerSection {
  var units: Int
  var usesBias = true
  var activation: ActivationChoice

  var type: String { "dense" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    let units = layer.units()
    let usesBias = layer.reader.bool("use_bias") ?? true
    let activation = layer.activation()
    return units.map { DenseSection(units: $0, usesBias: usesBias, activation: activation) }
  }

  func write(to object: inout JSONObject) {
    object["units"] = .integer(units)
    object["use_bias"] = .bool(usesBias)
    object["activation"] = activation.resolved
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(.dense(units: units, usesBias: usesBias))
    assembler.activate(activation)
  }
}
