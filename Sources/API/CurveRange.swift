// Where a curve is sampled: the query parameters `from`, `to` and `points`.

import Jobs
import Training

/// Evenly spaced points, both ends included.
struct CurveRange {
  var from: Double
  var to: Double
  var points: Int

  /// The names of the query parameters.
  static let parameters = ["from", "to", "points"]
}

extension Call {
  /// The range that the query asks for; by default 121 points from -6 to 6.
  func curveRange() throws(APIError) -> CurveRange {
    let bounds = -1e6...1e6
    let range = CurveRange(
      from: try query.number("from", in: bounds) ?? -6, to: try query.number("to", in: bounds) ?? 6,
      points: try query.integer("points", in: 2...configuration.jobs.limits.maximumCurvePoints) ?? 121)
    guard range.from < range.to else { throw .invalidParameter("to", expected: "greater than from") }
    return range
  }
}
