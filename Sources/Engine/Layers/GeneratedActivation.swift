// An activation layer whose parameters are the outputs of a small network over the layer's own input.

import Activations

/// y = f(x; r₀ + h(s(x))), where r₀ are the function's initial raw parameters and h is a dense network with tanh hidden
/// layers and a linear output (Ha, Dai and Le, arXiv 1609.09106, applied to activations).
///
/// With `.statistics`, s(x) is the mean and the standard deviation √(variance + 1e-5) of all the layer's pre-activations,
/// over rows and units: one parameter set for the layer; or of each unit's, over rows: one set for each unit, made by one
/// and the same h. In training they are the batch's, and gradients flow through them; in prediction they are running
/// averages, so that a row's prediction does not depend on the rows beside it. A single number has no spread: where a
/// batch has no more for a pair of statistics, training uses the running ones too, and does not add to them.
/// With `.sample`, s(x) is the row's own vector, of a sequence or an image the mean of its positions, and h gives one
/// parameter set for the row, or one for each of its units, as in Meta-ACON (Ma et al. 2021, arXiv 2009.04759).
final class GeneratedActivation: Layer {
  private let hypernetwork: Hypernetwork
  private let units: Int
  private let generator: LayerStack
  private let initialRaw: [Float]
  private let workspace: ActivationWorkspace
  /// Averages of the statistics, or of the input rows: what stands for the data when no batch is at hand.
  private let running: RunningStatistics
  /// Mean and standard deviation of the batch, or of each unit in turn; or the mean row.
  private let summary: FloatBuffer
  /// Raw parameters and their gradients, [parameter][set].
  private let raw: FloatBuffer
  private let rawGradient: FloatBuffer
  private let generatorInputGradient: FloatBuffer
  /// The mean of each row's positions, where it has several.
  private let means: FloatBuffer
  private let discarded: FloatBuffer

  /// - Parameter offset: where the generator's weights and biases start in the flat vectors, layer by layer.
  init(
    _ hypernetwork: Hypernetwork, units: Int, offset: Int, memory: LayerMemory, combinations: Int
  ) {
    self.hypernetwork = hypernetwork
    self.units = units
    let widths = hypernetwork.generatorWidths(units: units)
    let isBySample = hypernetwork.input == .sample
    let sampleRows = memory.rows / memory.positions
    let generatedRows = isBySample ? sampleRows : hypernetwork.perUnit ? units : 1
    let setCount = hypernetwork.perUnit && isBySample ? sampleRows * units : generatedRows
    let inner = memory.with(rows: generatedRows)
    let tanh = CompiledActivation(Expression.unary(.tanh, .x), parameters: [])
    var layers: [StackedLayer] = []
    var offset = offset
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      if !layers.isEmpty {
        let hidden = SingleActivation(tanh, units: inputs, offset: 0, perUnit: false, memory: inner)
        layers.append(StackedLayer(hidden, outputs: inputs))
      }
      let dense = Dense(inputs: inputs, outputs: outputs, weight: offset, bias: offset + inputs * outputs)
      layers.append(StackedLayer(dense, outputs: outputs))
      offset += (inputs + 1) * outputs
    }
    generator = LayerStack(inputs: widths[0], layers: layers, memory: inner)
    initialRaw = hypernetwork.target.parameters.initialRaw.map(Float.init)
    workspace = hypernetwork.target.makeWorkspace(maximumRows: memory.rows, units: max(setCount, units))
    let width = hypernetwork.statisticsWidth(units: units)
    running = RunningStatistics(width: width, combinations: combinations)
    summary = FloatBuffer(count: width)
    raw = FloatBuffer(count: setCount * initialRaw.count)
    rawGradient = FloatBuffer(count: memory.isForTraining ? raw.count : 0)
    generatorInputGradient = FloatBuffer(count: inner.trainingRows * widths[0])
    means = FloatBuffer(count: isBySample && memory.positions > 1 ? sampleRows * units : 0)
    discarded = FloatBuffer(count: memory.trainingRows * units)
  }

  /// The statistics are those of all rows, and a row's own parameter set has no place of its own in memory.
  var isRowwise: Bool { false }

  var statistics: [RunningStatistics] { [running] }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) { body(x, pass.rows, units) }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    switch (hypernetwork.input, pass.purpose) {
    case (.statistics, .training) where measures(pass):
      measure(x, pass)
      record(pass)
      generate(pass, from: summary.base, rows: statisticRows)
    case (.statistics, _):
      recall(combination: pass.combination)
      generate(pass, from: summary.base, rows: statisticRows)
    case (.sample, .training):
      average(x, pass)
      record(pass)
      generate(pass, from: samples(x, pass), rows: pass.rows / pass.positions)
    case (.sample, .prediction):
      generate(pass, from: samples(x, pass), rows: pass.rows / pass.positions)
    }
    for number in 0..<callCount(pass) {
      let call = call(number, pass)
      hypernetwork.target.forward(
        x: x + call.start, y: y + call.start, rows: call.rows, units: call.units,
        parameters: raw.base + call.set, sharing: call.sharing, workspace: workspace)
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let isBySample = hypernetwork.input == .sample
    let rows = isBySample ? pass.rows / pass.positions : statisticRows
    let input = isBySample ? samples(x, of: pass.positions) : UnsafePointer(summary.base)
    rawGradient.base.update(repeating: 0, count: rows * setsPerRow * initialRaw.count)
    for number in 0..<callCount(pass) {
      let call = call(number, pass)
      hypernetwork.target.backward(
        x: x + call.start, dy: dy + call.start, dx: (dx ?? discarded.base) + call.start, rows: call.rows,
        units: call.units, parameters: raw.base + call.set, dparameters: rawGradient.base + call.set,
        sharing: call.sharing, workspace: workspace)
    }
    let outputs = generator.outputGradient
    for row in 0..<rows {
      for index in initialRaw.indices {
        (outputs + (row * initialRaw.count + index) * setsPerRow).update(
          from: rawGradient.base + place(of: index, row: row, rows: rows, positions: pass.positions),
          count: setsPerRow)
      }
    }
    let inner = innerPass(pass, rows: rows)
    let gradient = generatorInputGradient.base
    generator.backward(inner, input: input, inputGradient: dx == nil ? nil : gradient)
    guard let dx else { return }
    switch hypernetwork.input {
    case .sample: addSampleGradient(gradient, to: dx, pass)
    case .statistics where measures(pass):
      let width = units / statisticRows
      let count = Float(pass.validPositions * width)
      for set in 0..<statisticRows {
        let (mean, deviation) = (summary.base[2 * set], summary.base[2 * set + 1])
        let byMean = gradient[2 * set] / count
        let bySpread = gradient[2 * set + 1] / (count * deviation)
        for row in 0..<pass.rows where pass.isValid(position: row) {
          for index in row * units + set * width..<row * units + (set + 1) * width {
            dx[index] += byMean + bySpread * (x[index] - mean)
          }
        }
      }
    // Running statistics do not answer to the batch.
    case .statistics: break
    }
  }

  /// The function's raw parameters for typical data, [parameter][set], of one set or one for each unit: those of the
  /// running averages (statistics or mean row).
  func typicalRaw(_ pass: Pass) -> [Float]? {
    recall(combination: nil)
    generate(pass, from: summary.base, rows: hypernetwork.input == .sample ? 1 : statisticRows)
    return Array(
      UnsafeBufferPointer(start: raw.base, count: initialRaw.count * (hypernetwork.perUnit ? units : 1)))
  }

  // MARK: Shapes

  /// How many pairs of statistics there are.
  private var statisticRows: Int { hypernetwork.perUnit ? units : 1 }

  /// How many parameter sets one row of the generator's output holds.
  private var setsPerRow: Int { hypernetwork.perUnit && hypernetwork.input == .sample ? units : 1 }

  /// A part of the layer's matrix as the function sees it: where it starts, where its parameter sets do, and who shares
  /// them.
  private struct Call {
    var start = 0
    var set = 0
    var rows: Int
    var units: Int
    var sharing: CompiledActivation.Sharing
  }

  /// How many calls a pass takes: positions share the sets of their row, which is a call of its own if it has one for
  /// each unit.
  private func callCount(_ pass: Pass) -> Int {
    setsAreByRow(positions: pass.positions) ? pass.rows / pass.positions : 1
  }

  /// A call by its number. Where every element has a set of its own, all the elements are units of one long row.
  private func call(_ number: Int, _ pass: Pass) -> Call {
    let (rows, positions) = (pass.rows / pass.positions, pass.positions)
    switch (hypernetwork.input, hypernetwork.perUnit) {
    case (.statistics, false): return Call(rows: pass.rows, units: units, sharing: .all)
    case (.statistics, true): return Call(rows: pass.rows, units: units, sharing: .unit)
    case (.sample, false): return Call(rows: rows, units: positions * units, sharing: .row)
    case (.sample, true) where positions == 1: return Call(rows: 1, units: rows * units, sharing: .unit)
    case (.sample, true):
      return Call(
        start: number * positions * units, set: number * initialRaw.count * units, rows: positions,
        units: units, sharing: .unit)
    }
  }

  private func setsAreByRow(positions: Int) -> Bool {
    hypernetwork.input == .sample && hypernetwork.perUnit && positions > 1
  }

  /// Where the sets of a row begin for one parameter: the sets of all rows lie side by side, unless each row has a call
  /// of its own.
  private func place(of parameter: Int, row: Int, rows: Int, positions: Int) -> Int {
    setsAreByRow(positions: positions)
      ? (row * initialRaw.count + parameter) * setsPerRow : (parameter * rows + row) * setsPerRow
  }

  // MARK: The generator

  /// Fills `raw` for each row of the generator's input.
  private func generate(_ pass: Pass, from input: UnsafePointer<Float>, rows: Int) {
    let inner = innerPass(pass, rows: rows)
    generator.prepare(inner)
    generator.forward(inner, input: input)
    let outputs = generator.output
    for row in 0..<rows {
      for index in initialRaw.indices {
        let output = outputs + (row * initialRaw.count + index) * setsPerRow
        let raw = raw.base + place(of: index, row: row, rows: rows, positions: pass.positions)
        for set in 0..<setsPerRow { raw[set] = initialRaw[index] + output[set] }
      }
    }
  }

  private func innerPass(_ pass: Pass, rows: Int) -> Pass {
    var inner = pass
    inner.rows = rows
    // What the generator reads are no positions of the rows.
    (inner.lengths, inner.positions) = (nil, 1)
    inner.blockRows = generator.blockRows(rows: rows)
    return inner
  }

  /// What the generator reads of each row: the row itself, or the mean of its positions, which is computed here.
  private func samples(_ x: UnsafePointer<Float>, _ pass: Pass) -> UnsafePointer<Float> {
    let positions = pass.positions
    guard positions > 1 else { return x }
    let rows = pass.rows / positions
    means.base.update(repeating: 0, count: rows * units)
    for row in 0..<rows {
      let (mean, count) = (means.base + row * units, pass.length(ofRow: row, steps: pass.positions))
      for position in row * positions..<row * positions + count {
        for unit in 0..<units { mean[unit] += x[position * units + unit] }
      }
      for unit in 0..<units { mean[unit] /= Float(count) }
    }
    return samples(x, of: positions)
  }

  private func samples(_ x: UnsafePointer<Float>, of positions: Int) -> UnsafePointer<Float> {
    positions > 1 ? UnsafePointer(means.base) : x
  }

  /// Adds to dx what goes through the generator: by a row's mean, to each of its positions.
  private func addSampleGradient(
    _ gradient: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    for row in 0..<pass.rows / pass.positions {
      let count = pass.length(ofRow: row, steps: pass.positions)
      for position in row * pass.positions..<row * pass.positions + count {
        for unit in 0..<units { dx[position * units + unit] += gradient[row * units + unit] / Float(count) }
      }
    }
  }

  /// Mean and standard deviation of the batch, for each unit where units have their own.
  private func measure(_ x: UnsafePointer<Float>, _ pass: Pass) {
    let width = units / statisticRows
    let count = Double(pass.validPositions * width)
    for set in 0..<statisticRows {
      func sum(_ term: (Double) -> Double) -> Double {
        var total = 0.0
        for row in 0..<pass.rows where pass.isValid(position: row) {
          for index in row * units + set * width..<row * units + (set + 1) * width {
            total += term(Double(x[index]))
          }
        }
        return total
      }
      let mean = sum { $0 } / count
      let variance = sum { ($0 - mean) * ($0 - mean) } / count
      summary.base[2 * set] = Float(mean)
      summary.base[2 * set + 1] = Float((variance + Double(normalizationEpsilon)).squareRoot())
    }
  }

  /// Whether a batch has more than one number for each pair of statistics.
  private func measures(_ pass: Pass) -> Bool { pass.validPositions * (units / statisticRows) > 1 }

  private func record(_ pass: Pass) {
    if pass.recordsStatistics { running.update(summary.base, combination: pass.combination) }
  }

  private func average(_ x: UnsafePointer<Float>, _ pass: Pass) {
    summary.base.update(repeating: 0, count: units)
    let count = Float(pass.validPositions)
    for row in 0..<pass.rows where pass.isValid(position: row) {
      for unit in 0..<units { summary.base[unit] += x[row * units + unit] / count }
    }
  }

  /// Before the first training step, standard normal pre-activations are assumed.
  private func recall(combination: Int?) {
    if let current = running.current(combination: combination) {
      summary.base.update(from: current, count: summary.count)
      return
    }
    summary.base.update(repeating: 0, count: summary.count)
    if hypernetwork.input == .statistics {
      for set in 0..<statisticRows { summary.base[2 * set + 1] = 1 }
    }
  }
}

extension Hypernetwork {
  /// The generator's widths, from its inputs over its hidden layers to its outputs, which are laid out
  /// [parameter][unit] where a row gives each unit its own.
  func generatorWidths(units: Int) -> [Int] {
    let sets = input == .sample && perUnit ? units : 1
    return [input == .sample ? units : 2] + hidden + [target.parameters.count * sets]
  }

  /// How many running statistics a layer keeps: the mean row, or mean and deviation of the layer or of each unit.
  func statisticsWidth(units: Int) -> Int {
    input == .sample ? units : 2 * (perUnit ? units : 1)
  }
}
