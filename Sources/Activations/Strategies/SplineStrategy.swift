// `spline`: a curve through trained coefficients on a grid of knots, linear beyond it.

import Text

/// A trained spline: a broken line or a cubic B-spline, started as a named function.
///
/// Source: Bohra et al. 2020 (deep splines), doi:10.1109/OJSP.2020.3039379; Liu et al. 2024 (KAN), arXiv:2404.19756.
package struct SplineStrategy: ActivationStrategy {
  /// How many knots the grid has.
  ///
  /// With several stages the epochs of training are shared out to them equally, and each begins where the one before ended,
  /// on a finer grid (Liu et al. 2024, section 2.4). A curve is kept exactly where all knots of a stage are among those
  /// of the next, as those of 5, 9, 17 are; otherwise the next takes its values at its own knots and its slopes at the
  /// ends.
  package var knots = KnotStages(21)
  /// Ends of the grid.
  package var range = [-4.0, 4.0]
  /// The degree of its pieces.
  package var order = Spline.Order.cubic
  /// Name or alias of the function that training starts from.
  package var initial = "leaky_relu"
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  /// The weight λ of the penalty λ Σ |cₖ₋₁ − 2cₖ + cₖ₊₁| / h on bends.
  package var smoothness = 0.0
  package var common = CommonOptions()

  package init() {}

  package static let name = "spline"
  package static let summary =
    "a curve through trained coefficients on a grid of knots, linear beyond the grid"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption(
      "knots", .stages(4...101), \.knots,
      "how many knots the grid has, evenly spaced; a list refines the grid in stages of equally many epochs"),
    StrategyOption("range", .interval, \.range, "where the grid begins and ends"),
    StrategyOption("order", .integerChoice([1, 3]), \.order, "1: a broken line; 3: a cubic B-spline"),
    StrategyOption(
      "initial", .function(parametricOnly: false), \.initial, "the function that training starts from"),
    .granularity(\.granularity),
    StrategyOption(
      "smoothness", .number(minimum: 0), \.smoothness,
      "weight of a penalty on bends, the second-order total variation: larger values straighten the curve"),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let start = faults.activation(initial, at: ["initial"])?.frozen, faults.isEmpty else { return nil }
    let stages = knots.counts.compactMap { specification(start, knots: $0, &faults) }
    return faults.isEmpty ? .stages(stages) : nil
  }

  private func specification(
    _ start: Activation, knots: Int, _ faults: inout Faults
  ) -> ActivationSpecification? {
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
      activation, function: nil, granularity: granularity, unscaled, .arrays)
    specification.formula =
      "\(order == .linear ? "linear" : "cubic") spline of x over \(spline.coefficientCount) coefficients c, "
      + "\(knots) knots on [\(text(of: range[0])), \(text(of: range[1]))], linear beyond"
    if smoothness > 0 { specification.bendPenalty = smoothness / spline.step }
    return specification
  }
}

extension Spline.Order: OptionConvertible {
  init?(_ option: OptionValue) {
    guard let number = Int(option) else { return nil }
    self.init(rawValue: number)
  }

  var option: OptionValue { rawValue.option }
}
