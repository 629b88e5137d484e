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
  private let workspace: ActivationWorkspace
  private let discarded: FloatBuffer
  private let noise: LayerNoise?

  /// - Parameters:
  ///   - offset: where the raw values start in the flat vectors, laid out [parameter][set].
  ///   - key: the layer's own part of its noise's keys.
  init(
    _ function: CompiledActivation, units: Int, offset: Int, perUnit: Bool, maximumRows: Int, key: UInt64 = 0
  ) {
    self.function = function
    self.units = units
    self.offset = offset
    sharing = perUnit ? .unit : .all
    workspace = function.makeWorkspace(maximumRows: maximumRows, units: units)
    discarded = FloatBuffer(count: maximumRows * units)
    noise = LayerNoise(function, units: units, maximumRows: maximumRows, key: key)
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    if let noise, case .training(let seed, let step, _) = pass.purpose {
      noise.draw(seed: seed, step: step, count: pass.rows * units)
      noise.function.forward(
        x: x, y: y, rows: pass.rows, units: units, parameters: pass.parameters + offset, sharing: sharing,
        workspace: noise.workspace, noise: noise.values.base)
      return
    }
    function.forward(
      x: x, y: y, rows: pass.rows, units: units, parameters: pass.parameters + offset, sharing: sharing,
      workspace: workspace)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let function = noise?.function ?? function
    function.backward(
      x: x, dy: dy, dx: dx ?? discarded.base, rows: pass.rows, units: units,
      parameters: pass.parameters + offset, dparameters: pass.gradients + offset, sharing: sharing,
      workspace: noise?.workspace ?? workspace, noise: noise?.values.base)
  }
}

/// What a stochastic activation needs for a step of training.
private struct LayerNoise {
  let function: CompiledActivation
  let workspace: ActivationWorkspace
  /// One number for each element of the last step.
  let values: FloatBuffer
  private let distribution: Noise
  private let key: UInt64

  /// Nil if the function is not stochastic.
  init?(_ function: CompiledActivation, units: Int, maximumRows: Int, key: UInt64) {
    guard let training = function.training, let noise = training.noise else { return nil }
    self.function = training
    workspace = training.makeWorkspace(maximumRows: maximumRows, units: units)
    values = FloatBuffer(count: maximumRows * units)
    distribution = noise
    self.key = key
  }

  func draw(seed: UInt64, step: UInt64, count: Int) {
    var stream = RandomStream(seed: seed, stream: .noise, step: step, layer: key)
    switch distribution {
    case .uniform: for index in 0..<count { values.base[index] = stream.uniform() }
    case .normal: for index in 0..<count { values.base[index] = Float(stream.normal()) }
    }
  }
}
