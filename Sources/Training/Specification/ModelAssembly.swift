// From the `model` and `activation` sections to the engine's specification, once the widths of the data are known.

import Activations
package import Engine
import JSON

/// A model's specification and where its activation layers stand in the client's document.
package struct ModelAssembly: Sendable {
  /// An activation layer as the client knows it.
  package struct ActivationSite: Equatable, Sendable {
    /// The place among the engine's layers as they are computed (``ActivationLayerView/layer``).
    package var engineLayer: Int
    /// The index in the client's `hidden` or `layers`; for a layer inside a residual one, that of the outermost.
    package var layer: Int
    /// `layers.2.activation`, inside a residual layer `layers.2.layers.0.activation`.
    package var name: String
    /// The index in the specification's activations.
    package var activation: Int
    /// Numbers in a row of what the activation gives.
    package var units: Int
  }

  /// The engine's.
  package private(set) var specification: ModelSpecification
  /// The activation layers, first to last.
  package private(set) var sites: [ActivationSite] = []
  /// Whether any layer uses the job's own activation.
  package private(set) var usesJobActivation = false

  /// Layers of the engine so far, as they are computed.
  private var count = 0

  /// - Parameters:
  ///   - activation: the job's own.
  ///   - inputs: numbers in an encoded row.
  ///   - outputs: numbers that the task needs for a row.
  package init(_ model: ModelSection, activation: ActivationSection, inputs: Int, outputs: Int) {
    specification = ModelSpecification(
      inputs: inputs, layers: [], outputs: outputs, hasOutputLayer: model.output == .dense,
      activations: [activation.specification])
    specification.layers = assemble(model.layers, "layers", width: inputs).layers
  }

  /// The engine's layers for the client's.
  ///
  /// - Parameters:
  ///   - path: what their names begin with.
  ///   - top: the index of the client's layer that they are inside; nil: their own.
  private mutating func assemble(
    _ layers: [ModelSection.Layer], _ path: String, in top: Int? = nil, width: Int
  ) -> (layers: [ModelSpecification.Layer], width: Int) {
    var result: [ModelSpecification.Layer] = []
    var width = width
    func append(_ layer: ModelSpecification.Layer) {
      result.append(layer)
      count += 1
    }
    for (position, layer) in layers.enumerated() {
      let index = top ?? position
      let name = "\(path).\(position)"
      var choice = ModelSection.ActivationChoice.none
      var isGate = false
      switch layer {
      case .dense(let units, let activation):
        append(.dense(units: units))
        (width, choice) = (units, activation)
      case .activation(let activation): choice = activation
      case .gated(let units, let activation):
        append(.dense(units: 2 * units))
        (width, choice, isGate) = (units, activation, true)
      case .maxout(let units, let pieces, let activation):
        append(.dense(units: pieces * units))
        append(.maxout(pieces: pieces))
        (width, choice) = (units, activation)
      case .dropout(let rate): append(.dropout(rate: rate))
      case .batchNorm: append(.batchNorm)
      case .layerNorm: append(.layerNorm)
      case .residual(let inner):
        let block = assemble(inner, "\(name).layers", in: index, width: width)
        width = block.width
        append(.residual(block.layers))
      }
      guard let activation = use(choice) else { continue }
      sites.append(
        ActivationSite(
          engineLayer: count, layer: index, name: "\(name).activation", activation: activation, units: width))
      append(isGate ? .gate(activation) : .activation(activation))
    }
    return (result, width)
  }

  /// The index of a layer's activation; nil for none.
  private mutating func use(_ choice: ModelSection.ActivationChoice) -> Int? {
    switch choice {
    case .none: return nil
    case .job:
      usesJobActivation = true
      return 0
    case .own(let section):
      specification.activations.append(section.specification)
      return specification.activations.count - 1
    }
  }
}

extension ModelSection {
  /// How many numbers the last layer gives for a row of `inputs` numbers, before any output layer.
  func lastWidth(inputs: Int) -> Int {
    computed.reduce(inputs) { width, layer in layer.dense?.units ?? width }
  }

  /// All layers as they are computed: those inside a residual one, then itself.
  private var computed: [Layer] { layers.flatMap(\.computed) }

  /// Reports every residual layer that does not give as many numbers as it reads.
  func checkResidualWidths(inputs: Int, at pointer: JSONPointer, faults: FaultCollector) {
    Self.checkWidths(layers, inputs: inputs, at: pointer.appending("layers"), faults: faults)
  }

  @discardableResult
  private static func checkWidths(
    _ layers: [Layer], inputs: Int, at pointer: JSONPointer, faults: FaultCollector
  ) -> Int {
    layers.enumerated().reduce(inputs) { width, entry in
      guard case .residual(let inner) = entry.element else { return entry.element.dense?.units ?? width }
      let place = pointer.appending(entry.offset)
      let last = checkWidths(inner, inputs: width, at: place.appending("layers"), faults: faults)
      if last != width {
        faults.add(
          "a residual layer adds what it reads, \(width) \(width == 1 ? "number" : "numbers") per row, to what its "
            + "layers give, which is \(last); the two must be the same", at: place)
      }
      return width
    }
  }

  /// Weights and biases of the dense layers; a double, because counting must not overflow before it is checked.
  func denseParameterCount(inputs: Int, outputs: Int) -> Double {
    var count = 0.0
    var width = Double(inputs)
    for case let dense? in computed.map(\.dense) {
      count += (width + 1) * Double(dense.outputs)
      width = Double(dense.units)
    }
    return output == .dense ? count + (width + 1) * Double(outputs) : count
  }

  /// What all layers hold for one row; a layer with an activation counts twice, a gate holds its halves apart, and what
  /// a hypernetwork makes for each row counts too.
  func valuesPerRow(inputs: Int, outputs: Int, activation job: ActivationSpecification?) -> Double {
    var width = Double(inputs)
    return computed.reduce(Double(inputs + outputs)) { sum, layer in
      width = layer.dense.map { Double($0.units) } ?? width
      let generated = layer.activation(ofJob: job)?.generatedValuesPerRow(units: width) ?? 0
      let sum = sum + generated
      // A sum keeps its gradient beside its values.
      if case .residual = layer { return sum + 2 * width }
      guard let dense = layer.dense else { return sum + width }
      switch layer {
      case .gated: return sum + Double(dense.outputs) + 3 * width
      case .maxout: return sum + Double(dense.outputs) + 2 * width
      case .dense, .activation, .dropout, .batchNorm, .layerNorm, .residual: return sum + 2 * width
      }
    }
  }
}

extension ModelSection {
  /// Whether a layer normalises over the rows of a mini-batch.
  var normalizesBatch: Bool {
    computed.contains { layer in
      if case .batchNorm = layer { true } else { false }
    }
  }
}

extension ModelSection.Layer {
  fileprivate var computed: [ModelSection.Layer] {
    if case .residual(let layers) = self { layers.flatMap(\.computed) + [self] } else { [self] }
  }

  /// The numbers that the layer's dense part gives for a row and how many the layer makes of them, if it has one.
  fileprivate var dense: (outputs: Int, units: Int)? {
    switch self {
    case .dense(let units, _): (units, units)
    case .gated(let units, _): (2 * units, units)
    case .maxout(let units, let pieces, _): (pieces * units, units)
    case .activation, .dropout, .batchNorm, .layerNorm, .residual: nil
    }
  }

  fileprivate func activation(ofJob job: ActivationSpecification?) -> ActivationSpecification? {
    switch self {
    case .dense(_, let choice), .activation(let choice), .gated(_, let choice), .maxout(_, _, let choice):
      switch choice {
      case .job: job
      case .none: nil
      case .own(let section): section.specification
      }
    case .dropout, .batchNorm, .layerNorm, .residual: nil
    }
  }
}

extension ActivationSpecification {
  /// What a hypernetwork that sees samples holds for one row: its hidden layers, and three times the parameters that it
  /// makes (as its output, as raw values, and as the function's programs prepare them).
  fileprivate func generatedValuesPerRow(units: Double) -> Double {
    guard case .generated(let hypernetwork) = kind, hypernetwork.input == .sample else { return 0 }
    let parameters = Double(hypernetwork.target.parameters.count) * (hypernetwork.perUnit ? units : 1)
    return Double(2 * hypernetwork.hidden.reduce(0, +)) + 3 * parameters
  }
}
