// `spline`: a curve through trained coefficients on a grid of knots, linear beyond it.

import Text

/// A trained spline: a broken line or a cubic B-spline, started as a named function.
///
/// Source: Bohra et al. 2020 (deep splines), doi:10.1109/OJSP.2020.3039379; Liu et al. 2024 (KAN), arXiv:2404.19756.
public struct SplineStrategy: Sendable, Hashable {
  public var knots = 21
  /// Ends of the grid.
  public var range = [-4.0, 4.0]
  public var order = Spline.Order.cubic
  /// Name or alias of the function that training starts from.
  public var initial = "leaky_relu"
  public var granularity: Granularity = .layer
  /// The weight λ of the penalty λ Σ |cₖ₋₁ − 2cₖ + cₖ₊₁| / h on bends.
  public var smoothness = 0.0
  public var common = CommonOptions()

  public init() {}

  static let description = StrategyDescription(
    "spline", "a curve through trained coefficients on a grid of knots, linear beyond the grid",
    [
      OptionDescription(
        "knots", .integer(4...101), default: .number(21), "how many knots the grid has, evenly spaced"),
      OptionDescription(
        "range", .interval, default: .list([.number(-4), .number(4)]), "where the grid begins and ends"),
      OptionDescription(
        "order", .integerChoice([1, 3]), default: .number(3), "1: a broken line; 3: a cubic B-spline"),
      OptionDescription(
        "initial", .function(parametricOnly: false), default: .string("leaky_relu"),
        "the function that training starts from"),
      .granularity,
      OptionDescription(
        "smoothness", .number(minimum: 0), default: .number(0),
        "weight of a penalty on bends, the second-order total variation: larger values straighten the curve"),
    ])

  init(_ options: inout OptionReader) {
    knots = options.integer("knots")
    range = options.numbers("range") ?? range
    order = Spline.Order(rawValue: options.integer("order")) ?? .cubic
    initial = options.string("initial")
    granularity = options.choice("granularity")
    smoothness = options.number("smoothness")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("knots", .number(Double(knots))),
      OptionMember("range", .list(range.map(OptionValue.number))),
      OptionMember("order", .number(Double(order.rawValue))),
      OptionMember("initial", .string(initial)),
      OptionMember("granularity", .string(granularity.rawValue)),
      OptionMember("smoothness", .number(smoothness)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
    guard let start = faults.activation(initial, at: ["initial"])?.frozen, faults.isEmpty else { return nil }
    let spline = Spline(order: order, knots: knots, low: range[0], high: range[1])
    // B-splines sum to 1, so that a spline is normalised by its coefficients.
    let scaled = common.normalize ? start.normalized : start
    let coefficients = spline.coefficients { scaled.expression.evaluate(x: $0) }
    if let knot = coefficients.firstIndex(where: { !$0.isFinite || Swift.abs($0) > 1e6 }) {
      faults.add(
        ["initial"],
        "\(start.name) takes the spline's coefficient \(knot + 1) to \(text(of: coefficients[knot])); choose a "
          + "narrower range")
      return nil
    }
    var activation = Activation(
      "spline", "a trained spline", spline.expression,
      parameters: zip(spline.coefficientNames, coefficients).map { .free($0, $1) },
      kinks: order == .linear ? Array(spline.positions.dropFirst().dropLast()) : [],
      smoothness: order == .linear ? .continuous : .c1, source: "")
    activation.spline = spline
    var unscaled = common
    unscaled.normalize = false
    var specification = ActivationSpecification.single(
      activation, strategy: "spline", function: nil, granularity: granularity, unscaled)
    specification.formula =
      "\(order == .linear ? "linear" : "cubic") spline of x over \(spline.coefficientCount) coefficients c, "
      + "\(knots) knots on [\(text(of: range[0])), \(text(of: range[1]))], linear beyond"
    if smoothness > 0 { specification.bendPenalty = smoothness / spline.step }
    return specification
  }
}
