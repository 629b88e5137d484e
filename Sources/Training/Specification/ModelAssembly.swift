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
    /// Numbers in a row of what the activation gives, or in a position of it.
    package var units: Int
  }

  /// The engine's.
  package let specification: ModelSpecification
  /// The activation layers, first to last.
  package let sites: [ActivationSite]
  /// Whether any layer uses the job's own activation.
  package let usesJobActivation: Bool
  /// The client's layers.
  let layers: [AssembledLayer]

  /// - Parameters:
  ///   - activation: the job's own.
  ///   - input: an encoded row.
  ///   - outputs: numbers that the task needs for a row, or for each of its steps.
  package init(_ model: ModelSection, activation: ActivationSection, input: RowShape, outputs: Int) {
    let assembler = LayerAssembler(model, activation: activation.specification)
    specification = ModelSpecification(
      input: input, layers: assembler.layers, outputs: outputs, hasOutputLayer: model.output == .dense,
      activations: assembler.activations.map { $0 ?? activation.specification })
    usesJobActivation = assembler.usesJobActivation
    layers = assembler.assembled
    let origins = layers.flatMap(\.origins)
    sites = ModelPlan(specification).entries.enumerated().flatMap { index, entry in
      entry.sites.map { site in
        ActivationSite(
          engineLayer: index, layer: origins[index].top, name: "\(origins[index].name).\(site.member)",
          activation: site.activation, units: site.units)
      }
    }
  }

  /// Trained numbers of each of the client's outermost layers, then of the output layer.
  func parameterCounts(_ plan: ModelPlan) -> [Int] {
    // By the engine's outermost layers, several of which may be of one of the client's.
    let owners =
      layers.enumerated().flatMap { index, layer in layer.layers.map { _ in index } } + [layers.count]
    var counts = [Int](repeating: 0, count: layers.count + 1)
    for block in plan.blocks { counts[owners[block.layer]] += block.range.count }
    return counts
  }
}
