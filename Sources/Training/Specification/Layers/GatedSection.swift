// `gated`, and the gates that have names of their own: units of a dense layer weighed by an activation of others.

import Engine
import JSON

/// A dense layer to 2·units numbers, then units of them weighed by an activation of the others.
struct GatedSection: LayerSection {
  var units: Int
  var activation: ActivationChoice

  var type: String { "gated" }

  /// The type with any activation, and those whose function the name says (arXiv 1612.08083, 2002.05202).
  static let types: [LayerType] =
    [LayerType("gated", read)]
    + [
      ("glu", "sigmoid"), ("bilinear", "identity"), ("reglu", "relu"), ("geglu", "gelu"), ("swiglu", "silu"),
    ].map { name, function in LayerType(name) { read(&$0, function: function) } }

  private static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    let units = layer.units(pieces: 2)
    let activation = layer.activation()
    if case .none = activation {
      layer.reader.fault("activation", "a gate needs an activation; `identity` makes it bilinear")
    }
    return units.map { GatedSection(units: $0, activation: activation) }
  }

  private static func read(_ layer: inout LayerReading, function: String) -> (any LayerSection)? {
    let units = layer.units(pieces: 2)
    let gate = ActivationSection(
      .string(function), at: layer.reader.pointer, seed: layer.seed, faults: layer.reader.faults)
    guard let units, let gate else { return nil }
    return GatedSection(units: units, activation: .own(gate))
  }

  func write(to object: inout JSONObject) {
    object["units"] = .integer(units)
    object["activation"] = activation.resolved
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(.dense(units: 2 * units))
    if let index = assembler.use(activation) { assembler.append(.gate(index)) }
  }
}
