// The shapes of a model's layers, checked one after the other before any model is made.

import Activations
import Engine
import JSON
import Text

/// What the layers of a document make of a row.
struct ModelShapes {
  /// What the last layer gives, before any output layer; nil where a fault says why it is not known.
  private(set) var last: RowShape?
  /// Weights and biases of all layers; a double, because counting must not overflow before it is checked.
  private(set) var parameters = 0.0
  /// What all layers hold for one row in a step of training.
  private(set) var values: Double
  /// Whether there is anything to compute.
  let isEmpty: Bool

  private let pointer: JSONPointer
  private let faults: FaultCollector
  private let activations: [ActivationSpecification?]

  /// Reports every layer that cannot read what it is given.
  ///
  /// - Parameters:
  ///   - activation: the job's own; nil where it is faulty.
  ///   - pointer: where the section is.
  init(
    _ model: ModelSection, activation: ActivationSpecification?, input: RowShape, outputs: Int,
    at pointer: JSONPointer, faults: FaultCollector
  ) {
    let assembler = LayerAssembler(model, activation: activation)
    self.pointer = pointer
    self.faults = faults
    activations = assembler.activations
    isEmpty = assembler.layers.isEmpty
    values = Double(input.count)
    let source = Source(shape: input, layer: nil)
    guard let last = walk(assembler.assembled, from: source) else { return }
    self.last = last.shape
    values += Double(last.shape.positions * outputs)
    if model.output == .dense { count(.dense(units: outputs), from: last.shape) }
  }

  /// What a layer reads, and which layer gives it; nil: the data.
  private struct Source {
    var shape: RowShape
    var layer: (index: String, type: String)?
  }

  private mutating func walk(_ layers: [AssembledLayer], from source: Source) -> Source? {
    var source = source
    for layer in layers {
      guard let shape = walk(layer, from: source) else { return nil }
      source = Source(shape: shape, layer: (layer.index, layer.type))
    }
    return source
  }

  private mutating func walk(_ layer: AssembledLayer, from source: Source) -> RowShape? {
    if !layer.inner.isEmpty {
      guard walk(layer.inner, from: source) != nil else { return nil }
    }
    var shape = source.shape
    for engine in layer.layers {
      do throws(ShapeFault) {
        let input = shape
        shape = try engine.output(from: shape)
        count(engine, from: input)
      } catch {
        report(error, of: layer, reading: source)
        guard case .sum(let read, _) = error.reason else { return nil }
        shape = read
      }
    }
    return shape
  }

  private mutating func count(_ layer: LayerSpecification, from input: RowShape) {
    parameters += Double(layer.parameterCount(from: input))
    values += Double(layer.values(from: input))
    for use in layer.activationUnits(from: input) {
      guard let activation = activations[use.index] else { continue }
      values += activation.generatedValuesPerRow(units: Double(use.units)) * Double(input.positions)
    }
  }

  private func report(_ fault: ShapeFault, of layer: AssembledLayer, reading source: Source) {
    var place = layer.place.tokens.reduce(pointer) { $0.appending($1) }
    if let member = fault.member { place = place.appending(member) }
    switch fault.reason {
    case .sentence(let sentence): faults.add(sentence, at: place)
    case .needs(let needed): faults.add("`\(layer.type)` needs \(needed); \(origin(of: source))", at: place)
    case .sum(let read, let given):
      faults.add(
        "a residual layer adds what it reads, \(words(read)), to what its "
          + "layers give, which is \(given.dimensions.count == 1 ? String(given.count) : "\(given)"); the two must be the same",
        at: place)
    }
  }

  private func words(_ shape: RowShape) -> String {
    guard case .features(let width) = shape else { return "\(shape)" }
    return "\(width) \(width == 1 ? "number" : "numbers") per row"
  }

  private func origin(of source: Source) -> String {
    if let layer = source.layer { return "layer \(layer.index) (`\(layer.type)`) gives \(source.shape)" }
    guard case .features(let count) = source.shape else { return "the data has rows of \(source.shape)" }
    return "the data has rows of \(count) \(count == 1 ? "number" : "numbers"): give `data.input_shape`"
  }
}

extension AssembledLayer {
  /// Its place among the layers beside it.
  fileprivate var index: String { place.tokens.last ?? "" }
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
