// Where a function rises and where it falls.

/// The turns of a function on [−10, 10], seen at 4001 points.
struct MonotonePieces {
  static let radius = 10.0

  /// Where it ceases to rise or to fall, ascending. What is flat belongs to what comes before it.
  private(set) var turns: [Double] = []
  /// Whether it rises at first; nil for a constant.
  private(set) var risesFirst: Bool?

  /// Differences that rounding may have made are none.
  init(of function: (Double) -> Double) {
    let points = (-2000...2000).map { Double($0) / 200 }
    let values = points.map(function)
    let tolerance = 1e-10 * max(1e-3, values.reduce(0) { max($0, abs($1)) })
    var rises: Bool?
    var (last, lastPoint) = (values[0], points[0])
    for (point, value) in zip(points, values).dropFirst() where abs(value - last) > tolerance {
      if let rises, rises != (value > last) { turns.append(lastPoint) }
      if risesFirst == nil { risesFirst = value > last }
      rises = value > last
      (last, lastPoint) = (value, point)
    }
  }

  /// How many turns more another function has, within a distance from 0.
  func turnsBeyond(_ other: MonotonePieces, within distance: Double = radius) -> Int {
    max(0, other.turns.count { abs($0) <= distance } - turns.count { abs($0) <= distance })
  }
}
