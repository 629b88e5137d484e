// An activation layer whose parameters are the outputs of a small network over the layer's own input.

import Activations

/// y = f(x; r₀ + h(s(x))), where r₀ are the function's initial raw parameters and h is a dense network with tanh hidden
/// layers and a linear output (Ha, Dai and Le, arXiv 1609.09106, applied to activations).
///
/// With `.statistics`, s(x) is the mean and the standard deviation √(variance + 1e-5) of all the layer's pre-activations,
/// over rows and units: one parameter set for the layer. In training they are the batch's, and gradients flow through
/// them; in prediction they are running averages, so that a row's prediction does not depend on the rows beside it.
/// With `.sample`, s(x) is the row's own vector: one parameter set for each row.
final class GeneratedActivation: Layer {
  private let hypernetwork: Hypernetwork
  private let units: Int
  private let generator: LayerStack
  private let initialRaw: [Float]
  private let workspace: ActivationWorkspace
  /// Averages of the statistics, or of the input rows: what stands for the data when no batch is at hand.
  let running: RunningStatistics
  /// Mean and standard deviation of the batch, or the mean row.
  private let summary: FloatBuffer
  /// Raw parameters and their gradients, [parameter][set].
  private let raw: FloatBuffer
  private let rawGradient: FloatBuffer
  private let generatorInputGradient: FloatBuffer
  private let discarded: FloatBuffer

  /// - Parameter offset: where the generator's weights and biases start in the flat vectors, layer by layer.
  init(
    _ hypernetwork: Hypernetwork, units: Int, offset: Int, maximumRows: Int, combinations: Int
  ) {
    self.hypernetwork = hypernetwork
    self.units = units
    let sets = hypernetwork.input == .sample ? maximumRows : 1
    let widths = hypernetwork.generatorWidths(units: units)
    let tanh = CompiledActivation(Expression.unary(.tanh, .x), parameters: [])
    var layers: [(layer: any Layer, outputs: Int)] = []
    var offset = offset
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      if !layers.isEmpty {
        layers.append(
          (
            SingleActivation(tanh, units: inputs, offset: 0, perUnit: false, maximumRows: sets), inputs
          ))
      }
      layers.append(
        (Dense(inputs: inputs, outputs: outputs, weight: offset, bias: offset + inputs * outputs), outputs))
      offset += (inputs + 1) * outputs
    }
    generator = LayerStack(inputs: widths[0], layers: layers, maximumRows: sets)
    initialRaw = hypernetwork.target.parameters.initialRaw.map(Float.init)
    workspace = hypernetwork.target.makeWorkspace(maximumRows: maximumRows, units: units)
    running = RunningStatistics(width: widths[0], combinations: combinations)
    summary = FloatBuffer(count: widths[0])
    raw = FloatBuffer(count: sets * initialRaw.count)
    rawGradient = FloatBuffer(count: sets * initialRaw.count)
    generatorInputGradient = FloatBuffer(count: sets * widths[0])
    discarded = FloatBuffer(count: maximumRows * units)
  }

  private var sharing: CompiledActivation.Sharing { hypernetwork.input == .sample ? .row : .all }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    switch (hypernetwork.input, pass.purpose) {
    case (.statistics, .training):
      measure(x, count: pass.rows * units)
      running.update(summary.base, combination: pass.combination)
      generate(pass, from: summary.base, sets: 1)
    case (.statistics, .prediction):
      recall(combination: pass.combination)
      generate(pass, from: summary.base, sets: 1)
    case (.sample, .training):
      average(x, rows: pass.rows)
      running.update(summary.base, combination: pass.combination)
      generate(pass, from: x, sets: pass.rows)
    case (.sample, .prediction):
      generate(pass, from: x, sets: pass.rows)
    }
    hypernetwork.target.forward(
      x: x, y: y, rows: pass.rows, units: units, parameters: raw.base, sharing: sharing, workspace: workspace)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let sets = hypernetwork.input == .sample ? pass.rows : 1
    let input = hypernetwork.input == .sample ? x : UnsafePointer(summary.base)
    rawGradient.base.update(repeating: 0, count: sets * initialRaw.count)
    hypernetwork.target.backward(
      x: x, dy: dy, dx: dx ?? discarded.base, rows: pass.rows, units: units, parameters: raw.base,
      dparameters: rawGradient.base, sharing: sharing, workspace: workspace)
    let outputs = generator.outputGradient
    for set in 0..<sets {
      for index in initialRaw.indices {
        outputs[set * initialRaw.count + index] = rawGradient.base[index * sets + set]
      }
    }
    var inner = pass
    inner.rows = sets
    let gradient = generatorInputGradient.base
    generator.backward(inner, input: input, inputGradient: dx == nil ? nil : gradient)
    guard let dx else { return }
    let count = pass.rows * units
    switch hypernetwork.input {
    case .sample:
      for index in 0..<count { dx[index] += gradient[index] }
    case .statistics:
      let (mean, deviation) = (summary.base[0], summary.base[1])
      let byMean = gradient[0] / Float(count)
      let bySpread = gradient[1] / (Float(count) * deviation)
      for index in 0..<count { dx[index] += byMean + bySpread * (x[index] - mean) }
    }
  }

  /// The function's raw parameters for typical data: those of the running averages (statistics or mean row).
  func typicalRaw(_ pass: Pass) -> [Float] {
    recall(combination: nil)
    generate(pass, from: summary.base, sets: 1)
    return Array(UnsafeBufferPointer(start: raw.base, count: initialRaw.count))
  }

  /// Fills `raw` for each row of the generator's input.
  private func generate(_ pass: Pass, from input: UnsafePointer<Float>, sets: Int) {
    var inner = pass
    inner.rows = sets
    generator.forward(inner, input: input)
    let outputs = generator.output
    for set in 0..<sets {
      for index in initialRaw.indices {
        raw.base[index * sets + set] = initialRaw[index] + outputs[set * initialRaw.count + index]
      }
    }
  }

  private func measure(_ x: UnsafePointer<Float>, count: Int) {
    var sum = 0.0
    for index in 0..<count { sum += Double(x[index]) }
    let mean = sum / Double(count)
    var squares = 0.0
    for index in 0..<count { squares += (Double(x[index]) - mean) * (Double(x[index]) - mean) }
    summary.base[0] = Float(mean)
    summary.base[1] = Float((squares / Double(count) + Double(normalizationEpsilon)).squareRoot())
  }

  private func average(_ x: UnsafePointer<Float>, rows: Int) {
    summary.base.update(repeating: 0, count: units)
    for row in 0..<rows {
      for unit in 0..<units { summary.base[unit] += x[row * units + unit] / Float(rows) }
    }
  }

  /// Before the first training step, standard normal pre-activations are assumed.
  private func recall(combination: Int?) {
    if let current = running.current(combination: combination) {
      summary.base.update(from: current, count: summary.count)
      return
    }
    summary.base.update(repeating: 0, count: summary.count)
    if hypernetwork.input == .statistics { summary.base[1] = 1 }
  }
}

extension Hypernetwork {
  /// The generator's widths, from its inputs over its hidden layers to one output for each parameter.
  func generatorWidths(units: Int) -> [Int] {
    [input == .sample ? units : 2] + hidden + [target.parameters.count]
  }
}
