// `activation`: an activation alone.

import JSON

struct ActivationLayerSection: LayerSection {
  var activation: ActivationChoice

  var type: String { "activation" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    ActivationLayerSection(activation: layer.activation())
  }

  func write(to object: inout JSONObject) { object["activation"] = activation.resolved }

  func assemble(_ assembler: inout LayerAssembler) { assembler.activate(activation) }
}
