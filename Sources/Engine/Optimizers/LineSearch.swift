// How far to go along a direction: a search for a step that fulfils the strong Wolfe conditions.

/// The line search of Nocedal and Wright, "Numerical Optimization" (2nd edition), algorithms 3.5 and 3.6.
///
/// Along a descent direction d a function φ(α) = f(x + α·d) is asked for its value and its slope until
/// φ(α) ≤ φ(0) + c₁·α·φ′(0) and |φ′(α)| ≤ c₂·|φ′(0)|. Values that differ by no more than rounding decide nothing: there the
/// first condition is asked of the slope alone, as φ′(α) ≤ (2·c₁ − 1)·φ′(0) (Hager and Zhang 2005, the approximate Wolfe
/// conditions). What is not finite counts as too far.
struct LineSearch {
  /// c₁ and c₂, as is usual for quasi-Newton directions (Nocedal and Wright, section 3.1).
  static let decrease = 1e-4
  static let curvature = 0.9
  /// The relative difference of values that counts as rounding of single precision.
  static let rounding = 1e-6

  /// A place on the line.
  struct Point {
    var step: Double
    var value: Double
    var slope: Double
  }

  /// φ(0) and φ′(0) < 0.
  let start: Point
  private var left: Int

  /// - Parameter evaluations: the most places that are looked at.
  init(value: Double, slope: Double, evaluations: Int) {
    start = Point(step: 0, value: value, slope: slope)
    left = evaluations
  }

  /// The place that fulfils the conditions; where none is found, the best one that fulfils the first of them; nil where
  /// there is none either.
  ///
  /// - Parameter evaluate: φ(α) and φ′(α).
  mutating func run(from first: Double, _ evaluate: (Double) -> (value: Double, slope: Double)) -> Point? {
    var previous = start
    var step = first
    while left > 0 {
      let current = look(step, evaluate)
      guard current.value.isFinite, current.slope.isFinite, isLow(current),
        previous.step == 0 || current.value < previous.value || isRounding(current.value - previous.value)
      else { return zoom(low: previous, high: current, evaluate) }
      if isFlat(current) { return current }
      if current.slope >= 0 { return zoom(low: current, high: previous, evaluate) }
      previous = current
      step *= 2
    }
    return previous.step > 0 ? previous : nil
  }

  /// Narrows an interval whose lower end fulfils the first condition and has the smaller value, and which holds a place
  /// that fulfils both.
  private mutating func zoom(
    low: Point, high: Point, _ evaluate: (Double) -> (value: Double, slope: Double)
  ) -> Point? {
    var (low, high) = (low, high)
    while left > 0, abs(high.step - low.step) > 1e-12 * max(low.step, high.step) {
      let current = look(Self.between(low, high), evaluate)
      if !current.value.isFinite || !current.slope.isFinite || !isLow(current)
        || (current.value >= low.value && !isRounding(current.value - low.value))
      {
        high = current
        continue
      }
      if isFlat(current) { return current }
      if current.slope * (high.step - low.step) >= 0 { high = low }
      low = current
    }
    return low.step > 0 ? low : nil
  }

  private mutating func look(
    _ step: Double, _ evaluate: (Double) -> (value: Double, slope: Double)
  ) -> Point {
    left -= 1
    let (value, slope) = evaluate(step)
    return Point(step: step, value: value, slope: slope)
  }

  // MARK: Conditions

  private func isLow(_ point: Point) -> Bool {
    if point.value <= start.value + Self.decrease * point.step * start.slope { return true }
    return isRounding(point.value - start.value)
      && point.slope <= (2 * Self.decrease - 1) * start.slope
  }

  private func isFlat(_ point: Point) -> Bool { abs(point.slope) <= -Self.curvature * start.slope }

  private func isRounding(_ difference: Double) -> Bool {
    abs(difference) <= Self.rounding * abs(start.value)
  }

  /// The minimum of the cubic through two values and slopes (Nocedal and Wright, equation 3.59), at least a tenth of the
  /// interval away from both ends; the middle where there is no such cubic.
  private static func between(_ low: Point, _ high: Point) -> Double {
    let width = high.step - low.step
    let middle = low.step + width / 2
    guard high.value.isFinite, high.slope.isFinite else { return middle }
    let first = low.slope + high.slope - 3 * (low.value - high.value) / (low.step - high.step)
    let square = first * first - low.slope * high.slope
    guard square >= 0 else { return middle }
    let root = width < 0 ? -square.squareRoot() : square.squareRoot()
    let step = high.step - width * (high.slope + root - first) / (high.slope - low.slope + 2 * root)
    guard step.isFinite else { return middle }
    let (nearest, farthest) = (
      min(low.step, high.step) + 0.1 * abs(width), max(low.step, high.step) - 0.1 * abs(width)
    )
    return min(max(step, nearest), farthest)
  }
}
