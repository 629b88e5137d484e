// `embedding`: trained numbers for every token.

import Engine
import JSON

struct EmbeddingSection: LayerSection {
  /// Tokens are below it.
  var inputDimension: Int
  /// Numbers for each.
  var outputDimension: Int
  var masksZero: Bool

  var type: String { "embedding" }

  static func read(_ layer: inout LayerReading) -> (any LayerSection)? {
    let tokens = layer.reader.integer(
      "input_dim", in: 1...max(1, layer.limits.maximumParameters), required: true)
    let width = layer.reader.integer("output_dim", in: 1...layer.limits.maximumUnits, required: true)
    let masksZero = layer.reader.bool("mask_zero") ?? false
    guard let tokens, let width else { return nil }
    return EmbeddingSection(inputDimension: tokens, outputDimension: width, masksZero: masksZero)
  }

  func write(to object: inout JSONObject) {
    object["input_dim"] = .integer(inputDimension)
    object["output_dim"] = .integer(outputDimension)
    object["mask_zero"] = .bool(masksZero)
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(.embedding(tokens: inputDimension, width: outputDimension, masksZero: masksZero))
  }
}
