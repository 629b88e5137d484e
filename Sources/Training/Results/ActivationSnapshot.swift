// A model's activation layers at one moment, so that before and after training can be told side by side.

import Activations
import Engine

/// The activation layers of a model at one moment, with a copy of its parameters.
struct ActivationSnapshot {
  let layers: [ActivationLayerView]
  let values: [Float]

  /// - Parameter values: the parameters of the predictor's state.
  init(_ predictor: Predictor, values: [Float]) {
    layers = predictor.activationLayers
    self.values = values
  }

  /// The weights that a mixture predicts with, [candidate][set].
  func predictionWeights(_ mixture: StochasticMixture, of layer: ActivationLayerView) -> [[Float]] {
    var weights = layer.blocks.flatMap { values[$0.range] }
    let sets = weights.count / mixture.names.count
    weights.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { mixture.resolve(base, sets: sets) }
    }
    return mixture.names.indices.map { Array(weights[$0 * sets..<($0 + 1) * sets]) }
  }

  func typical(_ name: String, layer: Int) -> [Float] {
    layers[layer].parameters.first { $0.name == name }?.current ?? []
  }
}
