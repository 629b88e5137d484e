// Splines on a uniform grid as expressions, which say what their kernel computes.

/// A broken line or a cubic B-spline with trained coefficients, continued as a straight line beyond its range.
///
/// Order 1 has one coefficient for each knot: the value there. Order 3 has two more: coefficient k weighs the B-spline
/// that is centred on knot k − 1 (k counted from 0, knots likewise), so that the curve is twice continuously
/// differentiable within its range.
public struct Spline: Sendable, Hashable {
  /// The degree of its pieces.
  public enum Order: Int, Sendable, CaseIterable {
    case linear = 1
    case cubic = 3
  }

  /// The degree of the pieces.
  public var order: Order
  /// At least 4.
  public var knots: Int
  /// The first knot.
  public var low: Double
  /// The last knot.
  public var high: Double

  /// A grid of at least two knots from `low` to `high`, evenly spaced.
  public init(order: Order, knots: Int, low: Double, high: Double) {
    self.order = order
    self.knots = knots
    self.low = low
    self.high = high
  }

  /// The distance between neighbouring knots.
  public var step: Double { (high - low) / Double(knots - 1) }
  /// How many coefficients it has: one for each knot, and for a cubic one more on each side.
  public var coefficientCount: Int { order == .linear ? knots : knots + 2 }
  /// The knots, ascending.
  public var positions: [Double] { (0..<knots).map { low + step * Double($0) } }
  /// `c_1`, `c_2`, …
  public var coefficientNames: [String] { (1...coefficientCount).map { "c_\($0)" } }
}

extension Spline {
  /// The spline as a formula over its coefficients.
  var expression: Expression {
    switch order {
    case .linear: linearExpression
    case .cubic: cubicExpression
    }
  }

  /// The first line, and at every inner knot what the slope changes by.
  private var linearExpression: Expression {
    let c: [Expression] = coefficientNames.map { .parameter($0) }
    let slopes: [Expression] = (0..<knots - 1).map { (c[$0 + 1] - c[$0]) / .constant(step) }
    let bends: [Expression] = (1..<knots - 1).map { knot in
      // The order of max's operands makes the derivative at a knot the one on its right, as the kernel has it.
      let beyond: Expression = max(0, .x - .constant(positions[knot]))
      return (slopes[knot] - slopes[knot - 1]) * beyond
    }
    return ([c[0] + slopes[0] * (.x - .constant(low))] + bends).sum
  }

  /// Σ cₖ B((x − tₖ) / h) with B(u) = (max(0, 2 − |u|)³ − 4 max(0, 1 − |u|)³) / 6, and the end's slope beyond it.
  private var cubicExpression: Expression {
    let c: [Expression] = coefficientNames.map { .parameter($0) }
    let inside: Expression = min(max(.x, .constant(low)), .constant(high))
    let waves: [Expression] = c.indices.map { index in
      let centre = Expression.constant(low + step * Double(index - 1))
      let distance: Expression = abs((inside - centre) / .constant(step))
      let outer: Expression = max(0, 2 - distance).power(3)
      let inner: Expression = max(0, 1 - distance).power(3)
      return c[index] * (outer - 4 * inner)
    }
    let last = c.count - 1
    let slope = Expression.select(
      .less, .x, .constant(low), then: c[2] - c[0], otherwise: c[last] - c[last - 2])
    return waves.sum / 6 + (.x - inside) * slope / .constant(2 * step)
  }

  /// The coefficients of the spline that takes a function's values at the knots and, if cubic, its slopes at the ends.
  func coefficients(through function: (Double) -> Double) -> [Double] {
    func slope(at x: Double) -> Double { (function(x + 1e-5) - function(x - 1e-5)) / 2e-5 }
    return coefficients(values: positions.map(function), slopes: (slope(at: low), slope(at: high)))
  }

  /// - Parameters:
  ///   - values: at the knots.
  ///   - slopes: at both ends; a broken line has no use for them.
  private func coefficients(values: [Double], slopes: (Double, Double)) -> [Double] {
    guard order == .cubic else { return values }
    // (c[k] + 4 c[k + 1] + c[k + 2]) / 6 = value k, with (c[2] - c[0]) / 2h and its mirror image the end slopes: c[0] and
    // the last are eliminated, and Thomas's algorithm solves the tridiagonal rest.
    let ends = (2 * step * slopes.0, 2 * step * slopes.1)
    var upper = [Double](repeating: 1, count: knots)
    var right = values.map { 6 * $0 }
    upper[0] = 2
    right[0] += ends.0
    right[knots - 1] -= ends.1
    var diagonal = 4.0
    for row in 0..<knots {
      let lower = row == 0 ? 0.0 : row == knots - 1 ? 2 : 1
      if row > 0 {
        diagonal = 4 - lower * upper[row - 1]
        right[row] -= lower * right[row - 1]
      }
      upper[row] /= diagonal
      right[row] /= diagonal
    }
    for row in (0..<knots - 1).reversed() { right[row] -= upper[row] * right[row + 1] }
    return [right[1] - ends.0] + right + [right[knots - 2] + ends.1]
  }
}

// MARK: Other grids

extension Spline {
  /// The coefficients of the spline on another grid of the same range and order that takes this one's values at the grid's
  /// knots and, if cubic, its slopes at both ends.
  ///
  /// Where every knot of this grid is one of the other's, both are the same curve, beyond the range too.
  func coefficients(_ coefficients: [Double], on grid: Spline) -> [Double] {
    let last = coefficients.count - 1
    let slopes =
      switch order {
      case .linear:
        (
          (coefficients[1] - coefficients[0]) / step, (coefficients[last] - coefficients[last - 1]) / step
        )
      case .cubic:
        (
          (coefficients[2] - coefficients[0]) / (2 * step),
          (coefficients[last] - coefficients[last - 2]) / (2 * step)
        )
      }
    return grid.coefficients(values: grid.positions.map { value(coefficients, at: $0) }, slopes: slopes)
  }

  /// The curve at a place within the range.
  private func value(_ coefficients: [Double], at x: Double) -> Double {
    let place = (x - low) / step
    let piece = Swift.min(Swift.max(Int(place), 0), knots - 2)
    let t = place - Double(piece)
    let c = coefficients[piece...]
    guard order == .cubic else { return c[piece] + t * (c[piece + 1] - c[piece]) }
    // The four B-splines that are not zero on the piece.
    let s = 1 - t
    let outer = s * s * s * c[piece] + t * t * t * c[piece + 3]
    let inner =
      (4 - 6 * t * t + 3 * t * t * t) * c[piece + 1] + (4 - 6 * s * s + 3 * s * s * s) * c[piece + 2]
    return (outer + inner) / 6
  }
}

extension CompiledActivation {
  /// The raw values with which a spline on another grid is the same curve, or takes its values where the grid's knots are
  /// no refinement of its own; nil unless both are splines of the same range and order.
  public func raw(_ raw: [Double], onGridOf other: CompiledActivation) -> [Double]? {
    guard let spline, let grid = other.spline, raw.count == spline.coefficientCount, spline.low == grid.low,
      spline.high == grid.high, spline.order == grid.order
    else { return nil }
    return spline.coefficients(raw, on: grid)
  }
}
