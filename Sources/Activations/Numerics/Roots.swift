// Zeros of a function of one variable that is known on a grid, found by bisection, and the numbers they are meant to be.

/// Zeros of a function on a grid of ascending points.
struct Roots {
  /// Where the function changes sign, ascending. A zero on a grid point counts unless both neighbours are zero too.
  private(set) var crossings: [Double] = []
  /// Where it comes to zero between neighbours and turns back.
  private(set) var touches: [Double] = []

  /// Cells with an end that is not a number are skipped. Two crossings in one cell are found if the function, seen
  /// from the grid, turns towards zero there.
  init(of values: [Double], at points: [Double], function: (Double) -> Double) {
    let scale = values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    for index in values.indices {
      let value = values[index]
      if value == 0 {
        let neighbours = [index - 1, index + 1].filter(values.indices.contains).map { values[$0] }
        if neighbours.contains(where: { $0 != 0 }) { crossings.append(points[index]) }
        continue
      }
      guard index + 1 < values.count else { continue }
      let next = values[index + 1]
      if value < 0 && next > 0 || value > 0 && next < 0 {
        crossings.append(Self.bisect(points[index], points[index + 1]) { (function($0) < 0) == (value < 0) })
      } else if index > 0, abs(value) < abs(values[index - 1]), abs(value) <= abs(next),
        (values[index - 1] < 0) == (value < 0), (next < 0) == (value < 0),
        abs(value) <= 2 * max(abs(values[index - 1] - value), abs(next - value))
      {
        turn(points[index - 1], points[index + 1], isNegative: value < 0, scale: scale, function)
      }
    }
    crossings.sort()
  }

  /// Looks between the points, where the function nears zero and turns back.
  private mutating func turn(
    _ low: Double, _ high: Double, isNegative: Bool, scale: Double, _ function: (Double) -> Double
  ) {
    let nearest = Self.minimum(low, high) { isNegative ? -function($0) : function($0) }
    if nearest.value < -1e-14 * scale {
      crossings.append(Self.bisect(low, nearest.x) { (function($0) < 0) == isNegative })
      crossings.append(Self.bisect(nearest.x, high) { (function($0) < 0) != isNegative })
    } else if nearest.value <= 1e-13 * scale {
      touches.append(nearest.x)
    }
  }

  /// The point where a condition that holds at `low` and not at `high` ceases to hold, to the last bit.
  static func bisect(_ low: Double, _ high: Double, holds: (Double) -> Bool) -> Double {
    var (low, high) = (low, high)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return abs(low) < abs(high) ? low : high }
      if holds(middle) { low = middle } else { high = middle }
    }
  }

  /// The least value of a function with one valley between `low` and `high`, by golden sections.
  static func minimum(_ low: Double, _ high: Double, _ function: (Double) -> Double) -> (
    x: Double, value: Double
  ) {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (low, high)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftValue, rightValue) = (function(left), function(right))
    for _ in 0..<60 where high - low > 1e-12 * max(1, abs(low)) {
      if leftValue <= rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - ratio * (high - low)
        leftValue = function(left)
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + ratio * (high - low)
        rightValue = function(right)
      }
    }
    return leftValue <= rightValue ? (left, leftValue) : (right, rightValue)
  }
}

extension Roots {
  /// Crossings and touches at the numbers that they are meant to be. A touch is known to fewer digits.
  var cleaned: [Double] {
    crossings.map {
      let size = max(1, abs($0))
      return $0.cleaned(within: 1e-12 * size).cleaned(within: 1e-14 * size, decimals: 9)
    }
      + touches.map { $0.cleaned(within: 1e-6, decimals: 4).cleaned(within: 1e-11, decimals: 9) }
  }
}
