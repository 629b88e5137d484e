// Random matrices with orthonormal rows or columns, by blocked Gram–Schmidt on a normal draw.

import CKernels

/// The orthonormal factor of a matrix of standard normal numbers.
///
/// Gram–Schmidt is a QR decomposition whose R has a positive diagonal, so that the factor is uniform (Haar) among all
/// such matrices (Mezzadri, arXiv math-ph/0609050). It is done by panels, so that matrix products do nearly all of the
/// work, and thrice over: twice is enough unless vectors are nearly dependent (Giraud et al. 2005), which the last
/// ones of a large square draw sometimes are.
enum OrthonormalMatrix {
  private static let panel = 16
  private static let passes = 3

  /// Writes `factor` times the matrix, row-major: rows are orthonormal where they are no more than the columns,
  /// columns otherwise.
  ///
  /// - Complexity: O(rows · columns · min(rows, columns)).
  static func fill(
    _ start: UnsafeMutablePointer<Float>, rows: Int, columns: Int, factor: Float,
    from stream: inout RandomStream
  ) {
    let (count, length) = (min(rows, columns), max(rows, columns))
    let vectors = FloatBuffer(count: count * length)
    for index in 0..<count * length { vectors.base[index] = Float(stream.normal()) }
    orthonormalize(vectors.base, count: count, length: length)
    // Vectors are rows of the matrix, or its columns.
    let (rowStride, columnStride) = rows <= columns ? (length, 1) : (1, length)
    for row in 0..<rows {
      for column in 0..<columns {
        start[row * columns + column] = factor * vectors.base[row * rowStride + column * columnStride]
      }
    }
  }

  /// - Parameter count: at most `length` vectors, one after the other.
  private static func orthonormalize(_ vectors: UnsafeMutablePointer<Float>, count: Int, length: Int) {
    let kernels = ck_matrix_current()
    let projections = FloatBuffer(count: panel * count)
    for first in stride(from: 0, to: count, by: panel) {
      let size = min(panel, count - first)
      let block = vectors + first * length
      for _ in 0..<passes {
        if first > 0 {
          let along = projections.base
          kernels.pointee.gemm_nt(
            size, first, length, block, length, vectors, length, 0, nil, along, first)
          for index in 0..<size * first { along[index] = -along[index] }
          kernels.pointee.gemm_nn(
            size, length, first, along, first, vectors, length, 1, nil, block, length)
        }
        for vector in 0..<size {
          let current = block + vector * length
          for other in 0..<vector {
            let other = block + other * length
            add(-dot(current, other, length), of: other, to: current, length)
          }
          let norm = dot(current, current, length).squareRoot()
          for index in 0..<length { current[index] = Float(Double(current[index]) / norm) }
        }
      }
    }
  }

  /// In four chains, which a processor computes side by side.
  private static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    var sums = SIMD4<Double>()
    let whole = count / 4 * 4
    for index in stride(from: 0, to: whole, by: 4) {
      let left = SIMD4(Double(a[index]), Double(a[index + 1]), Double(a[index + 2]), Double(a[index + 3]))
      let right = SIMD4(Double(b[index]), Double(b[index + 1]), Double(b[index + 2]), Double(b[index + 3]))
      sums += left * right
    }
    var sum = sums.sum()
    for index in whole..<count { sum += Double(a[index]) * Double(b[index]) }
    return sum
  }

  private static func add(
    _ factor: Double, of vector: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for index in 0..<count { sum[index] += Float(factor) * vector[index] }
  }
}
