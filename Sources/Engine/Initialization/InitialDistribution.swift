// The distributions that initial weights are drawn from.

/// How the numbers of one matrix are drawn.
enum InitialDistribution {
  case zero
  case normal(variance: Double)
  /// Symmetric around 0.
  case uniform(variance: Double)
  /// `factor` times a matrix of orthonormal rows or columns, whichever are fewer.
  case orthonormal(factor: Double)

  /// Writes rows × columns numbers, each multiplied by `scale`.
  func fill(
    _ start: UnsafeMutablePointer<Float>, rows: Int, columns: Int, scale: Double = 1,
    from stream: inout RandomStream
  ) {
    let count = rows * columns
    switch self {
    case .zero: start.update(repeating: 0, count: count)
    case .normal(let variance):
      let deviation = (scale * scale * variance).squareRoot()
      for index in 0..<count { start[index] = Float(deviation * stream.normal()) }
    case .uniform(let variance):
      let limit = (3 * (scale * scale * variance)).squareRoot()
      for index in 0..<count {
        let draw = stream.uniformDouble()
        start[index] = Float(limit * (2 * draw - 1))
      }
    case .orthonormal(let factor):
      OrthonormalMatrix.fill(
        start, rows: rows, columns: columns, factor: Float(scale * factor), from: &stream)
    }
  }
}
