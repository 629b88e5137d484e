// The weights of a mixture for one step: softened from trained logits, and the way back to these.

import Activations

/// w = softmax((z + g) / T) with Gumbel noise g in training, in prediction what the mixture's inference says; laid out
/// [candidate][set].
final class MixtureWeights {
  let mixture: StochasticMixture
  /// In force since ``prepare(_:)``.
  let values: FloatBuffer
  /// ∂L/∂w, which ``addLogitGradients(_:)`` takes.
  let gradient: FloatBuffer
  private let sets: Int
  private let offset: Int

  /// - Parameter offset: where the logits start in the flat vectors, laid out as the weights. Layers that share them share
  ///   their noise.
  init(_ mixture: StochasticMixture, sets: Int, offset: Int, memory: LayerMemory) {
    self.mixture = mixture
    self.sets = sets
    self.offset = offset
    values = FloatBuffer(count: mixture.names.count * sets)
    gradient = FloatBuffer(count: memory.isForTraining ? values.count : 0)
  }

  /// Draws and softens the weights of a pass.
  func prepare(_ pass: Pass) {
    values.base.update(from: pass.parameters + offset, count: values.count)
    switch pass.purpose {
    case .training(let seed, let step, let progress):
      var stream = RandomStream(seed: seed, stream: .gumbel, step: step, layer: UInt64(offset))
      for index in 0..<values.count { values.base[index] += Float(stream.gumbel()) }
      mixture.soften(values.base, sets: sets, temperature: mixture.temperature(at: progress))
    case .prediction:
      mixture.resolve(values.base, sets: sets)
    }
  }

  /// Adds ∂L/∂zⱼ = wⱼ (∂L/∂wⱼ − Σ wₖ ∂L/∂wₖ) / T.
  func addLogitGradients(_ pass: Pass) {
    guard case .training(_, _, let progress) = pass.purpose else {
      preconditionFailure("gradients are taken in training alone")
    }
    let temperature = mixture.temperature(at: progress)
    for set in 0..<sets {
      var mean = 0.0
      for index in stride(from: set, to: values.count, by: sets) {
        mean += Double(values.base[index]) * Double(gradient.base[index])
      }
      for index in stride(from: set, to: values.count, by: sets) {
        let slope = Double(values.base[index]) * (Double(gradient.base[index]) - mean) / temperature
        pass.gradients[offset + index] += Float(slope)
      }
    }
  }
}
