// What a strategy hands to the engine: compiled functions and how they are shared, drawn or generated.

/// A strategy made concrete.
public struct ActivationSpecification: Sendable {
  /// The functions and what is done with them.
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

  /// How the parameters of the one function are best shown.
  public enum Presentation: Sendable, Hashable {
    /// By name: each means something by itself.
    case named
    /// As arrays: those whose names have the same beginning, `w_1`, `w_2` …, belong together.
    case arrays
    /// As the weights of these functions, in the order of the parameters.
    case weights(functions: [String])
  }

  /// The functions and what is done with them.
  public var kind: Kind
  /// Who shares one parameter set or one draw.
  public var granularity: Granularity
  /// Multiplies the learning rate for the activation's parameters.
  public var learningRateMultiplier = 1.0
  /// Weight decay of the activation's parameters.
  public var weightDecay = 0.0
  /// For the `auto` weight initialiser; the candidates' mixture for `random`.
  public var moments: Moments
  /// `fixed`, `parametric`, …
  public var strategyName = ""
  /// The catalogue's name of the one function, where there is one.
  public var functionName: String?
  /// What is computed, as text.
  public var formula: String
  /// The names of the parameters that gradients move.
  public var trainable: Set<String>
  /// How the parameters of the one function are best shown.
  public var presentation: Presentation
  /// The weight of Σ |pₖ₋₁ − 2pₖ + pₖ₊₁| over each parameter set, whose gradient is added to that of the loss; 0 for
  /// none. The parameters are a spline's coefficients.
  public var bendPenalty = 0.0
  /// For a spline whose grid is refined while it trains, what is trained in each stage; empty where nothing changes.
  var grids: [ActivationSpecification] = []
  /// Which of its stages this is, counted from 0; strategies make the last one.
  public private(set) var stage = 0
}

extension ActivationSpecification {
  /// In how many stages training goes through grids; 1 where nothing changes.
  public var stageCount: Int { max(1, grids.count) }

  /// The same activation on the grid of another stage, an index below ``stageCount``.
  public func at(stage: Int) -> ActivationSpecification {
    guard grids.indices.contains(stage) else { return self }
    let grid = grids[stage]
    var specification = self
    specification.kind = grid.kind
    specification.moments = grid.moments
    specification.formula = grid.formula
    specification.trainable = grid.trainable
    specification.bendPenalty = grid.bendPenalty
    specification.stage = stage
    return specification
  }

  /// The last of several stages, each as if it were the only one.
  static func stages(_ grids: [ActivationSpecification]) -> ActivationSpecification? {
    guard var last = grids.last, grids.count > 1 else { return grids.last }
    last.grids = grids
    last.stage = grids.count - 1
    return last
  }
}

extension ActivationSpecification {
  init(
    kind: Kind, granularity: Granularity, moments: Moments, functionName: String?, formula: String,
    trainable: Set<String>, presentation: Presentation = .named
  ) {
    self.kind = kind
    self.granularity = granularity
    self.moments = moments
    self.functionName = functionName
    self.formula = formula
    self.trainable = trainable
    self.presentation = presentation
  }

  /// The specification of a single function, rescaled if the options say so.
  static func single(
    _ activation: Activation, function: String?, granularity: Granularity, _ common: CommonOptions,
    _ presentation: Presentation = .named
  ) -> ActivationSpecification {
    let scaled = common.normalize ? activation.normalized : activation
    return ActivationSpecification(
      kind: .single(CompiledActivation(scaled)), granularity: granularity, moments: scaled.moments,
      functionName: function, formula: scaled.formula,
      trainable: Set(scaled.parameters.filter(\.isTrainable).map(\.name)), presentation: presentation)
  }
}

/// A function drawn anew for every training iteration or epoch.
public struct RandomChoice: Sendable {
  /// When a new draw is made.
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

  /// The functions that are drawn from.
  public var candidates: [CompiledActivation]
  /// The functions' names, as many.
  public var names: [String]
  /// As many as candidates; they sum to 1.
  public var probabilities: [Double]
  /// Σ pₖ fₖ.
  public var expected: CompiledActivation
  /// Who shares one draw.
  public var scope: Granularity
  /// When a new draw is made.
  public var every: Every
  /// The rule by which a trained model predicts.
  public var inference: Inference
}

/// A function whose parameters are the outputs of another, trained network.
public struct Hypernetwork: Sendable {
  /// What the generating network sees.
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
  /// What the generating network sees.
  public var input: Input
  /// Whether each unit gets a parameter set of its own.
  public var perUnit = false
}

extension RandomChoice.Every: OptionWord {}
extension RandomChoice.Inference: OptionWord {}
extension Hypernetwork.Input: OptionWord {}
extension StochasticMixture.Inference: OptionWord {}
