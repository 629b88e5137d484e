// The options that every strategy takes.

/// How the activation's own parameters are optimised, and whether the function is rescaled first.
public struct CommonOptions: Sendable, Hashable {
  /// Multiplies the learning rate for the activation's parameters.
  public var learningRateMultiplier: Double = 1
  /// Weight decay of the activation's parameters. Decay draws slopes to 0, so the default is none.
  public var weightDecay: Double = 0
  /// Shifts and scales the function to mean 0 and variance 1 for a standard normal input.
  public var normalize: Bool = false

  public init() {}

  static let descriptions = [
    OptionDescription(
      "learning_rate_multiplier", .number(minimum: 0), default: .number(1),
      "multiplies the learning rate for the activation's own parameters"),
    OptionDescription(
      "weight_decay", .number(minimum: 0), default: .number(0),
      "weight decay of the activation's own parameters"),
    OptionDescription(
      "normalize", .boolean, default: .bool(false),
      "rescale to mean 0 and variance 1 for standard normal input, at the initial parameters"),
  ]

  init(_ options: inout OptionReader) {
    learningRateMultiplier = options.number("learning_rate_multiplier")
    weightDecay = options.number("weight_decay")
    normalize = options.bool("normalize")
  }

  var resolved: [OptionMember] {
    [
      OptionMember("learning_rate_multiplier", .number(learningRateMultiplier)),
      OptionMember("weight_decay", .number(weightDecay)),
      OptionMember("normalize", .bool(normalize)),
    ]
  }
}
