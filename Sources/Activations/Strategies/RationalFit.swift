// Initial coefficients of a safe rational function: the best fit to a named function, computed, not copied.

import Glibc
import Text

/// A safe rational function fitted to a function on [−3, 3].
struct RationalFit: Sendable {
  /// a₀, a₁, …
  let numerator: [Double]
  /// b₁, b₂, …; none is so small that its gradient, which |bⱼ| passes on, could be stuck at 0.
  let divisor: [Double]
  /// The largest deviation on the grid that was fitted.
  let maximumError: Double

  static let radius = 3.0
  static let smallestDivisorCoefficient = 1e-3

  private struct Key: Hashable {
    let function: String
    let degrees: [Int]
    let form: RationalStrategy.Form
  }

  /// Every document that names a fit is read several times, and a fit takes some milliseconds.
  private static let known = Memo<Key, RationalFit>()

  static func cached(
    of activation: Activation, degrees: (Int, Int), form: RationalStrategy.Form
  ) -> RationalFit {
    known.value(for: Key(function: activation.name, degrees: [degrees.0, degrees.1], form: form)) {
      let function = activation.frozen.expression
      return RationalFit(degrees: degrees, form: form) { function.evaluate(x: $0) }
    }
  }

  /// Fits by least squares, then by least squares reweighted towards the smallest maximal error.
  ///
  /// For a given divisor the numerator is a linear problem; the divisor is found by the method of Levenberg and Marquardt
  /// over what remains (variable projection, Golub and Pereyra 1973, doi:10.1137/0710036), from several starts. The
  /// weights are then multiplied by the deviations (Lawson 1961), and the fit of the smallest maximal error is kept.
  init(degrees: (Int, Int), form: RationalStrategy.Form, of function: (Double) -> Double) {
    // In t = x / radius all powers have the same size.
    let t = (0...160).map { Double($0) / 80 - 1 }
    let target = t.map { function($0 * Self.radius) }
    var problem = RationalProblem(t: t, target: target, degree: degrees.0, form: form)
    let count = degrees.1
    let starts: [[Double]] = [
      (0..<count).map { _ in 0.1 }, (0..<count).map { $0 % 2 == 0 ? 0.01 : 2 },
      (0..<count).map { $0 % 2 == 0 ? 4 : 0.5 }, (0..<count).map { $0 == count - 1 ? 8 : 0.05 },
    ]
    let fits = starts.map { problem.minimised(from: $0, iterations: 40) }
    var best = fits.min { $0.cost < $1.cost } ?? fits[0]
    var current = best
    for _ in 0..<30 {
      problem.reweight(by: current.residuals)
      current = problem.minimised(from: current.divisor, iterations: 4)
      if current.maximumError < best.maximumError { best = current }
    }

    // Back to x. What the floor on the divisor's coefficients changes, the numerator makes good.
    problem.weights = t.map { _ in 1 }
    let scales = (1...count).map { pow(Self.radius, Double($0)) }
    let floored = zip(best.divisor, scales).map { b, scale in
      let size = max(Swift.abs(b), Self.smallestDivisorCoefficient * scale)
      return form == .b && b < 0 ? -size : size
    }
    let isUnchanged = zip(floored, best.divisor).allSatisfy { Swift.abs($0) == Swift.abs($1) }
    let final = isUnchanged ? best : problem.projected(floored)
    numerator = final.numerator.enumerated().map { $1 / pow(Self.radius, Double($0)) }
    divisor = zip(floored, scales).map { $0 / $1 }
    maximumError = final.maximumError
  }
}

/// Least squares over a rational function's coefficients at fixed points and weights.
private struct RationalProblem {
  /// One divisor with the numerator that fits best.
  struct Candidate {
    var divisor: [Double]
    var numerator: [Double]
    /// Unweighted.
    var residuals: [Double]
    /// Σ weight · residual².
    var cost: Double

    var maximumError: Double { residuals.reduce(0) { max($0, Swift.abs($1)) } }
  }

  let t: [Double]
  let target: [Double]
  let degree: Int
  let form: RationalStrategy.Form
  var weights: [Double]

  init(t: [Double], target: [Double], degree: Int, form: RationalStrategy.Form) {
    self.t = t
    self.target = target
    self.degree = degree
    self.form = form
    weights = t.map { _ in 1 }
  }

  mutating func reweight(by residuals: [Double]) {
    let size = residuals.reduce(0) { max($0, Swift.abs($1)) } + 1e-300
    for index in weights.indices { weights[index] *= 0.05 + Swift.abs(residuals[index]) / size }
    let total = weights.reduce(0, +) / Double(weights.count)
    for index in weights.indices { weights[index] /= total }
  }

  /// The best numerator for a divisor.
  func projected(_ divisor: [Double]) -> Candidate {
    let quotients = t.map { 1 / value(of: divisor, at: $0) }
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
    let numerator = normal.solved()
    var cost = 0.0
    let residuals = t.indices.map { index in
      let fitted = numerator.reversed().reduce(0) { $0 * t[index] + $1 } * quotients[index]
      cost += weights[index] * (fitted - target[index]) * (fitted - target[index])
      return fitted - target[index]
    }
    return Candidate(divisor: divisor, numerator: numerator, residuals: residuals, cost: cost)
  }

  private func value(of divisor: [Double], at t: Double) -> Double {
    switch form {
    case .a: 1 + divisor.reversed().reduce(0) { ($0 + Swift.abs($1)) * Swift.abs(t) }
    case .b: 1 + Swift.abs(divisor.reversed().reduce(0) { ($0 + $1) * t })
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
        return weighted(zip(projected(moved).residuals, best.residuals).map { ($0 - $1) / step })
      }
      let residual = weighted(best.residuals.map { -$0 })
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
