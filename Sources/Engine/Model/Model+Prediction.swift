// Prediction and evaluation by an inference rule, for any number of rows.

extension Model {
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
    let width = specification.outputs
    forEachChunk(of: rows) { start, count in
      link(inputs + start * specification.inputs, rows: count, rule: rule)
      for index in 0..<count * width { outputs[start * width + index] = Float(averaged.linked[index]) }
    }
  }

  /// The mean loss of predictions: of the averaged probabilities where the rule averages, else of the logits.
  public func evaluateLoss(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, rule: InferenceRule? = nil
  ) -> Double {
    let outputs = specification.outputs
    let targetWidth = loss.targetsPerRow(outputs: outputs)
    var sum = 0.0
    forEachChunk(of: rows) { start, count in
      let input = inputs + start * specification.inputs
      let target = targets + start * targetWidth
      let value: Double
      if draws.passCount(rule: rule) == 1 {
        _ = draws.prepare(pass: 0, of: 1, rule: rule)
        forward(input, rows: count)
        value = loss.value(logits: layers.output, targets: target, rows: count, outputs: outputs)
      } else {
        link(input, rows: count, rule: rule)
        value = loss.value(
          linked: averaged.linked, complements: averaged.complements,
          targets: target,
          rows: count, outputs: outputs)
      }
      sum += value * Double(count)
    }
    return sum / Double(rows)
  }

  /// Shows what every activation layer reads, its pre-activations, chunk by chunk: for input statistics. A gate's
  /// activation reads the second half of the layer before.
  ///
  /// Where a random activation averages, all are passed as their expected functions, since no single pass stands for the
  /// average.
  public func forEachActivationInput(
    inputs: UnsafePointer<Float>, rows: Int,
    _ body: (_ layer: Int, _ values: UnsafeBufferPointer<Float>, _ rows: Int, _ units: Int) -> Void
  ) {
    forEachChunk(of: rows) { start, count in
      let input = inputs + start * specification.inputs
      let averages = draws.passCount(rule: nil) > 1
      _ = draws.prepare(pass: 0, of: 1, rule: averages ? .expected : nil)
      forward(input, rows: count)
      for (index, entry) in plan.entries.enumerated() {
        guard entry.layer.activation != nil else { continue }
        let read =
          if let gate = layers.layers[index] as? Gate {
            UnsafePointer(gate.gates.base)
          } else {
            layers.input(ofLayer: index, input)
          }
        body(
          index, UnsafeBufferPointer(start: read, count: count * entry.outputs), count, entry.outputs)
      }
    }
  }

  /// Leaves the linked outputs of at most `capacity` rows, averaged over the rule's passes, in `averaged`.
  private func link(_ inputs: UnsafePointer<Float>, rows: Int, rule: InferenceRule?) {
    averaged.linked.update(repeating: 0, count: rows * specification.outputs)
    averaged.complements.update(repeating: 0, count: rows * specification.outputs)
    let passes = draws.passCount(rule: rule)
    for pass in 0..<passes {
      let weight = draws.prepare(pass: pass, of: passes, rule: rule)
      if weight == 0 { continue }
      forward(inputs, rows: rows)
      loss.accumulateLinked(
        logits: layers.output, rows: rows, outputs: specification.outputs, weight: weight,
        into: averaged.linked, complements: averaged.complements)
    }
  }

  private func forEachChunk(of rows: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    for start in stride(from: 0, to: rows, by: capacity) { body(start, min(capacity, rows - start)) }
  }
}
