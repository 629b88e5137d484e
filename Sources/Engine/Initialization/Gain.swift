// The gain of a dense layer: what its weights must make up for in the activation that it reads.

import Activations

extension ModelPlan {
  /// The gain for the dense layer at an entry: that of the activation, gate or maxout it reads, past dropout, else 1.
  ///
  /// It is the forward gain 1/√(E f²) of the activation whose output the layer reads (``Moments``), so that standard
  /// normal pre-activations in one layer give pre-activations of variance 1 in the next, whatever the function. A gate
  /// has its activation's gain, for E y² = E a² · E f(b)² and E a² = 1; a maxout layer has 1/√(E max²) over as many
  /// standard normal numbers as it has pieces. (The scale of a single row is squared by a gate, so that deep stacks of
  /// gates need a normalisation between them.) The gain belongs to the reading layer: on the feeding one it would spread
  /// the first pre-activations by its square, and functions that bend less far from 0 (silu, gelu, mish) would then
  /// amplify the signal from layer to layer. It is 1 where a layer reads the inputs, a normalisation or the sum
  /// of a residual layer, whose scale depends on what came before, and for the output layer, whose logits should start
  /// small. It is held to [1/4, 4], so that a formula that hardly answers to its
  /// input, or explodes on it, does not leave the next layer with weights out of all proportion.
  func gain(ofEntry index: Int) -> Double {
    guard !specification.hasOutputLayer || index < entries.count - 1 else { return 1 }
    for entry in entries.prefix(index).reversed() {
      switch entry.layer {
      case .dropout: continue
      case .dense, .batchNorm, .layerNorm, .residual: return 1
      case .activation(let activation), .gate(let activation):
        let gain = specification.activations[activation].moments.forwardGain
        return gain.isFinite ? min(max(gain, 0.25), 4) : 1
      case .maxout(let pieces): return max(Self.maximum(of: pieces).forwardGain, 0.25)
      }
    }
    return 1
  }

  /// A function whose second moment is that of the largest of some standard normal numbers.
  ///
  /// Their maximum has the density k·φ(x)·Φ(x)ᵏ⁻¹, so that E max² = E (x·√(k·Φ(x)ᵏ⁻¹))².
  private static func maximum(of count: Int) -> Moments {
    let distribution = 0.5 * erfc(.constant(-0.5.squareRoot()) * .x)
    return Moments(of: .x * sqrt(.constant(Double(count)) * distribution.power(Double(count - 1))))
  }
}
