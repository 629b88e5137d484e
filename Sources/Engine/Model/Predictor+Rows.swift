// Prediction and evaluation by an inference rule, for any number of rows.

/// How the layers are run over a block of rows: by one thread, or by a model's team.
typealias ForwardRun = (_ pass: Pass, _ input: UnsafePointer<Float>) -> Void

extension Predictor {
  /// Writes the linked outputs of some rows: regression values, or probabilities (sigmoid, softmax).
  ///
  /// - Parameters:
  ///   - inputs: row-major, `rows` × the specification's inputs.
  ///   - lengths: steps of each row, at least 1; nil: all of them.
  ///   - outputs: room for `rows` × the numbers that the plan gives for a row; behind the end of a row they mean nothing.
  ///   - rule: for random activations; nil takes each one's own.
  /// - Complexity: one forward pass, for `average` one per combination of draws (at most 64, else 16).
  public func predict(
    inputs: UnsafePointer<Float>, rows: Int, lengths: UnsafePointer<Int32>? = nil,
    into outputs: UnsafeMutablePointer<Float>, rule: InferenceRule? = nil
  ) {
    predict(RowBlock(inputs, rows: rows, lengths), into: outputs, rule: rule, run: forward)
  }

  /// The linked outputs of some rows, row-major.
  ///
  /// - Parameters:
  ///   - inputs: row-major, `rows` × the specification's inputs.
  ///   - lengths: steps of each row, at least 1; nil: all of them.
  public func predictions(inputs: [Float], rows: Int, lengths: [Int32]? = nil) -> [Float] {
    precondition(inputs.count == rows * specification.inputs, "the inputs are whole rows")
    return predictions(inputs: inputs, rows: rows, lengths: lengths, run: forward)
  }
}

/// Takes numbers that an activation read, rows × units, and which of ``Model/activationLayers`` it was.
public typealias ActivationValues = (
  _ index: Int, _ values: UnsafeBufferPointer<Float>, _ rows: Int, _ units: Int
) -> Void

/// Rows that lie one after the other.
struct RowBlock {
  let inputs: UnsafePointer<Float>
  let rows: Int
  /// Steps of each row; nil: all of them.
  let lengths: UnsafePointer<Int32>?

  init(_ inputs: UnsafePointer<Float>, rows: Int, _ lengths: UnsafePointer<Int32>?) {
    (self.inputs, self.rows, self.lengths) = (inputs, rows, lengths)
  }

  /// Some of them.
  func part(from start: Int, rows: Int, width: Int) -> RowBlock {
    RowBlock(inputs + start * width, rows: rows, lengths.map { $0 + start })
  }
}

/// Some lengths, or none.
func withLengths<Value>(_ lengths: [Int32]?, _ body: (UnsafePointer<Int32>?) -> Value) -> Value {
  guard let lengths else { return body(nil) }
  return lengths.withUnsafeBufferPointer { body($0.baseAddress) }
}

extension Predictor {
  func predictions(inputs: [Float], rows: Int, lengths: [Int32]?, run: ForwardRun) -> [Float] {
    let count = rows * plan.output.count
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      inputs.withUnsafeBufferPointer { inputs in
        withLengths(lengths) { lengths in
          if let input = inputs.baseAddress, let output = buffer.baseAddress, rows > 0 {
            predict(RowBlock(input, rows: rows, lengths), into: output, rule: nil, run: run)
          }
        }
      }
      initialized = count
    }
  }

  func predict(
    _ block: RowBlock, into outputs: UnsafeMutablePointer<Float>, rule: InferenceRule?, run: ForwardRun
  ) {
    let width = plan.output.count
    forEachChunk(of: block) { start, chunk in
      link(chunk, rule: rule, run: run)
      for index in 0..<chunk.rows * width { outputs[start * width + index] = Float(averaged.linked[index]) }
    }
  }

  func evaluate(
    inputs: [Float], targets: [Float], rows: Int, lengths: [Int32]?, isStopped: () -> Bool, run: ForwardRun
  ) -> (outputs: [Float], loss: Double)? {
    let width = plan.output.count
    let targetWidth = plan.output.positions * loss.targetsPerRow(outputs: specification.outputs)
    precondition(
      inputs.count == rows * specification.inputs && targets.count == rows * targetWidth,
      "inputs and targets are whole rows")
    let averages = draws.passCount(rule: nil) > 1
    var sum = LossSum()
    var wasStopped = false
    let outputs = [Float](unsafeUninitializedCapacity: rows * width) { outputs, initialized in
      inputs.withUnsafeBufferPointer { inputs in
        targets.withUnsafeBufferPointer { targets in
          withLengths(lengths) { lengths in
            guard let input = inputs.baseAddress, let target = targets.baseAddress else { return }
            forEachChunk(of: RowBlock(input, rows: rows, lengths)) { start, chunk in
              wasStopped = wasStopped || isStopped()
              if wasStopped { return }
              link(chunk, rule: nil, run: run)
              for index in 0..<chunk.rows * width {
                outputs.initializeElement(at: start * width + index, to: Float(averaged.linked[index]))
              }
              sum.add(lastLoss(target + start * targetWidth, chunk, averages: averages))
              initialized += chunk.rows * width
            }
          }
        }
      }
    }
    return wasStopped ? nil : (outputs, sum.mean)
  }

  /// The mean loss of predictions: of the averaged probabilities where the rule averages, else of the logits.
  func evaluateLoss(
    _ block: RowBlock, targets: UnsafePointer<Float>, rule: InferenceRule?, run: ForwardRun
  ) -> Double {
    let targetWidth = plan.output.positions * loss.targetsPerRow(outputs: specification.outputs)
    var sum = LossSum()
    forEachChunk(of: block) { start, chunk in
      let averages = draws.passCount(rule: rule) > 1
      if averages {
        link(chunk, rule: rule, run: run)
      } else {
        _ = draws.prepare(pass: 0, of: 1, rule: rule)
        _ = forward(chunk, run)
      }
      sum.add(lastLoss(targets + start * targetWidth, chunk, averages: averages))
    }
    return sum.mean
  }

  /// The mean of means over different numbers of rows.
  private struct LossSum {
    private var sum = 0.0
    private var weight = 0.0

    mutating func add(_ loss: (mean: Double, weight: Double)) {
      sum += loss.mean * loss.weight
      weight += loss.weight
    }

    var mean: Double { sum / weight }
  }

  /// The mean loss of the rows of the last pass, or of the passes that were averaged, and how many rows or steps it is of.
  private func lastLoss(
    _ targets: UnsafePointer<Float>, _ block: RowBlock, averages: Bool
  ) -> (mean: Double, weight: Double) {
    let (outputs, positions) = (specification.outputs, plan.output.positions)
    let targetWidth = loss.targetsPerRow(outputs: outputs)
    func value(_ first: Int, _ rows: Int) -> Double {
      averages
        ? loss.value(
          linked: averaged.linked + first * outputs, complements: averaged.complements + first * outputs,
          targets: targets + first * targetWidth, rows: rows, outputs: outputs)
        // The logits of the only pass are still there, and exacter.
        : loss.value(
          logits: layers.output + first * outputs, targets: targets + first * targetWidth, rows: rows,
          outputs: outputs)
    }
    guard let lengths = layers.outputLengths(pass(block)) else {
      return (value(0, block.rows * positions), Double(block.rows))
    }
    var (sum, count) = (0.0, 0.0)
    for row in 0..<block.rows {
      let length = min(positions, Int(lengths[row]))
      sum += value(row * positions, length) * Double(length)
      count += Double(length)
    }
    return (sum / count, count)
  }

  func forEachActivation(_ block: RowBlock, run: ForwardRun, _ body: ActivationValues) {
    forEachChunk(of: block) { _, chunk in
      let averages = draws.passCount(rule: nil) > 1
      _ = draws.prepare(pass: 0, of: 1, rule: averages ? .expected : nil)
      let pass = forward(chunk, run)
      for (index, place) in plan.sites.enumerated() {
        layers.showActivationInput(
          place.site.position, ofLayer: place.entry, pass, input: chunk.inputs
        ) { values, rows, units in
          body(index, UnsafeBufferPointer(start: values, count: rows * units), rows, units)
        }
      }
    }
  }

  /// Leaves the linked outputs of at most `capacity` rows, averaged over the rule's passes, in `averaged`.
  private func link(_ block: RowBlock, rule: InferenceRule?, run: ForwardRun) {
    let rows = block.rows * plan.output.positions
    averaged.linked.update(repeating: 0, count: rows * specification.outputs)
    averaged.complements.update(repeating: 0, count: rows * specification.outputs)
    let passes = draws.passCount(rule: rule)
    for pass in 0..<passes {
      let weight = draws.prepare(pass: pass, of: passes, rule: rule)
      if weight == 0 { continue }
      _ = forward(block, run)
      loss.accumulateLinked(
        logits: layers.output, rows: rows, outputs: specification.outputs, weight: weight,
        into: averaged.linked, complements: averaged.complements)
    }
  }

  /// A pass of prediction over some rows.
  private func pass(_ block: RowBlock) -> Pass {
    var pass = makePass(rows: block.rows, .prediction)
    pass.lengths = measureLengths(block.inputs, block.lengths, rows: block.rows)
    return pass
  }

  /// Leaves the raw outputs of some rows in the layers.
  private func forward(_ block: RowBlock, _ run: ForwardRun) -> Pass {
    let pass = pass(block)
    layers.prepare(pass)
    run(pass, block.inputs)
    return pass
  }

  private func forEachChunk(of block: RowBlock, _ body: (_ start: Int, _ chunk: RowBlock) -> Void) {
    for start in stride(from: 0, to: block.rows, by: capacity) {
      body(
        start,
        block.part(
          from: start, rows: min(capacity, block.rows - start), width: specification.inputs))
    }
  }
}
