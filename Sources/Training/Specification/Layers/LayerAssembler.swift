// From the layers of a document to the engine's: which come of which, and which activations they name.

import Activations
package import Engine
import JSON

/// A layer of the document with the engine's layers that stand for it.
package struct AssembledLayer: Sendable {
  /// The document's type.
  package let type: String
  /// Its place below the section of the model: `layers`, 2.
  let place: JSONPointer
  /// `layers.2`, inside a residual layer `layers.2.layers.0`.
  package let name: String
  /// The index of the outermost layer that it is inside, or its own.
  package let top: Int
  /// In the order in which they are computed; of a residual layer, the layer that has the others inside.
  package fileprivate(set) var layers: [LayerSpecification] = []
  /// Whether it is faulty, so that nobody knows what it makes of a row.
  fileprivate(set) var isFaulty = false
  /// The document's layers inside.
  package fileprivate(set) var inner: [AssembledLayer] = []

  /// The layer of the document that each of the engine's is of, as they are computed.
  var origins: [AssembledLayer] { inner.flatMap(\.origins) + layers.map { _ in self } }
}

/// Collects the engine's layers, one layer of the document after the other.
package struct LayerAssembler {
  /// What has been assembled.
  private(set) var assembled: [AssembledLayer] = []
  /// The job's activation, then those of layers; nil for the job's where it is faulty.
  private(set) var activations: [ActivationSpecification?]
  /// Whether any layer uses the job's own activation.
  private(set) var usesJobActivation = false
  private var current: AssembledLayer?

  init(_ model: ModelSection, activation: ActivationSpecification?) {
    activations = [activation]
    assembled = assemble(model.layers, "layers", at: model.layersPlace, in: nil)
  }

  /// The engine's layers.
  var layers: [LayerSpecification] { assembled.flatMap(\.layers) }

  private mutating func assemble(
    _ sections: [any LayerSection], _ path: String, at place: JSONPointer, in top: Int?
  ) -> [AssembledLayer] {
    sections.enumerated().map { index, section in
      let outer = current
      current = AssembledLayer(
        type: section.type, place: place.appending(index), name: "\(path).\(index)", top: top ?? index)
      section.assemble(&self)
      defer { current = outer }
      guard let current else { preconditionFailure("a layer is being assembled") }
      return current
    }
  }

  /// Adds a layer of the engine.
  mutating func append(_ layer: LayerSpecification) { current?.layers.append(layer) }

  /// Marks the layer as one of which nothing is known.
  mutating func stop() { current?.isFaulty = true }

  /// Adds an activation, unless there is none.
  mutating func activate(_ choice: ActivationChoice) {
    if let index = use(choice) { append(.activation(index)) }
  }

  /// Adds a layer that has those of other sections inside.
  mutating func nest(
    _ sections: [any LayerSection], in layer: ([LayerSpecification]) -> LayerSpecification
  ) {
    guard let outer = current else { return }
    let inner = assemble(
      sections, "\(outer.name).layers", at: outer.place.appending("layers"), in: outer.top)
    current?.inner = inner
    append(layer(inner.flatMap(\.layers)))
  }

  /// The index of a layer's activation; nil for none.
  mutating func use(_ choice: ActivationChoice) -> Int? {
    switch choice {
    case .none: return nil
    case .job:
      usesJobActivation = true
      return 0
    case .own(let section): return use(section)
    }
  }

  /// The index of an activation that no other layer has.
  mutating func use(_ section: ActivationSection) -> Int {
    activations.append(section.specification)
    return activations.count - 1
  }
}
