// From the `model` and `activation` sections to the engine's specification, once the widths of the data are known.

import Activations
package import Engine
import JSON

/// A model's specification and where its activation layers stand in the client's document.
package struct ModelAssembly: Sendable {
  /// An activation layer as the client knows it.
  package struct ActivationSite: Equatable, Sendable {
    /// The index in the engine's layers.
    package var engineLayer: Int
    /// The index in the client's `hidden` or `layers`.
    package var layer: Int
    /// The index in the specification's activations.
    package var activation: Int
    package var units: Int

    package var name: String { "layers.\(layer).activation" }
  }

  package private(set) var specification: ModelSpecification
  package private(set) var sites: [ActivationSite] = []
  /// Whether any layer uses the job's own activation.
  package private(set) var usesJobActivation = false

  package init(_ model: ModelSection, activation: ActivationSection, inputs: Int, outputs: Int) {
    specification = ModelSpecification(
      inputs: inputs, layers: [], outputs: outputs, hasOutputLayer: model.output == .dense,
      activations: [activation.specification])
    var width = inputs
    for (index, layer) in model.layers.enumerated() {
      switch layer {
      case .dense(let units, let choice):
        specification.layers.append(.dense(units: units))
        width = units
        append(choice, layer: index, units: width)
      case .activation(let choice): append(choice, layer: index, units: width)
      case .gated(let units, let choice):
        specification.layers.append(.dense(units: 2 * units))
        width = units
        append(choice, layer: index, units: width, asGate: true)
      case .maxout(let units, let pieces, let choice):
        specification.layers += [.dense(units: pieces * units), .maxout(pieces: pieces)]
        width = units
        append(choice, layer: index, units: width)
      case .dropout(let rate): specification.layers.append(.dropout(rate: rate))
      case .batchNorm: specification.layers.append(.batchNorm)
      case .layerNorm: specification.layers.append(.layerNorm)
      }
    }
  }

  private mutating func append(
    _ choice: ModelSection.ActivationChoice, layer: Int, units: Int, asGate: Bool = false
  ) {
    let activation: Int
    switch choice {
    case .none: return
    case .job:
      activation = 0
      usesJobActivation = true
    case .own(let section):
      activation = specification.activations.count
      specification.activations.append(section.specification)
    }
    sites.append(
      ActivationSite(
        engineLayer: specification.layers.count, layer: layer, activation: activation, units: units))
    specification.layers.append(asGate ? .gate(activation) : .activation(activation))
  }
}

extension ModelSection {
  /// How many numbers the last layer gives for a row of `inputs` numbers, before any output layer.
  func lastWidth(inputs: Int) -> Int {
    layers.reduce(inputs) { width, layer in layer.dense?.units ?? width }
  }

  /// Weights and biases of the dense layers; a double, because counting must not overflow before it is checked.
  func denseParameterCount(inputs: Int, outputs: Int) -> Double {
    var count = 0.0
    var width = Double(inputs)
    for case let dense? in layers.map(\.dense) {
      count += (width + 1) * Double(dense.outputs)
      width = Double(dense.units)
    }
    return output == .dense ? count + (width + 1) * Double(outputs) : count
  }

  /// What all layers hold for one row; a layer with an activation counts twice, a gate holds its halves apart, and what
  /// a hypernetwork makes for each row counts too.
  func valuesPerRow(inputs: Int, outputs: Int, activation job: ActivationSpecification?) -> Double {
    var width = Double(inputs)
    return layers.reduce(Double(inputs + outputs)) { sum, layer in
      width = layer.dense.map { Double($0.units) } ?? width
      let generated = layer.activation(ofJob: job)?.generatedValuesPerRow(units: width) ?? 0
      let sum = sum + generated
      guard let dense = layer.dense else { return sum + width }
      switch layer {
      case .gated: return sum + Double(dense.outputs) + 3 * width
      case .maxout: return sum + Double(dense.outputs) + 2 * width
      case .dense, .activation, .dropout, .batchNorm, .layerNorm: return sum + 2 * width
      }
    }
  }
}

extension ModelSection.Layer {
  /// The numbers that the layer's dense part gives for a row and how many the layer makes of them, if it has one.
  fileprivate var dense: (outputs: Int, units: Int)? {
    switch self {
    case .dense(let units, _): (units, units)
    case .gated(let units, _): (2 * units, units)
    case .maxout(let units, let pieces, _): (pieces * units, units)
    case .activation, .dropout, .batchNorm, .layerNorm: nil
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
    case .dropout, .batchNorm, .layerNorm: nil
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
