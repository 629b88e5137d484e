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
  private let form: RationalStrategy.Form

  static let radius = 3.0
  static let smallestDivisorCoefficient = 1e-3

  private struct Key: Hashable {
    let function: String
    let degrees: [Int]
    let form: RationalStrategy.Form
  }

  /// Every document that names a fit is read several times, and a fit takes some tens of milliseconds.
  private static let known = Memo<Key, RationalFit>()

  static func cached(
    of activation: Activation, degrees: (Int, Int), form: RationalStrategy.Form
  ) -> RationalFit {
    known.value(for: Key(function: activation.name, degrees: [degrees.0, degrees.1], form: form)) {
      let function = activation.frozen.expression
      return RationalFit(degrees: degrees, form: form) { function.evaluate(x: $0) }
    }
  }

  /// Fits by least squares, then by least squares reweighted towards the smallest maximal error; where that turns more
  /// often than the function, as next to a kink, by least squares with slopes of the function's own signs.
  ///
  /// For a given divisor the numerator is a linear problem; the divisor is found by the method of Levenberg and Marquardt
  /// over what remains (variable projection, Golub and Pereyra 1973, doi:10.1137/0710036), from several starts. The
  /// weights are then multiplied by the deviations (Lawson 1961), and the fit of the smallest maximal error is kept.
  init(degrees: (Int, Int), form: RationalStrategy.Form, of function: (Double) -> Double) {
    // In t = x / radius all powers have the same size.
    let t = (0...160).map { Double($0) / 80 - 1 }
    let target = t.map { function($0 * Self.radius) }
    let problem = RationalProblem(t: t, target: target, degree: degrees.0, form: form)
    let count = degrees.1
    let starts: [[Double]] = [
      (0..<count).map { _ in 0.1 }, (0..<count).map { $0 % 2 == 0 ? 0.01 : 2 },
      (0..<count).map { $0 % 2 == 0 ? 4 : 0.5 }, (0..<count).map { $0 == count - 1 ? 8 : 0.05 },
    ]
    let closest = RationalFit(problem, problem.closest(from: starts))
    let course = MonotonePieces(of: function)
    let pieces = closest.pieces
    if course.turnsBeyond(pieces) == 0, course.turnsBeyond(pieces, within: Self.radius) == 0 {
      self = closest
    } else {
      self = Self.faithful(to: course, problem, from: starts + [closest.scaledDivisor]) ?? closest
    }
  }

  /// Back to x. What the floor on the divisor's coefficients changes, the numerator makes good.
  private init(_ problem: RationalProblem, _ best: RationalProblem.Candidate) {
    let scales = (1...best.divisor.count).map { pow(Self.radius, Double($0)) }
    let floored = zip(best.divisor, scales).map { b, scale in
      let size = max(Swift.abs(b), Self.smallestDivisorCoefficient * scale)
      return problem.form == .b && b < 0 ? -size : size
    }
    let isUnchanged = zip(floored, best.divisor).allSatisfy { Swift.abs($0) == Swift.abs($1) }
    let final = isUnchanged ? best : problem.projected(floored)
    numerator = final.numerator.enumerated().map { $1 / pow(Self.radius, Double($0)) }
    divisor = zip(floored, scales).map { $0 / $1 }
    maximumError = final.maximumError
    form = problem.form
  }

  /// The closest of the fits that turn no more often than the function, or of those that turn least.
  ///
  /// Slopes are held to their signs on [−10, 10] if that costs little of the fit on [−3, 3], else there alone; by ever
  /// wider margins, because what is held at points may fail between them.
  private static func faithful(
    to course: MonotonePieces, _ plain: RationalProblem, from starts: [[Double]]
  ) -> RationalFit? {
    let spread = (plain.target.max() ?? 0) - (plain.target.min() ?? 0)
    func fit(over range: Double) -> RationalFit? {
      var found: (turns: Int, fit: RationalFit)?
      let attempts = [0.15, 0.04].flatMap { clearance in [0.003, 0.01, 0.03, 0.1].map { (clearance, $0) } }
      for (clearance, margin) in attempts {
        var problem = plain
        problem.slopes = course.slopes(within: range, radius: radius, clearance: clearance)
        problem.margin = margin * spread / 3
        let fits = starts.map { problem.minimised(from: $0, iterations: 25) }
        guard let best = fits.min(by: { $0.cost < $1.cost }) else { continue }
        let fit = RationalFit(problem, best)
        let turns = course.turnsBeyond(fit.pieces, within: range)
        if turns < found?.turns ?? .max { found = (turns, fit) }
        if turns == 0 { break }
      }
      return found?.fit
    }
    guard let near = fit(over: radius) else { return nil }
    guard let far = fit(over: MonotonePieces.radius),
      course.turnsBeyond(far.pieces) <= course.turnsBeyond(near.pieces),
      far.maximumError <= 1.5 * near.maximumError
    else { return near }
    return far
  }

  /// The divisor's coefficients in t.
  private var scaledDivisor: [Double] {
    divisor.enumerated().map { $1 * pow(Self.radius, Double($0 + 1)) }
  }

  /// Where the fit rises and falls.
  private var pieces: MonotonePieces {
    MonotonePieces { x in
      let value = numerator.reversed().reduce(0) { $0 * x + $1 }
      return value / form.divisor(divisor, at: x)
    }
  }
}
