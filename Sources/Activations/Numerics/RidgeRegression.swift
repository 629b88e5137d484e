// Weighted linear least squares with a ridge, for the initial values of shapes that start at a named function.

/// Normal equations, accumulated row by row and solved by Cholesky's method.
///
/// The ridge must be positive where the features may be linearly dependent.
struct RidgeRegression {
  private let size: Int
  private var matrix: [[Double]]
  private var right: [Double]

  init(size: Int, ridge: Double) {
    self.size = size
    matrix = (0..<size).map { row in (0..<size).map { $0 == row ? ridge : 0 } }
    right = Array(repeating: 0, count: size)
  }

  /// Adds weight · (features · solution − target)² to what is minimised.
  mutating func add(_ features: [Double], target: Double, weight: Double = 1) {
    for row in 0..<size {
      right[row] += weight * features[row] * target
      for column in 0...row { matrix[row][column] += weight * features[row] * features[column] }
    }
  }

  /// O(size³).
  func solved() -> [Double] {
    var lower = matrix
    var solution = right
    for row in 0..<size {
      for column in 0...row {
        let dot = (0..<column).reduce(0) { $0 + lower[row][$1] * lower[column][$1] }
        let rest = matrix[row][column] - dot
        lower[row][column] = row == column ? rest.squareRoot() : rest / lower[column][column]
      }
      solution[row] =
        (right[row] - (0..<row).reduce(0) { $0 + lower[row][$1] * solution[$1] }) / lower[row][row]
    }
    for row in (0..<size).reversed() {
      let dot = (row + 1..<size).reduce(0) { $0 + lower[$1][row] * solution[$1] }
      solution[row] = (solution[row] - dot) / lower[row][row]
    }
    return solution
  }
}
