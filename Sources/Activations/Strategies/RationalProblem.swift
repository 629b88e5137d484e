// A rational function's coefficients as a least-squares problem, with slopes that may be held to a sign.

/// A slope's sign that a fit should have.
struct SlopeSign {
  var t: Double
  /// Which of the two slopes at 0 is meant: −1 left, 1 right.
  var side: Double
  /// 1 for rising, −1 for falling.
  var sign: Double
  /// Whether it must be of the margin's size; next to a turn it may be 0.
  var hasMargin = true
}

/// Least squares over a rational function's coefficients at fixed points and weights.
struct RationalProblem {
  /// One divisor with the numerator that fits best.
  struct Candidate {
    var divisor: [Double]
    var numerator: [Double]
    /// Unweighted.
    var residuals: [Double]
    /// How far each of the slopes is on the wrong side of its margin, times the root of its weight; at most 0.
    var violations: [Double]
    /// Σ weight · residual² + Σ violation².
    var cost: Double

    var maximumError: Double { residuals.reduce(0) { max($0, Swift.abs($1)) } }
  }

  let t: [Double]
  let target: [Double]
  let degree: Int
  let form: RationalStrategy.Form
  var weights: [Double]
  /// Slopes that are held to a sign.
  var slopes: [SlopeSign] = []
  /// The least size that a held slope should have, by t.
  var margin = 0.0

  /// The weight of the square of a slope's violation.
  private static let slopeWeight = 300.0

  init(t: [Double], target: [Double], degree: Int, form: RationalStrategy.Form) {
    self.t = t
    self.target = target
    self.degree = degree
    self.form = form
    weights = t.map { _ in 1 }
  }

  /// The fit of the smallest maximal error that is found.
  func closest(from starts: [[Double]]) -> Candidate {
    var problem = self
    let fits = starts.map { problem.minimised(from: $0, iterations: 40) }
    var best = fits.min { $0.cost < $1.cost } ?? fits[0]
    var current = best
    for _ in 0..<30 {
      problem.reweight(by: current.residuals)
      current = problem.minimised(from: current.divisor, iterations: 4)
      if current.maximumError < best.maximumError { best = current }
    }
    return best
  }

  private mutating func reweight(by residuals: [Double]) {
    let size = residuals.reduce(0) { max($0, Swift.abs($1)) } + 1e-300
    for index in weights.indices { weights[index] *= 0.05 + Swift.abs(residuals[index]) / size }
    let total = weights.reduce(0, +) / Double(weights.count)
    for index in weights.indices { weights[index] /= total }
  }

  /// The best numerator for a divisor.
  func projected(_ divisor: [Double]) -> Candidate {
    let quotients = t.map { 1 / form.divisor(divisor, at: $0) }
    var normal = RidgeRegression(size: degree + 1, ridge: 1e-12)
    var features = [Double](repeating: 0, count: degree + 1)
    for index in t.indices {
      var power = quotients[index]
      for exponent in 0...degree {
        features[exponent] = power
        power *= t[index]
      }
      normal.add(features, target: target[index], weight: weights[index])
    }
    let (numerator, violations) = held(normal, divisor)
    var cost = 0.0
    let residuals = t.indices.map { index in
      let fitted = numerator.reversed().reduce(0) { $0 * t[index] + $1 } * quotients[index]
      cost += weights[index] * (fitted - target[index]) * (fitted - target[index])
      return fitted - target[index]
    }
    for violation in violations { cost += violation * violation }
    return Candidate(
      divisor: divisor, numerator: numerator, residuals: residuals, violations: violations, cost: cost)
  }

  /// The numerator that solves the normal equations with the violated slopes added to them, and the violations.
  ///
  /// Which slopes are violated depends on the solution: it is solved anew until they are the same ones.
  private func held(_ normal: RidgeRegression, _ divisor: [Double]) -> ([Double], [Double]) {
    var numerator = normal.solved()
    if slopes.isEmpty { return (numerator, []) }
    let rows = slopes.map { slopeRow($0, divisor) }
    let margins = slopes.map { $0.hasMargin ? margin : 0 }
    func shortfalls() -> [Double] { zip(rows, margins).map { dot($0, numerator) - $1 } }
    var violated: [Bool] = []
    for _ in 0..<30 {
      let now = shortfalls().map { $0 < 0 }
      if now == violated { break }
      violated = now
      var sum = normal
      for index in rows.indices where violated[index] {
        sum.add(rows[index], target: margins[index], weight: Self.slopeWeight)
      }
      numerator = sum.solved()
    }
    let root = Self.slopeWeight.squareRoot()
    return (numerator, shortfalls().map { root * min($0, 0) })
  }

  /// The slope by t, in the direction that it should have, as a linear function of the numerator's coefficients.
  private func slopeRow(_ slope: SlopeSign, _ divisor: [Double]) -> [Double] {
    let quotient = 1 / form.divisor(divisor, at: slope.t)
    let divisorSlope = form.divisorSlope(divisor, at: slope.t, side: slope.side)
    var (power, below) = (1.0, 0.0)
    return (0...degree).map { exponent in
      defer { (below, power) = (power, power * slope.t) }
      return slope.sign * quotient * (Double(exponent) * below - power * divisorSlope * quotient)
    }
  }

  /// Levenberg and Marquardt's method over the divisor.
  func minimised(from start: [Double], iterations: Int) -> Candidate {
    let roots = weights.map { $0.squareRoot() }
    func weighted(_ values: [Double]) -> [Double] { zip(values, roots).map(*) }
    var best = projected(start)
    var damping = 1e-2
    for _ in 0..<iterations where damping < 1e8 {
      let columns = best.divisor.indices.map { index in
        var moved = best.divisor
        let step = 1e-6 * max(1, Swift.abs(moved[index]))
        moved[index] += step
        let next = projected(moved)
        return weighted(zip(next.residuals, best.residuals).map { ($0 - $1) / step })
          + zip(next.violations, best.violations).map { ($0 - $1) / step }
      }
      let residual = weighted(best.residuals.map { -$0 }) + best.violations.map { -$0 }
      var improved = false
      while !improved, damping < 1e8 {
        guard let step = dampedStep(columns, residual: residual, damping: damping) else { return best }
        let next = projected(zip(best.divisor, step).map(+))
        guard next.cost < best.cost else {
          damping *= 4
          continue
        }
        improved = true
        let gain = (best.cost - next.cost) / best.cost
        best = next
        damping = max(damping / 5, 1e-9)
        if gain < 1e-9 { return best }
      }
    }
    return best
  }
}

extension RationalStrategy.Form {
  /// Q at x, for the coefficients b₁, b₂, ….
  func divisor(_ coefficients: [Double], at x: Double) -> Double {
    switch self {
    case .a: 1 + coefficients.reversed().reduce(0) { ($0 + Swift.abs($1)) * Swift.abs(x) }
    case .b: 1 + Swift.abs(coefficients.reversed().reduce(0) { ($0 + $1) * x })
    }
  }

  /// Q′ at x; at 0, where there are two, that of a side.
  fileprivate func divisorSlope(_ coefficients: [Double], at x: Double, side: Double) -> Double {
    var (value, slope) = (0.0, 0.0)
    for (index, b) in coefficients.enumerated().reversed() {
      let coefficient = self == .a ? Swift.abs(b) : b
      let place = self == .a ? Swift.abs(x) : x
      // Horner's rule for Σ bⱼ xʲ⁻¹, whose product with x is the sum.
      (value, slope) = (coefficient + place * value, value + place * slope)
      if index == 0 { (value, slope) = (value * place, value + place * slope) }
    }
    switch self {
    case .a: return slope * (x == 0 ? side : x < 0 ? -1 : 1)
    case .b: return value == 0 ? Swift.abs(slope) * side : value < 0 ? -slope : slope
    }
  }
}

extension MonotonePieces {
  /// The signs of the slopes at points within a distance from 0, by t = x / radius, but for those nearer to a turn than
  /// `clearance`, where the fit may turn too. On both sides of a turn at 0, where a fit may have a kink, they are held.
  ///
  /// Beyond the radius there are some only if no turn is there: a rational function of low degree has few.
  func slopes(within distance: Double, radius: Double, clearance: Double) -> [SlopeSign] {
    guard let risesFirst else { return [] }
    let inner = (-60...60).map { radius * Double($0) / 60 }
    let hasOuter = distance > radius && turns.allSatisfy { Swift.abs($0) <= radius }
    let outer = hasOuter ? (1...18).map { radius + (distance - radius) * Double($0) / 18 } : []
    return (outer.map { -$0 } + inner + outer).flatMap { x -> [SlopeSign] in
      let nearest = turns.map { Swift.abs($0 - x) }.min() ?? .infinity
      let isTurn = x == 0 && nearest < 1e-9
      if nearest < clearance, !isTurn { return [] }
      return (x == 0 ? [-1.0, 1] : [0]).map { side in
        let isTurned = !turns.count { $0 < x || isTurn && $0 == x && side > 0 }.isMultiple(of: 2)
        return SlopeSign(
          t: x / radius, side: side, sign: risesFirst == isTurned ? -1 : 1, hasMargin: !isTurn)
      }
    }
  }
}
