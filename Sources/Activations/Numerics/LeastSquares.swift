// Small dense least squares: orthonormal bases by Gram–Schmidt, and damped normal equations.

/// An orthonormal basis of the span of some columns.
struct OrthonormalBasis {
  private(set) var vectors: [[Double]] = []

  /// A column that already lies in the span of the earlier ones, up to rounding, adds nothing.
  init(_ columns: [[Double]] = []) {
    for column in columns { append(column) }
  }

  mutating func append(_ column: [Double]) {
    let size = norm(column)
    guard size > 0, size.isFinite else { return }
    var vector = column.map { $0 / size }
    subtractProjection(from: &vector)
    let rest = norm(vector)
    guard rest > 1e-12 else { return }
    vectors.append(vector.map { $0 / rest })
  }

  /// Takes away what lies in the span; twice, because once leaves rounding errors behind.
  func subtractProjection(from column: inout [Double]) {
    for _ in 0..<2 {
      for vector in vectors {
        let share = dot(vector, column)
        for index in column.indices { column[index] -= share * vector[index] }
      }
    }
  }
}

func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

/// The step δ that minimises |r − J δ|² + λ Σ Jⱼ² δⱼ², for the columns of J; nil if it is not finite.
func dampedStep(_ columns: [[Double]], residual: [Double], damping: Double) -> [Double]? {
  let count = columns.count
  var matrix = columns.map { left in columns.map { dot(left, $0) } + [dot(left, residual)] }
  for index in 0..<count { matrix[index][index] = matrix[index][index] * (1 + damping) + 1e-300 }
  // Positive definite by the damping: elimination needs no pivots.
  for pivot in 0..<count {
    for row in 0..<count where row != pivot {
      let factor = matrix[row][pivot] / matrix[pivot][pivot]
      for column in pivot...count { matrix[row][column] -= factor * matrix[pivot][column] }
    }
  }
  let step = (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
  return step.allSatisfy(\.isFinite) ? step : nil
}
