// The `model` section: the layers by name, or just the widths of the hidden ones.

import JSON

/// The layers of a model as the client named them.
package struct ModelSection: Sendable {
  /// Which activation a layer has.
  package enum ActivationChoice: Sendable {
    /// The job's own.
    case job
    case none
    case own(ActivationSection)
  }

  /// One layer of the document.
  package indirect enum Layer: Sendable {
    case dense(units: Int, activation: ActivationChoice)
    case activation(ActivationChoice)
    /// A dense layer to 2·units numbers, then units of them weighed by an activation of the others.
    case gated(units: Int, activation: ActivationChoice)
    /// A dense layer to pieces·units numbers, then the largest of each unit's pieces, then the activation.
    case maxout(units: Int, pieces: Int, activation: ActivationChoice)
    case dropout(rate: Double)
    case batchNorm
    case layerNorm
    /// The sum of what these layers give and what they read.
    case residual([Layer])
  }

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
    case layers([Layer])
  }

  /// As it was given, so that it is written back so.
  package var form = Form.hidden([32, 32])
  /// What follows the last layer.
  package var output = Output.dense

  /// What is computed, one entry per step: `hidden` written out.
  package var layers: [Layer] {
    switch form {
    case .hidden(let widths): widths.map { .dense(units: $0, activation: .job) }
    case .layers(let layers): layers
    }
  }
}

extension ModelSection {
  private enum LayerType: String, CaseIterable {
    case dense, activation, gated, glu, bilinear, reglu, geglu, swiglu, maxout, dropout
    case batchNorm = "batch_norm"
    case layerNorm = "layer_norm"
    case residual

    /// The function of a gate that has a name of its own (arXiv 1612.08083, 2002.05202).
    var gateFunction: String? {
      switch self {
      case .glu: "sigmoid"
      case .bilinear: "identity"
      case .reglu: "relu"
      case .geglu: "gelu"
      case .swiglu: "silu"
      case .dense, .activation, .gated, .maxout, .dropout, .batchNorm, .layerNorm, .residual: nil
      }
    }
  }

  private static let maximumPieces = 16
  /// How many residual layers may be inside one another.
  private static let maximumDepth = 8

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
    if let hidden { form = .hidden(hidden) }
    if let layers {
      let layers = Self.layers(
        layers, at: pointer.appending("layers"), depth: 0, seed: seed, faults: faults, limits: limits)
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

  private static func layers(
    _ array: JSONArray, at pointer: JSONPointer, depth: Int, seed: UInt64, faults: FaultCollector,
    limits: TrainingLimits
  ) -> [Layer] {
    array.enumerated().compactMap {
      layer($1, at: pointer.appending($0), depth: depth, seed: seed, faults: faults, limits: limits)
    }
  }

  private static func layer(
    _ value: JSONValue, at pointer: JSONPointer, depth: Int, seed: UInt64, faults: FaultCollector,
    limits: TrainingLimits
  ) -> Layer? {
    var reader = ObjectReader(value, at: pointer, faults: faults)
    guard let type = reader.choice("type", of: LayerType.self, required: true) else { return nil }
    defer { reader.finish() }
    switch type {
    case .dense:
      let units = reader.integer("units", in: 1...limits.maximumUnits, required: true)
      let activation = activation(&reader, seed: seed)
      return units.map { .dense(units: $0, activation: activation) }
    case .activation:
      return .activation(activation(&reader, seed: seed))
    case .gated:
      let units = units(&reader, pieces: 2, limits)
      let activation = activation(&reader, seed: seed)
      if case .none = activation {
        reader.fault("activation", "a gate needs an activation; `identity` makes it bilinear")
      }
      return units.map { .gated(units: $0, activation: activation) }
    case .glu, .bilinear, .reglu, .geglu, .swiglu:
      let units = units(&reader, pieces: 2, limits)
      let gate = type.gateFunction.flatMap {
        ActivationSection(.string($0), at: pointer, seed: seed, faults: faults)
      }
      guard let units, let gate else { return nil }
      return .gated(units: units, activation: .own(gate))
    case .maxout:
      let pieces = reader.integer("pieces", in: 2...maximumPieces) ?? 2
      let units = units(&reader, pieces: pieces, limits)
      let activation = activation(&reader, seed: seed, absent: .none)
      return units.map { .maxout(units: $0, pieces: pieces, activation: activation) }
    case .dropout:
      let rate = reader.number("rate", in: 0...0.99, required: true)
      return rate.map { .dropout(rate: $0) }
    case .batchNorm: return .batchNorm
    case .layerNorm: return .layerNorm
    case .residual:
      guard let inner = reader.array("layers", count: 1...limits.maximumLayers, required: true) else {
        return nil
      }
      guard depth < maximumDepth else {
        reader.fault("type", "at most \(maximumDepth) residual layers may be inside one another")
        return nil
      }
      return .residual(
        layers(
          inner, at: pointer.appending("layers"), depth: depth + 1, seed: seed, faults: faults, limits: limits
        ))
    }
  }

  /// The units of a layer whose dense part has several pieces for each, all of which count.
  private static func units(_ reader: inout ObjectReader, pieces: Int, _ limits: TrainingLimits) -> Int? {
    reader.integer("units", in: 1...max(1, limits.maximumUnits / pieces), required: true)
  }

  private static func activation(
    _ reader: inout ObjectReader, seed: UInt64, absent: ActivationChoice = .job
  ) -> ActivationChoice {
    guard let value = reader.value("activation") else { return absent }
    if value == "none" { return .none }
    let place = reader.pointer.appending("activation")
    let section = ActivationSection(value, at: place, seed: seed, faults: reader.faults)
    return section.map(ActivationChoice.own) ?? .job
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

extension ModelSection.Layer {
  /// The layer and all those inside it.
  fileprivate var count: Int {
    if case .residual(let layers) = self { layers.reduce(1) { $0 + $1.count } } else { 1 }
  }

  fileprivate var resolved: JSONValue {
    var object = JSONObject()
    switch self {
    case .dense(let units, let activation):
      object["type"] = "dense"
      object["units"] = .integer(units)
      object["activation"] = activation.resolved
    case .activation(let activation):
      object["type"] = "activation"
      object["activation"] = activation.resolved
    case .gated(let units, let activation):
      object["type"] = "gated"
      object["units"] = .integer(units)
      object["activation"] = activation.resolved
    case .maxout(let units, let pieces, let activation):
      object["type"] = "maxout"
      object["units"] = .integer(units)
      object["pieces"] = .integer(pieces)
      object["activation"] = activation.resolved
    case .dropout(let rate):
      object["type"] = "dropout"
      object["rate"] = .number(rate)
    case .batchNorm: object["type"] = "batch_norm"
    case .layerNorm: object["type"] = "layer_norm"
    case .residual(let layers):
      object["type"] = "residual"
      object["layers"] = .array(JSONArray(layers.map(\.resolved)))
    }
    return .object(object)
  }
}

extension ModelSection.ActivationChoice {
  fileprivate var resolved: JSONValue? {
    switch self {
    case .job: nil
    case .none: "none"
    case .own(let section): section.resolved
    }
  }
}
