// The options that every strategy takes.

/// How the activation's own parameters are optimised, and whether the function is rescaled first.
public struct CommonOptions: Sendable, Hashable {
  /// Multiplies the learning rate for the activation's parameters.
  public var learningRateMultiplier: Double = 1
  /// Weight decay of the activation's parameters. Decay draws slopes to 0, so the default is none.
  public var weightDecay: Double = 0
  /// Shifts and scales the function to mean 0 and variance 1 for a standard normal input.
  public var normalize: Bool = false

  /// The defaults.
  public init() {}

  static func options<Owner: ActivationStrategy>() -> [StrategyOption<Owner>] {
    [
      StrategyOption(
        "learning_rate_multiplier", .number(minimum: 0), \.common.learningRateMultiplier,
        "multiplies the learning rate for the activation's own parameters"),
      StrategyOption(
        "weight_decay", .number(minimum: 0), \.common.weightDecay,
        "weight decay of the activation's own parameters"),
      StrategyOption(
        "normalize", \.common.normalize,
        "rescale to mean 0 and variance 1 for standard normal input, at the initial parameters"),
    ]
  }
}
