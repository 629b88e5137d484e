// Which optimiser a model is trained with, and its settings.

/// The update rule and the settings that all rules share.
///
/// Stages of one update, in order: the gradient is clipped by its global norm, weight decay is applied, the rule makes
/// the step. Decay touches dense weights, and activation parameters that ask for their own; never biases or the
/// parameters of normalisation layers.
public struct OptimizerSpecification: Sendable, Hashable {
  /// The update rule; t counts the updates from 1.
  public enum Kind: Sendable, Hashable {
    /// v ← μ·v + g; p ← p − η·v, or with Nesterov p ← p − η·(g + μ·v).
    case sgd(momentum: Double = 0, nesterov: Bool = false)
    /// Adam (arXiv 1412.6980); weight decay is added to the gradient.
    case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
    /// Adam with weight decay taken off the parameters instead (arXiv 1711.05101).
    case adamw(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
    /// s ← ρ·s + (1 − ρ)·g²; v ← μ·v + g/(√s + ε); p ← p − η·v (Tieleman and Hinton 2012).
    case rmsprop(decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0)
    /// p ← p + α·d with d from the last `historySize` steps and α by a line search whose first trial is the learning rate;
    /// for batches of all rows and a loss that is the same each time (``ModelSpecification/randomParts``). Weight decay
    /// is part of what is minimised; the gradient is not clipped, and a schedule's factor has no effect (``LBFGS``).
    case lbfgs(historySize: Int = 10)
  }

  /// The update rule with its own settings.
  public var kind: Kind
  /// η, before the schedule's factor and a block's multiplier.
  public var learningRate: Double
  /// λ of the dense weights.
  public var weightDecay: Double
  /// The largest global norm of a gradient; a longer one is scaled down to it. None: no clipping.
  public var gradientClipNorm: Double?

  /// An optimiser by its parts, each as its property says.
  public init(
    kind: Kind = .adam(), learningRate: Double = 0.001, weightDecay: Double = 0,
    gradientClipNorm: Double? = nil
  ) {
    self.kind = kind
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.gradientClipNorm = gradientClipNorm
  }
}
