// From the `model` and `activation` sections to the engine's specification, once the widths of the data are known.

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
      case .dropout(let rate): specification.layers.append(.dropout(rate: rate))
      case .batchNorm: specification.layers.append(.batchNorm)
      case .layerNorm: specification.layers.append(.layerNorm)
      }
    }
  }

  private mutating func append(_ choice: ModelSection.ActivationChoice, layer: Int, units: Int) {
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
    specification.layers.append(.activation(activation))
  }
}

extension ModelSection {
  /// How many numbers the last layer gives for a row of `inputs` numbers, before any output layer.
  func lastWidth(inputs: Int) -> Int {
    layers.reduce(inputs) { width, layer in
      if case .dense(let units, _) = layer { units } else { width }
    }
  }

  /// Weights and biases of the dense layers; a double, because counting must not overflow before it is checked.
  func denseParameterCount(inputs: Int, outputs: Int) -> Double {
    var count = 0.0
    var width = Double(inputs)
    for case .dense(let units, _) in layers {
      count += (width + 1) * Double(units)
      width = Double(units)
    }
    return output == .dense ? count + (width + 1) * Double(outputs) : count
  }

  /// What all layers hold for one row; a layer with an activation counts twice.
  func valuesPerRow(inputs: Int, outputs: Int) -> Double {
    var width = Double(inputs)
    return layers.reduce(Double(inputs + outputs)) { sum, layer in
      if case .dense(let units, _) = layer {
        width = Double(units)
        return sum + 2 * width
      }
      return sum + width
    }
  }
}
