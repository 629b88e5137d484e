// What a model is made of, before anything is planned or allocated.

public import Activations

/// The layers of a model and the activations they name.
///
/// The engine trusts a specification: units and widths are positive, rates lie in 0..<1, activation indices exist. Whoever
/// reads one from outside checks this first.
public struct ModelSpecification: Sendable {
  /// One layer; those of the engine are its static members.
  public typealias Layer = LayerSpecification

  /// What a row of inputs is.
  public var input: RowShape
  /// The layers, first to last, without the output layer.
  public var layers: [Layer]
  /// Numbers of the output at each position (one, unless the layers give a sequence): regression values, one logit for two
  /// classes, else one logit per class.
  public var outputs: Int
  /// Whether a dense layer to `outputs` follows the layers, at every step where they give a sequence. Without it the model is
  /// its layers alone (ŷ = f(x)), and the last layer must be `outputs` wide.
  public var hasOutputLayer: Bool
  /// The activations that layers name. Layers that name the same one share its parameters when its granularity is
  /// `.network`, and its draws when it is random with scope `.network`.
  public var activations: [ActivationSpecification]

  /// A model by its parts, each as its property says.
  public init(
    input: RowShape, layers: [Layer], outputs: Int, hasOutputLayer: Bool = true,
    activations: [ActivationSpecification] = []
  ) {
    self.input = input
    self.layers = layers
    self.outputs = outputs
    self.hasOutputLayer = hasOutputLayer
    self.activations = activations
  }

  /// A model whose rows are vectors of so many numbers.
  public init(
    inputs: Int, layers: [Layer], outputs: Int, hasOutputLayer: Bool = true,
    activations: [ActivationSpecification] = []
  ) {
    self.init(
      input: .features(inputs), layers: layers, outputs: outputs, hasOutputLayer: hasOutputLayer,
      activations: activations)
  }

  /// Numbers in a row of inputs.
  public var inputs: Int { input.count }
}

extension ModelSpecification {
  /// What is drawn anew for every step of training, by name, each once: `dropout`, and strategies and functions of
  /// activations that layers use.
  public var randomParts: [String] {
    var names: [String] = []
    for layer in layers.flatMap(\.flattened).map(\.description) {
      let own = layer.isRandom ? [layer.name] : []
      for name in own + layer.activationIndices.compactMap({ activations[$0].randomPart })
      where !names.contains(name) {
        names.append(name)
      }
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
