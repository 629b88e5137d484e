// The gains of a dense layer: what its weights make up for in the activation that it reads.

import Activations

extension ModelPlan {
  /// What a dense layer's inputs are, as far as their scale is known.
  private enum Source {
    /// Outputs of an activation, or of a gate by it.
    case activation(ActivationSpecification)
    case maxout(pieces: Int)
    /// The model's inputs, a normalisation, another dense layer, or the sum of a residual layer, whose scale depends on what
    /// came before.
    case other
  }

  /// What the dense layer at an entry reads, past dropout.
  private func source(ofEntry index: Int) -> Source {
    for entry in entries.prefix(index).reversed() {
      switch entry.layer.description.signal {
      case .asRead: continue
      case .unknown: return .other
      case .activation: return .activation(specification.activations[entry.sites[0].activation])
      case .maximum(let pieces): return .maxout(pieces: pieces)
      }
    }
    return .other
  }

  /// The gain that keeps the size of slopes: 1/√(E f′²) of the function that the dense layer at an entry reads, relative to
  /// that of ReLU, √2; 1 where it reads no function, or the identity.
  ///
  /// ReLU has 1, tanh 1.04, sigmoid 3.3: functions that are flat where their inputs lie get larger weights. It is held to
  /// [1/4, 4], so that a formula that hardly answers to its input, or explodes on it, does not leave the next layer with
  /// weights out of all proportion.
  func slopeGain(ofEntry index: Int) -> Double {
    guard case .activation(let activation) = source(ofEntry: index), activation.functionName != "identity"
    else { return 1 }
    return Self.bounded(activation.moments.backwardGain / 2.0.squareRoot())
  }

  /// The gain that keeps the size of the signal: 1/√(E f²), so that standard normal pre-activations in one layer give
  /// pre-activations of variance 1 in the next, whatever the function.
  ///
  /// A gate has its activation's gain, for E y² = E a² · E f(b)² and E a² = 1; a maxout layer has 1/√(E max²) over as many
  /// standard normal numbers as it has pieces. It is 1 where the layer reads no function, and for the output layer, whose
  /// logits should start small; it is bounded as the other gain is. It belongs to the reading layer: on the feeding one it
  /// would spread the first pre-activations by its square, and functions that bend less far from 0 (silu, gelu, mish)
  /// would then amplify the signal from layer to layer.
  func signalGain(ofEntry index: Int) -> Double {
    guard !specification.hasOutputLayer || index < entries.count - 1 else { return 1 }
    return switch source(ofEntry: index) {
    case .activation(let activation): Self.bounded(activation.moments.forwardGain)
    case .maxout(let pieces): Self.bounded(Self.maximum(of: pieces).forwardGain)
    case .other: 1
    }
  }

  private static func bounded(_ gain: Double) -> Double { gain.isFinite ? min(max(gain, 0.25), 4) : 1 }

  /// A function whose second moment is that of the largest of some standard normal numbers.
  ///
  /// Their maximum has the density k·φ(x)·Φ(x)ᵏ⁻¹, so that E max² = E (x·√(k·Φ(x)ᵏ⁻¹))².
  private static func maximum(of count: Int) -> Moments {
    let distribution = 0.5 * erfc(.constant(-0.5.squareRoot()) * .x)
    return Moments(of: .x * sqrt(.constant(Double(count)) * distribution.power(Double(count - 1))))
  }
}
