// A model's activation layers at one moment, so that before and after training can be told side by side.

import Activations
import Engine

/// The activation layers of a model at one moment, with the numbers of their own tensors.
struct ActivationSnapshot: Sendable {
  let layers: [ActivationLayerView]
  /// By where a tensor starts in the flat vector.
  private let values: [Int: [Float]]

  /// - Parameter parameters: those of the predictor's state.
  init(_ predictor: Predictor, values parameters: [Float]) {
    layers = predictor.activationLayers
    values = Dictionary(
      layers.flatMap(\.blocks).map { ($0.range.lowerBound, Array(parameters[$0.range])) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The numbers of one of the layers' tensors.
  func values(of block: ParameterBlock) -> [Float] { values[block.range.lowerBound] ?? [] }

  /// The weights that a mixture predicts with, [candidate][set].
  func predictionWeights(_ mixture: StochasticMixture, of layer: ActivationLayerView) -> [[Float]] {
    var weights = layer.blocks.flatMap(values)
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
