// `maxout`: of several pieces of a dense layer the largest, for each unit.

import Engine
import JSON

/// A dense layer to pieces·units numbers, then the largest of each unit's pieces, then the activation.
struct MaxoutSection: LayerSection {
  var units: Int
  var pieces: Int
  var activation: ActivationChoice

  var type: String { "maxout" }

  private static let maximumPieces = 16

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    let pieces = layer.reader.integer("pieces", in: 2...maximumPieces) ?? 2
    let units = layer.units(pieces: pieces)
    let activation = layer.activation(absent: .none)
    return units.map { MaxoutSection(units: $0, pieces: pieces, activation: activation) }
  }

  func write(to object: inout JSONObject) {
    object["units"] = .integer(units)
    object["pieces"] = .integer(pieces)
    object["activation"] = activation.resolved
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(.dense(units: pieces * units))
    assembler.append(.maxout(pieces: pieces))
    assembler.activate(activation)
  }
}
