// A named part of a model's flat parameter vector.

/// One tensor inside the flat parameter and gradient vectors.
public struct ParameterBlock: Sendable, Hashable {
  /// What the numbers do, which decides their weight decay.
  public enum Role: String, Sendable, CaseIterable {
    case weight, bias, activation, normalization
  }

  /// Unique in the model: `layers.0.weight`, `layers.1.activation.a`, `layers.2.layers.0.weight`, `output.bias`; `activations.0.a` when all layers
  /// of an activation share it.
  public var name: String
  /// Row-major sizes; empty for a single number.
  public var shape: [Int]
  /// Where the numbers lie in the flat vectors.
  public var range: Range<Int>
  /// What the numbers do.
  public var role: Role
  /// The layer's index in ``ModelSpecification/layers``, or that of the residual layer that it is inside; for shared parameters the first layer that uses them; the count
  /// of layers for the output layer.
  public var layer: Int
  /// A factor on the learning rate.
  public var learningRateMultiplier: Double
  /// The activation's own weight decay; dense weights take the optimiser's.
  public var weightDecay: Double
}
