// Where a function rises and falls, and its local minima and maxima.

/// How a function's value moves as x grows.
public enum Monotonicity: String, Sendable, Hashable, CaseIterable {
  case constant
  case increasing
  case decreasing
  /// Increasing but for flat stretches.
  case nondecreasing
  /// Decreasing but for flat stretches.
  case nonincreasing
  /// It rises and falls.
  case none
}

/// A local minimum or maximum.
public struct Extremum: Sendable, Hashable {
  /// Whether the function turns down or up.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case minimum, maximum
  }

  /// Which of the two it is.
  public var kind: Kind
  /// Where it lies.
  public var x: Double
  /// The value there; where the value jumps, the more extreme of the two sides.
  public var value: Double

  /// An extremum at x with this value.
  public init(kind: Kind, x: Double, value: Double) {
    self.kind = kind
    self.x = x
    self.value = value
  }
}

/// Rises and falls on [−10, 10], judged by the derivative on a fine grid and by the values across jumps.
struct Course {
  private(set) var monotonicity: Monotonicity
  /// Ascending by x; empty if the function is monotone.
  private(set) var extrema: [Extremum] = []

  /// `samples` are those of [−10, 10], ascending; `beyond` are further points that may only disprove monotonicity.
  init(of curve: Curve, _ samples: Curve.Samples, beyond: Curve.Samples, breaks: Breaks) {
    let samples = samples.finite
    let steepest = samples.slopes.reduce(0) { max($0, abs($1)) }
    func direction(_ slope: Double, _ tolerance: Double) -> Int {
      slope > tolerance ? 1 : slope < -tolerance ? -1 : 0
    }
    var moves: [Move] = zip(samples.points, samples.slopes).map {
      Move(x: $0, direction: direction($1, 1e-13 * steepest))
    }
    moves += breaks.jumps.map { place in
      let gap = 1e-12 * max(1, abs(place))
      let sides = curve.sample([place - gap, place + gap]).values.map { $0.cleaned(within: 1e-10) }
      return Move(
        x: place, direction: direction(sides[1] - sides[0], 0),
        sides: (low: min(sides[0], sides[1]), high: max(sides[0], sides[1])))
    }
    moves.sort { ($0.x, $0.sides == nil ? 0 : 1) < ($1.x, $1.sides == nil ? 0 : 1) }
    let directions = moves.map(\.direction) + beyond.finite.slopes.map { direction($0, 1e-13 * steepest) }
    switch (directions.contains(1), directions.contains(-1)) {
    case _ where !breaks.poles.isEmpty: monotonicity = .none
    case (false, false): monotonicity = .constant
    case (true, false): monotonicity = Self.isStrict(samples.slopes) ? .increasing : .nondecreasing
    case (false, true): monotonicity = Self.isStrict(samples.slopes) ? .decreasing : .nonincreasing
    case (true, true):
      monotonicity = .none
      findExtrema(of: curve, moves.filter { $0.direction != 0 })
    }
  }

  private struct Move {
    var x: Double
    /// −1, 0 or 1.
    var direction: Int
    /// Of a jump, its values.
    var sides: (low: Double, high: Double)?
  }

  /// Whether the derivative is zero at isolated points at most.
  private static func isStrict(_ slopes: [Double]) -> Bool {
    !zip(slopes, slopes.dropFirst()).contains { $0 == 0 && $1 == 0 }
  }

  private mutating func findExtrema(of curve: Curve, _ moves: [Move]) {
    for (before, after) in zip(moves, moves.dropFirst()) where before.direction != after.direction {
      let kind: Extremum.Kind = before.direction > 0 ? .maximum : .minimum
      if let jump = [before, after].first(where: { $0.sides != nil }), let sides = jump.sides {
        extrema.append(Extremum(kind: kind, x: jump.x, value: kind == .maximum ? sides.high : sides.low))
        continue
      }
      let sign = Double(before.direction)
      let place = Roots.bisect(before.x, after.x) { curve.slope(at: $0) * sign > 0 }
      let x = place.cleaned(within: 1e-10 * max(1, abs(place)))
      let value = curve.value(at: x)
      extrema.append(Extremum(kind: kind, x: x, value: value.cleaned(within: 1e-13)))
    }
  }
}
