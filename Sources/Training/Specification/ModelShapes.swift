// The shapes of a model's layers, checked one after the other before any model is made.

import Activations
import Data
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
  /// The layers of the document, outermost ones, with what they read and give.
  private(set) var rows: [Row] = []

  private let pointer: JSONPointer
  /// Whether the document names the layers.
  private let isGiven: Bool
  private let faults: FaultCollector
  private let activations: [ActivationSpecification?]
  private let limits: TrainingLimits
  /// What is legal but was probably not meant.
  private(set) var warnings: [Warning] = []

  /// A layer with its shapes.
  struct Row {
    let type: String
    let pointer: JSONPointer
    let input: RowShape
    let output: RowShape
  }

  /// Reports every layer that cannot read what it is given.
  ///
  /// - Parameters:
  ///   - activation: the job's own; nil where it is faulty.
  ///   - lengths: of the shortest row and of the longest, where rows differ.
  ///   - targetSteps: steps of a row that have a target; nil where a row has one.
  ///   - pointer: where the section is.
  init(
    _ model: ModelSection, activation: ActivationSpecification?, input: RowShape,
    lengths: ClosedRange<Int>?, outputs: Int, targetSteps: Int?, at pointer: JSONPointer,
    faults: FaultCollector, limits: TrainingLimits
  ) {
    let assembler = LayerAssembler(model, activation: activation)
    self.pointer = pointer
    self.faults = faults
    self.limits = limits
    activations = assembler.activations
    isGiven = model.isGiven
    isEmpty = assembler.layers.isEmpty && !assembler.assembled.contains(where: \.isFaulty)
    values = Double(input.count)
    let source = Source(shape: input, layer: nil, lengths: lengths)
    warnings = UselessBias.warnings(assembler.assembled, at: pointer)
    guard let last = walk(assembler.assembled, from: source) else { return }
    self.last = last.shape
    checkOutput(last, of: model, input: input, targetSteps: targetSteps)
    guard model.output == .dense else {
      // The last layer's values are the outputs; they stand for the gradient by them.
      values += Double(last.shape.positions * outputs)
      return
    }
    count(.dense(units: outputs), from: last.shape)
    rows.append(
      Row(
        type: "dense", pointer: pointer.appending("output"), input: last.shape,
        output: last.shape.with(channels: outputs)))
  }

  /// Whether the layers give a vector for each row, or a sequence as long as the targets are.
  private func checkOutput(_ last: Source, of model: ModelSection, input: RowShape, targetSteps: Int?) {
    let place = isGiven ? pointer.appending(model.layersPlace) : pointer
    switch (last.shape, targetSteps) {
    case (.features, nil): break
    case (.sequence(let steps, _), let targetSteps?):
      if steps == targetSteps { return }
      // What changes the steps, if a layer does.
      let path = rows.reduce("\(input)") {
        $1.input.steps == $1.output.steps ? $0 : "\($0) → `\($1.type)` → \($1.output)"
      }
      faults.add(
        "targets have \(targetSteps) \(targetSteps == 1 ? "step" : "steps"), the layers give \(steps) (\(path))",
        at: JSONPointer().appending("data").appending("targets"))
    case (_, let targetSteps?):
      let advice = last.layer?.isRecurrent == true ? ": set `return_sequences`" : ""
      faults.add(
        "targets are sequences of \(targetSteps) steps, and the layers give \(last.shape)\(advice)", at: place
      )
    case (_, nil):
      faults.add(
        "the output layer needs a vector for each row, or a sequence where targets are sequences; the layers give "
          + "\(last.shape): \(advice(last))", at: place)
    }
  }

  /// What makes a vector of what the last layer gives.
  private func advice(_ last: Source) -> String {
    if last.layer?.isRecurrent == true { return "leave out `return_sequences`" }
    if case .sequence = last.shape { return "end with a recurrent layer, `flatten` or `global_average_pool`" }
    return "add `flatten` or `global_average_pool`"
  }

  /// What a layer reads, and which layer gives it; nil: the data.
  private struct Source {
    var shape: RowShape
    var layer: (index: String, type: String, isRecurrent: Bool)?
    /// Of the shortest row and of the longest, where rows differ.
    var lengths: ClosedRange<Int>?
  }

  private mutating func walk(_ layers: [AssembledLayer], from source: Source) -> Source? {
    var source = source
    for layer in layers {
      guard let shape = walk(layer, from: source) else { return nil }
      let isRecurrent = layer.layers.contains(where: \.isRecurrent)
      if layer.isOutermost {
        rows.append(
          Row(type: layer.type, pointer: pointer.appending(layer.place), input: source.shape, output: shape))
      }
      source = Source(
        shape: shape, layer: (layer.index, layer.type, isRecurrent),
        lengths: shape.steps == nil ? nil : source.lengths.map { lengths(after: layer, of: $0) })
    }
    return source
  }

  private mutating func walk(_ layer: AssembledLayer, from source: Source) -> RowShape? {
    // Its own faults have been told, and what follows from them would mislead.
    if layer.isFaulty { return nil }
    if !layer.inner.isEmpty {
      guard walk(layer.inner, from: source) != nil else { return nil }
    }
    var shape = source.shape
    for engine in layer.layers {
      check(engine, of: layer, reading: source)
      do throws(ShapeFault) {
        let input = shape
        shape = try engine.output(from: shape)
        guard isAllowed(shape, of: layer, from: input, engine) else { return nil }
        count(engine, from: input)
        warn(engine, of: layer, from: input)
      } catch {
        report(error, of: layer, reading: source)
        guard case .sum(let read, _) = error.reason else { return nil }
        shape = read
      }
    }
    return shape
  }

  private mutating func count(_ layer: LayerSpecification, from input: RowShape) {
    parameters += layer.parameterCount(from: input)
    values += Double(layer.values(from: input))
    for use in layer.activationUnits(from: input) {
      guard let activation = activations[use.index] else { continue }
      values += activation.generatedValuesPerRow(units: Double(use.units))
    }
  }

  private func lengths(after layer: AssembledLayer, of lengths: ClosedRange<Int>) -> ClosedRange<Int> {
    layer.layers.reduce(lengths) { lengths, engine in
      engine.length(from: lengths.lowerBound)...engine.length(from: lengths.upperBound)
    }
  }

  /// Whether a row of a shape is not too large, by itself, for any step; what follows may then be computed with it.
  private func isAllowed(
    _ shape: RowShape, of layer: AssembledLayer, from input: RowShape, _ engine: LayerSpecification
  ) -> Bool {
    let numbers = shape.dimensions.reduce(1.0) { $0 * Double($1) }
    guard numbers > Double(limits.maximumStepValues) else { return true }
    let units = engine.hasFilters ? "filters" : "units"
    faults.add(
      "\(input) → \(shape.channels) \(units) gives \(grouped(numbers)) numbers a row; at most "
        + "\(grouped(Double(limits.maximumStepValues))) are allowed", at: place(of: layer))
    return false
  }

  private mutating func warn(_ engine: LayerSpecification, of layer: AssembledLayer, from input: RowShape) {
    let names = input.steps == nil ? ["row", "column"] : ["step"]
    let dropped = zip(names, engine.dropped(from: input)).filter { $1.count > 0 }
    guard !dropped.isEmpty else { return }
    let words = dropped.map { name, axis in
      axis.count == 1 ? "the last \(name) of \(axis.of)" : "the last \(axis.count) \(name)s of \(axis.of)"
    }
    let isOne = dropped.count == 1 && dropped[0].1.count == 1
    warnings.append(
      Warning(
        code: "pooling_drops",
        message: "\(words.joined(separator: " and ")) \(isOne ? "is" : "are") in no window",
        pointer: place(of: layer)))
  }

  private func place(of layer: AssembledLayer) -> JSONPointer {
    isGiven ? pointer.appending(layer.place) : pointer
  }

  /// What no shape tells.
  private func check(_ engine: LayerSpecification, of layer: AssembledLayer, reading source: Source) {
    if engine.tokens != nil, source.layer != nil {
      faults.add("`embedding` reads whole numbers: it can only be the first layer", at: place(of: layer))
    }
    if engine.needsOneLength, let lengths = source.lengths {
      // Rows of tokens may differ another time, though these do not.
      let reason =
        lengths.lowerBound == lengths.upperBound
        ? "with `mask_zero` zeros at the end of a row are no steps of it"
        : "these have \(lengths.lowerBound) to \(lengths.upperBound) steps"
      faults.add(
        "`\(layer.type)` needs rows of one length; \(reason): end with a recurrent layer or global pooling",
        at: place(of: layer))
    }
    guard engine.isRecurrent else { return }
    for (index, member) in engine.activationMembers {
      guard case .generated? = activations[index]?.kind else { continue }
      let sentence =
        "a hypernetwork cannot be inside a recurrent cell; put it into an `activation` layer behind"
      if index == 0 {
        faults.add("the job's activation is a hypernetwork: \(sentence)", at: place(of: layer))
      } else {
        faults.add(sentence, at: place(of: layer).appending(member).appending("strategy"))
      }
    }
  }

  private func report(_ fault: ShapeFault, of layer: AssembledLayer, reading source: Source) {
    var place = place(of: layer)
    if let member = fault.member { place = place.appending(member) }
    switch fault.reason {
    case .sentence(let sentence): faults.add(sentence, at: place)
    case .needs(let needed):
      if let before = source.layer, before.isRecurrent, case .features = source.shape,
        layer.layers.contains(where: \.isRecurrent)
      {
        faults.add(
          "`\(layer.type)` needs a sequence; layer \(before.index) (`\(before.type)`) gives only its last state "
            + "\(source.shape): set `return_sequences`", at: place)
      } else {
        faults.add("`\(layer.type)` needs \(needed); \(origin(of: source))", at: place)
      }
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

extension ModelShapes {
  /// The layers with their shapes and parameters, and the output layer.
  ///
  /// - Parameter parameters: of each row.
  func document(parameters: [Int]) -> JSONValue {
    .array(
      JSONArray(
        zip(rows, parameters).map { row, parameters -> JSONValue in
          [
            "pointer": .string(row.pointer.fragment), "type": .string(row.type),
            "input": .array(JSONArray(numbers: row.input.dimensions.map(Double.init))),
            "output": .array(JSONArray(numbers: row.output.dimensions.map(Double.init))),
            "parameters": .integer(parameters),
          ]
        }))
  }
}

extension AssembledLayer {
  /// Whether it stands in no other layer.
  fileprivate var isOutermost: Bool { place.tokens.count == 2 }

  /// Its place among the layers beside it.
  fileprivate var index: String { place.tokens.last ?? "" }
}

extension ActivationSpecification {
  /// What a hypernetwork that sees samples holds for one row: what it reads, its hidden layers, and three times the parameters that it
  /// makes (as its output, as raw values, and as the function's programs prepare them).
  fileprivate func generatedValuesPerRow(units: Double) -> Double {
    guard case .generated(let hypernetwork) = kind, hypernetwork.input == .sample else { return 0 }
    let parameters = Double(hypernetwork.target.parameters.count) * (hypernetwork.perUnit ? units : 1)
    return units + Double(2 * hypernetwork.hidden.reduce(0, +)) + 3 * parameters
  }
}
