// An activation layer that mixes several functions by weights which it draws around trained logits.

import Activations

/// y = Σ wₖ fₖ(x): in training w = softmax((z + g) / T) with Gumbel noise g, one draw for each step and set of logits z,
/// and the temperature T of the training's progress; in prediction what the mixture's inference says.
///
/// Gradients are those of the drawn w: ∂L/∂zⱼ = wⱼ (∂L/∂wⱼ − Σ wₖ ∂L/∂wₖ) / T.
final class MixtureActivation: Layer {
  private let mixture: StochasticMixture
  private let units: Int
  private let offset: Int
  private let sets: Int
  private let workspace: ActivationWorkspace
  /// The weights in force and the gradient by them, [candidate][set].
  private let weights: FloatBuffer
  private let weightGradient: FloatBuffer
  private let discarded: FloatBuffer

  /// - Parameter offset: where the logits start in the flat vectors, laid out [candidate][set]. Layers that share them
  ///   share their noise.
  init(_ mixture: StochasticMixture, units: Int, offset: Int, perUnit: Bool, maximumRows: Int) {
    self.mixture = mixture
    self.units = units
    self.offset = offset
    sets = perUnit ? units : 1
    workspace = mixture.target.makeWorkspace(maximumRows: maximumRows, units: units)
    weights = FloatBuffer(count: mixture.names.count * sets)
    weightGradient = FloatBuffer(count: mixture.names.count * sets)
    discarded = FloatBuffer(count: maximumRows * units)
  }

  private var sharing: CompiledActivation.Sharing { sets == units ? .unit : .all }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    weights.base.update(from: pass.parameters + offset, count: weights.count)
    switch pass.purpose {
    case .training(let seed, let step, let progress):
      var stream = RandomStream(seed: seed, stream: .gumbel, step: step, layer: UInt64(offset))
      for index in 0..<weights.count { weights.base[index] += Float(stream.gumbel()) }
      mixture.soften(weights.base, sets: sets, temperature: mixture.temperature(at: progress))
    case .prediction:
      mixture.resolve(weights.base, sets: sets)
    }
    mixture.target.forward(
      x: x, y: y, rows: pass.rows, units: units, parameters: weights.base, sharing: sharing,
      workspace: workspace)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard case .training(_, _, let progress) = pass.purpose else {
      preconditionFailure("gradients are taken in training alone")
    }
    weightGradient.base.update(repeating: 0, count: weightGradient.count)
    mixture.target.backward(
      x: x, dy: dy, dx: dx ?? discarded.base, rows: pass.rows, units: units, parameters: weights.base,
      dparameters: weightGradient.base, sharing: sharing, workspace: workspace)
    let temperature = mixture.temperature(at: progress)
    for set in 0..<sets {
      var mean = 0.0
      for index in stride(from: set, to: weights.count, by: sets) {
        mean += Double(weights.base[index]) * Double(weightGradient.base[index])
      }
      for index in stride(from: set, to: weights.count, by: sets) {
        let slope = Double(weights.base[index]) * (Double(weightGradient.base[index]) - mean) / temperature
        pass.gradients[offset + index] += Float(slope)
      }
    }
  }
}
