// Where a curve is sampled: the query parameters `from`, `to` and `points`.

import Jobs
import Training

/// The query parameters of operations that sample curves.
enum CurveRange {
  /// The names of the query parameters.
  static let parameters = ["from", "to", "points"]
}

extension Call {
  /// The range that the query asks for; 121 points by default.
  func curveSampling() throws(APIError) -> CurveSampling {
    let bounds = -1e6...1e6
    let sampling = CurveSampling(
      from: try query.number("from", in: bounds), to: try query.number("to", in: bounds),
      points: try query.integer("points", in: 2...configuration.jobs.limits.maximumCurvePoints) ?? 121)
    if let from = sampling.from, let to = sampling.to, from >= to {
      throw .invalidParameter("to", expected: "greater than from")
    }
    return sampling
  }
}
