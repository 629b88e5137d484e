// Prediction and evaluation by an inference rule, for any number of rows.

/// How the layers are run over a block of rows: by one thread, or by a model's team.
typealias ForwardRun = (_ pass: Pass, _ input: UnsafePointer<Float>) -> Void

extension Predictor {
  /// Writes the linked outputs of some rows: regression values, or probabilities (sigmoid, softmax).
  ///
  /// - Parameters:
  ///   - inputs: row-major, `rows` × the specification's inputs.
  ///   - outputs: room for `rows` × the specification's outputs.
  ///   - rule: for random activations; nil takes each one's own.
  /// - Complexity: one forward pass, for `average` one per combination of draws (at most 64, else 16).
  public func predict(
    inputs: UnsafePointer<Float>, rows: Int, into outputs: UnsafeMutablePointer<Float>,
    rule: InferenceRule? = nil
  ) {
    predict(inputs: inputs, rows: rows, into: outputs, rule: rule, run: forward)
  }

  /// The linked outputs of some rows, row-major.
  ///
  /// - Parameter inputs: row-major, `rows` × the specification's inputs.
  public func predictions(inputs: [Float], rows: Int) -> [Float] {
    precondition(inputs.count == rows * specification.inputs, "the inputs are whole rows")
    return predictions(inputs: inputs, rows: rows, run: forward)
  }
}

/// Takes numbers that an activation read, rows × units, and which of ``Model/activationLayers`` it was.
public typealias ActivationValues = (
  _ index: Int, _ values: UnsafeBufferPointer<Float>, _ rows: Int, _ units: Int
) -> Void

extension Predictor {
  func predictions(inputs: [Float], rows: Int, run: ForwardRun) -> [Float] {
    let count = rows * specification.outputs
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      inputs.withUnsafeBufferPointer { inputs in
        if let input = inputs.baseAddress, let output = buffer.baseAddress, rows > 0 {
          predict(inputs: input, rows: rows, into: output, rule: nil, run: run)
        }
      }
      initialized = count
    }
  }

  func predict(
    inputs: UnsafePointer<Float>, rows: Int, into outputs: UnsafeMutablePointer<Float>, rule: InferenceRule?,
    run: ForwardRun
  ) {
    let width = specification.outputs
    forEachChunk(of: rows) { start, count in
      link(inputs + start * specification.inputs, rows: count, rule: rule, run: run)
      for index in 0..<count * width { outputs[start * width + index] = Float(averaged.linked[index]) }
    }
  }

  func evaluate(
    inputs: [Float], targets: [Float], rows: Int, isStopped: () -> Bool, run: ForwardRun
  ) -> (outputs: [Float], loss: Double)? {
    let width = specification.outputs
    let targetWidth = loss.targetsPerRow(outputs: width)
    precondition(
      inputs.count == rows * specification.inputs && targets.count == rows * targetWidth,
      "inputs and targets are whole rows")
    let averages = draws.passCount(rule: nil) > 1
    var sum = 0.0
    var wasStopped = false
    let outputs = [Float](unsafeUninitializedCapacity: rows * width) { outputs, initialized in
      inputs.withUnsafeBufferPointer { inputs in
        targets.withUnsafeBufferPointer { targets in
          guard let input = inputs.baseAddress, let target = targets.baseAddress else { return }
          forEachChunk(of: rows) { start, count in
            wasStopped = wasStopped || isStopped()
            if wasStopped { return }
            link(input + start * specification.inputs, rows: count, rule: nil, run: run)
            for index in 0..<count * width {
              outputs.initializeElement(at: start * width + index, to: Float(averaged.linked[index]))
            }
            let target = target + start * targetWidth
            sum += lastLoss(target, rows: count, averages: averages) * Double(count)
            initialized += count * width
          }
        }
      }
    }
    return wasStopped ? nil : (outputs, sum / Double(rows))
  }

  /// The mean loss of predictions: of the averaged probabilities where the rule averages, else of the logits.
  func evaluateLoss(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, rule: InferenceRule?,
    run: ForwardRun
  ) -> Double {
    let outputs = specification.outputs
    let targetWidth = loss.targetsPerRow(outputs: outputs)
    var sum = 0.0
    forEachChunk(of: rows) { start, count in
      let input = inputs + start * specification.inputs
      let target = targets + start * targetWidth
      let averages = draws.passCount(rule: rule) > 1
      if averages {
        link(input, rows: count, rule: rule, run: run)
      } else {
        _ = draws.prepare(pass: 0, of: 1, rule: rule)
        forward(input, rows: count, run)
      }
      sum += lastLoss(target, rows: count, averages: averages) * Double(count)
    }
    return sum / Double(rows)
  }

  /// The mean loss of the rows of the last pass, or of the passes that were averaged.
  private func lastLoss(_ targets: UnsafePointer<Float>, rows: Int, averages: Bool) -> Double {
    let outputs = specification.outputs
    return averages
      ? loss.value(
        linked: averaged.linked, complements: averaged.complements, targets: targets, rows: rows,
        outputs: outputs)
      // The logits of the only pass are still there, and exacter.
      : loss.value(logits: layers.output, targets: targets, rows: rows, outputs: outputs)
  }

  func forEachActivationInput(
    inputs: UnsafePointer<Float>, rows: Int, run: ForwardRun,
    _ body: ActivationValues
  ) {
    forEachChunk(of: rows) { start, count in
      let input = inputs + start * specification.inputs
      let averages = draws.passCount(rule: nil) > 1
      _ = draws.prepare(pass: 0, of: 1, rule: averages ? .expected : nil)
      forward(input, rows: count, run)
      let pass = makePass(rows: count, .prediction)
      for (index, place) in plan.sites.enumerated() {
        layers.showActivationInput(
          place.site.position, ofLayer: place.entry, pass, input: input
        ) { values, rows, units in
          body(index, UnsafeBufferPointer(start: values, count: rows * units), rows, units)
        }
      }
    }
  }

  /// Leaves the linked outputs of at most `capacity` rows, averaged over the rule's passes, in `averaged`.
  private func link(_ inputs: UnsafePointer<Float>, rows: Int, rule: InferenceRule?, run: ForwardRun) {
    averaged.linked.update(repeating: 0, count: rows * specification.outputs)
    averaged.complements.update(repeating: 0, count: rows * specification.outputs)
    let passes = draws.passCount(rule: rule)
    for pass in 0..<passes {
      let weight = draws.prepare(pass: pass, of: passes, rule: rule)
      if weight == 0 { continue }
      forward(inputs, rows: rows, run)
      loss.accumulateLinked(
        logits: layers.output, rows: rows, outputs: specification.outputs, weight: weight,
        into: averaged.linked, complements: averaged.complements)
    }
  }

  /// Leaves the raw outputs of some rows in the layers.
  private func forward(_ input: UnsafePointer<Float>, rows: Int, _ run: ForwardRun) {
    let pass = makePass(rows: rows, .prediction)
    layers.prepare(pass)
    run(pass, input)
  }

  private func forEachChunk(of rows: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    for start in stride(from: 0, to: rows, by: capacity) { body(start, min(capacity, rows - start)) }
  }
}
