// The `model` section: the layers by name, or just the widths of the hidden ones.

import Data
import Engine
import JSON

/// The layers of a model as the client named them.
package struct ModelSection: Sendable {
  /// What follows the last layer.
  package enum Output: String, CaseIterable, Sendable {
    /// A dense layer as wide as the task needs follows the last layer.
    case dense
    /// The last layer's values are the outputs.
    case none
  }

  /// How the layers were given.
  package enum Form: Sendable {
    case hidden([Int])
    case layers([any LayerSection])
  }

  /// As it was given, so that it is written back so.
  package var form = Form.hidden([32, 32])
  /// What follows the last layer.
  package var output = Output.dense
  /// Whether the document names layers.
  private(set) var isGiven = false

  /// What is computed, one entry per step: `hidden` written out.
  package var layers: [any LayerSection] {
    switch form {
    case .hidden(let widths): widths.map { DenseSection(units: $0, activation: .job) }
    case .layers(let layers): layers
    }
  }

  /// Where they stand, below the section.
  var layersPlace: JSONPointer {
    switch form {
    case .hidden: JSONPointer().appending("hidden")
    case .layers: JSONPointer().appending("layers")
    }
  }
}

extension ModelSection {
  init(
    _ value: JSONValue?, at pointer: JSONPointer, seed: UInt64, faults: FaultCollector, limits: TrainingLimits
  ) {
    guard let value else { return }
    var reader = ObjectReader(value, at: pointer, faults: faults)
    let hasBoth = reader.has("hidden") && reader.has("layers")
    let hidden = reader.integers("hidden", in: 1...limits.maximumUnits, count: 0...limits.maximumLayers)
    let layers = reader.array("layers", count: 0...limits.maximumLayers)
    output = reader.choice("output", of: Output.self) ?? .dense
    if hasBoth { reader.fault("layers", "give either hidden or layers, not both") }
    isGiven = reader.has("hidden") || reader.has("layers")
    // Of members that cannot be read nothing is known.
    if isGiven { form = .layers([FaultySection(type: "")]) }
    if let hidden { form = .hidden(hidden) }
    if let layers {
      let layers = LayerReading.layers(
        layers, at: pointer.appending("layers"), seed: seed, faults: faults, limits: limits)
      let count = layers.reduce(0) { $0 + $1.count }
      if count > limits.maximumLayers {
        reader.fault(
          "layers",
          "has \(count) layers with those inside residual ones; at most \(limits.maximumLayers) are allowed")
      }
      form = .layers(layers)
    }
    reader.finish()
  }

  /// The section with its defaults written out; an absent activation means the job's.
  var resolved: JSONValue {
    var object = JSONObject()
    switch form {
    case .hidden(let widths): object["hidden"] = .array(JSONArray(numbers: widths.map(Double.init)))
    case .layers(let layers): object["layers"] = .array(JSONArray(layers.map(\.resolved)))
    }
    object["output"] = .string(output.rawValue)
    return .object(object)
  }
}

extension ModelSection {
  /// What the first layer knows; nil where it reads numbers.
  var tokens: TokenSet? {
    if let first = layers.first as? FaultySection {
      // How many tokens it was to know is not known, but that rows are of some.
      return first.type == "embedding" ? TokenSet(count: 1 << 53) : nil
    }
    guard let first = LayerAssembler(self, activation: nil).layers.first, let count = first.tokens else {
      return nil
    }
    return TokenSet(count: count, masksZero: first.masksZero)
  }

  /// What the layers make of rows.
  var rowUse: RowUse {
    let layers = LayerAssembler(self, activation: nil).layers
    var use = RowUse(tokens: tokens)
    if isSound { use.outputSteps = { steps in layers.reduce(steps) { $1.length(from: $0) } } }
    use.answersSteps = { dimensions in
      guard var shape = RowShape(dimensions: dimensions) else { return false }
      for layer in layers {
        guard let output = try? layer.output(from: shape) else { return false }
        shape = output
      }
      return shape.steps != nil
    }
    return use
  }

  /// Whether every layer could be read.
  private var isSound: Bool { !layers.contains { $0.hasFault } }

  /// Whether a layer normalises over the rows of a mini-batch.
  var normalizesBatch: Bool {
    LayerAssembler(self, activation: nil).layers.contains(where: \.normalizesBatch)
  }
}
