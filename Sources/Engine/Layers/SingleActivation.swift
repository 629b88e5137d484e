// An activation layer of one compiled function, whose parameters the optimiser moves.

import Activations

/// y = f(x; raw parameters) with one set for all elements or one for each unit.
///
/// A stochastic function draws a random number for every element and step of training, and none in prediction.
final class SingleActivation: Layer {
  private let function: CompiledActivation
  private let units: Int
  private let offset: Int
  private let sharing: CompiledActivation.Sharing
  /// One for each member of the team.
  private let workspaces: [ActivationWorkspace]
  private let discarded: FloatBuffer
  private let noise: LayerNoise?
  private let sums: BlockSums
  /// What the last forward pass in training left for the backward pass; nil where there is nothing to keep.
  private let record: FloatBuffer?
  private let recordedCount: Int

  /// - Parameters:
  ///   - offset: where the raw values start in the flat vectors, laid out [parameter][set].
  ///   - key: the layer's own part of its noise's keys.
  init(
    _ function: CompiledActivation, units: Int, offset: Int, perUnit: Bool, memory: LayerMemory,
    key: UInt64 = 0
  ) {
    self.function = function
    self.units = units
    self.offset = offset
    sharing = perUnit ? .unit : .all
    workspaces = (0..<memory.members).map { _ in
      function.makeWorkspace(maximumRows: memory.rows, units: units)
    }
    discarded = FloatBuffer(count: memory.trainingRows * units)
    noise = memory.isForTraining ? LayerNoise(function, units: units, memory: memory, key: key) : nil
    sums = BlockSums(
      count: function.parameters.count * (perUnit ? units : 1), maximumRows: memory.trainingRows)
    recordedCount = (noise?.function ?? function).recordedCount
    record = recordedCount > 0 ? FloatBuffer(count: memory.trainingRows * units * recordedCount) : nil
  }

  var isInPlace: Bool { true }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) { body(x, pass.rows, units) }

  func prepare(_ pass: Pass) {
    guard let noise, case .training(let seed, let step, _) = pass.purpose else { return }
    noise.draw(seed: seed, step: step, count: pass.rows * units)
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    guard case .training = pass.purpose else {
      function.forward(
        x: x, y: y, rows: pass.rows, units: units, parameters: pass.parameters + offset, sharing: sharing,
        workspace: workspaces[pass.member])
      return
    }
    let function = noise?.function ?? function
    let workspace = (noise?.workspaces ?? workspaces)[pass.member]
    let noise = noise.map { $0.values.base + pass.first * units }
    let record = record.map { $0.base + pass.first * units * recordedCount }
    // The backward pass reads a record in the blocks in which it was written.
    let blockRows = record == nil || sums.count == 0 ? pass.rows : pass.blockRows
    for start in stride(from: 0, to: pass.rows, by: max(1, blockRows)) {
      let place = start * units
      function.forward(
        x: x + place, y: y + place, rows: min(blockRows, pass.rows - start), units: units,
        parameters: pass.parameters + offset, sharing: sharing, workspace: workspace,
        noise: noise.map { $0 + place }, record: record.map { $0 + place * recordedCount })
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let function = noise?.function ?? function
    let workspace = (noise?.workspaces ?? workspaces)[pass.member]
    let dx = dx ?? discarded.base + pass.first * units
    let noise = noise.map { $0.values.base + pass.first * units }
    let record = record.map { UnsafePointer($0.base + pass.first * units * recordedCount) }
    if sums.count == 0 {
      function.backward(
        x: x, dy: dy, dx: dx, rows: pass.rows, units: units, parameters: nil, dparameters: nil,
        sharing: sharing, workspace: workspace, noise: noise, record: record)
      return
    }
    sums.forEachBlock(pass) { start, rows, sums in
      let place = start * units
      function.backward(
        x: x + place, dy: dy + place, dx: dx + place, rows: rows, units: units,
        parameters: pass.parameters + offset, dparameters: sums, sharing: sharing, workspace: workspace,
        noise: noise.map { $0 + place }, record: record.map { $0 + place * recordedCount })
    }
  }

  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    sums.add(member.share(of: sums.count, unit: 16), of: pass, to: pass.gradients + offset)
  }
}

/// What a stochastic activation needs for a step of training.
struct LayerNoise {
  let function: CompiledActivation
  /// One for each member of the team.
  let workspaces: [ActivationWorkspace]
  /// One number for each element of the last step.
  let values: FloatBuffer
  private let distribution: Noise
  private let key: UInt64

  /// Nil if the function is not stochastic.
  init?(_ function: CompiledActivation, units: Int, memory: LayerMemory, key: UInt64) {
    guard let training = function.training, let noise = training.noise else { return nil }
    self.function = training
    workspaces = (0..<memory.members).map { _ in
      training.makeWorkspace(maximumRows: memory.rows, units: units)
    }
    values = FloatBuffer(count: memory.rows * units)
    distribution = noise
    self.key = key
  }

  func draw(seed: UInt64, step: UInt64, count: Int) {
    var stream = RandomStream(seed: seed, stream: .noise, step: step, layer: key)
    switch distribution {
    case .uniform: for index in 0..<count { values.base[index] = stream.uniformFloat() }
    case .normal: for index in 0..<count { values.base[index] = Float(stream.normal()) }
    }
  }
}
