// What a strategy hands to the engine: compiled functions and how they are shared, drawn or generated.

/// A strategy made concrete.
public struct ActivationSpecification: Sendable {
  public enum Kind: Sendable {
    /// One compiled function (`fixed`, `parametric`, `network`, `blend`, `expression`).
    case single(CompiledActivation)
    /// One of several, drawn anew during training (`random`).
    case random(RandomChoice)
    /// One whose parameters another network produces (`hypernetwork`).
    case generated(Hypernetwork)
    /// Several, mixed by weights that are drawn around trained logits (`mixture`).
    case mixture(StochasticMixture)
  }

  public var kind: Kind
  public var granularity: Granularity
  public var learningRateMultiplier: Double
  public var weightDecay: Double
  /// For the `auto` weight initialiser; the candidates' mixture for `random`.
  public var moments: Moments
  /// `fixed`, `parametric`, …
  public var strategyName: String
  /// The catalogue's name of the one function, where there is one.
  public var functionName: String?
  /// What is computed, as text.
  public var formula: String
  /// The names of the parameters that gradients move.
  public var trainable: Set<String>
  /// The weight of Σ |pₖ₋₁ − 2pₖ + pₖ₊₁| over each parameter set, whose gradient is added to that of the loss; 0 for
  /// none. The parameters are a spline's coefficients.
  public var bendPenalty = 0.0
}

extension ActivationSpecification {
  init(
    kind: Kind, granularity: Granularity, common: CommonOptions, moments: Moments, strategyName: String,
    functionName: String?, formula: String, trainable: Set<String>
  ) {
    self.kind = kind
    self.granularity = granularity
    learningRateMultiplier = common.learningRateMultiplier
    weightDecay = common.weightDecay
    self.moments = moments
    self.strategyName = strategyName
    self.functionName = functionName
    self.formula = formula
    self.trainable = trainable
  }

  /// The specification of a single function, rescaled if the options say so.
  static func single(
    _ activation: Activation, strategy: String, function: String?, granularity: Granularity,
    _ common: CommonOptions
  ) -> ActivationSpecification {
    let scaled = common.normalize ? activation.normalized : activation
    return ActivationSpecification(
      kind: .single(CompiledActivation(scaled)), granularity: granularity, common: common,
      moments: scaled.moments, strategyName: strategy, functionName: function, formula: scaled.formula,
      trainable: Set(scaled.parameters.filter(\.isTrainable).map(\.name)))
  }
}

/// A function drawn anew for every training iteration or epoch.
public struct RandomChoice: Sendable {
  public enum Every: String, Sendable, CaseIterable {
    case iteration
    case epoch
  }

  /// The rule by which a trained model predicts.
  public enum Inference: String, Sendable, CaseIterable {
    /// Predictions averaged over the candidates' draws.
    case average
    /// One pass with ``RandomChoice/expected``.
    case expected
    /// The last tenth of training and every prediction use the most probable candidate.
    case finalize
    /// The candidate with the best validation loss.
    case best
  }

  public var candidates: [CompiledActivation]
  public var names: [String]
  /// As many as candidates; they sum to 1.
  public var probabilities: [Double]
  /// Σ pₖ fₖ.
  public var expected: CompiledActivation
  public var scope: Granularity
  public var every: Every
  public var inference: Inference
}

/// A function whose parameters are the outputs of another, trained network.
public struct Hypernetwork: Sendable {
  public enum Input: String, Sendable, CaseIterable {
    /// Statistics of the layer's pre-activations: one parameter set for the layer, or for each unit from its own.
    case statistics
    /// The sample's own pre-activations: one parameter set per row, or for each unit of each row.
    case sample
  }

  /// The function; its raw parameters are what the network's outputs are added to (offset: the initial raw values).
  public var target: CompiledActivation
  /// Widths of the generating network's hidden layers.
  public var hidden: [Int]
  public var input: Input
  /// Whether each unit gets a parameter set of its own.
  public var perUnit = false
}
