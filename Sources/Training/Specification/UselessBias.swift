// Biases that a normalisation takes away again.

import Data
import Engine
import JSON

/// A bias before `batch_norm` has no effect, and what an optimiser makes of the rounding noise of its gradient is noise.
enum UselessBias {
  /// A warning for each of them.
  ///
  /// - Parameter pointer: where the section of the model is.
  static func warnings(_ layers: [AssembledLayer], at pointer: JSONPointer) -> [Warning] {
    /// What the last layer with a bias is, while nothing between has taken its bias for more.
    var biased: AssembledLayer?
    var warnings: [Warning] = []
    for layer in layers {
      warnings += Self.warnings(layer.inner, at: pointer)
      for engine in layer.layers {
        if layer.inner.isEmpty, engine.normalizesBatch, let biased {
          warnings.append(
            Warning(
              code: "bias_without_effect",
              message:
                "the bias of `\(biased.type)` has no effect before `\(layer.type)`: give `\"use_bias\": false`",
              pointer: pointer.appending(biased.place)))
        }
        if engine.hasBias { biased = layer } else if !engine.carriesBias { biased = nil }
      }
    }
    return warnings
  }
}
