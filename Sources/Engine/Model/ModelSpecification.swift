// What a model is made of, before anything is planned or allocated.

public import Activations

/// The layers of a model and the activations they name.
///
/// The engine trusts a specification: units and widths are positive, rates lie in 0..<1, activation indices exist. Whoever
/// reads one from outside checks this first.
public struct ModelSpecification: Sendable {
  /// One layer; its width is that of the layer before, except for `dense`, `gate` and `maxout`.
  public indirect enum Layer: Sendable, Hashable {
    /// y = x·W + b, with W stored [inputs][units].
    case dense(units: Int)
    /// y = f(x) with the activation of this index in ``ModelSpecification/activations``.
    case activation(Int)
    /// y = a ⊙ f(b) with the activation of this index, where a is the first half of the layer before and b the second
    /// (arXiv 1612.08083, 2002.05202): half as wide.
    case gate(Int)
    /// The largest of so many pieces, at least 1, of the layer before, which lie side by side (arXiv 1302.4389); the
    /// first of equal ones.
    case maxout(pieces: Int)
    /// Inverted dropout: in training each element is zero with probability `rate`, else divided by 1 − rate.
    case dropout(rate: Double)
    /// Normalisation of each unit over the batch (arXiv 1502.03167).
    case batchNorm
    /// Normalisation of each row over its units (arXiv 1607.06450).
    case layerNorm
    /// y = x + F(x), where F is these layers, at least one; the last is as wide as what the first reads (arXiv 1512.03385).
    case residual([Layer])
  }

  /// Numbers in a row of inputs.
  public var inputs: Int
  /// The layers, first to last, without the output layer.
  public var layers: [Layer]
  /// Numbers in a row of outputs: regression values, one logit for two classes, else one logit per class.
  public var outputs: Int
  /// Whether a dense layer to `outputs` follows the layers. Without it the model is its layers alone (ŷ = f(x)), and the
  /// last layer must be `outputs` wide.
  public var hasOutputLayer: Bool
  /// The activations that layers name. Layers that name the same one share its parameters when its granularity is
  /// `.network`, and its draws when it is random with scope `.network`.
  public var activations: [ActivationSpecification]

  /// A model by its parts, each as its property says.
  public init(
    inputs: Int, layers: [Layer], outputs: Int, hasOutputLayer: Bool = true,
    activations: [ActivationSpecification] = []
  ) {
    self.inputs = inputs
    self.layers = layers
    self.outputs = outputs
    self.hasOutputLayer = hasOutputLayer
    self.activations = activations
  }
}

extension ModelSpecification.Layer {
  /// The index of the activation that the layer applies, whatever it does besides.
  var activation: Int? {
    switch self {
    case .activation(let index), .gate(let index): index
    case .dense, .maxout, .dropout, .batchNorm, .layerNorm, .residual: nil
    }
  }

  /// The layers inside a residual one and then itself, as they are computed; any other layer alone.
  package var flattened: [ModelSpecification.Layer] {
    if case .residual(let layers) = self { layers.flatMap(\.flattened) + [self] } else { [self] }
  }
}

extension ModelSpecification {
  /// What is drawn anew for every step of training, by name, each once: `dropout`, and strategies and functions of
  /// activations that layers use.
  public var randomParts: [String] {
    var names: [String] = []
    for layer in layers.flatMap(\.flattened) {
      let name: String? =
        if case .dropout = layer {
          "dropout"
        } else {
          layer.activation.flatMap { activations[$0].randomPart }
        }
      if let name, !names.contains(name) { names.append(name) }
    }
    return names
  }
}

extension ActivationSpecification {
  /// The name of what is drawn, if anything is.
  fileprivate var randomPart: String? {
    switch kind {
    case .random, .mixture: strategyName
    case .single(let function): function.training?.noise == nil ? nil : functionName ?? strategyName
    case .generated(let hypernetwork):
      hypernetwork.target.training?.noise == nil ? nil : functionName ?? strategyName
    }
  }
}
