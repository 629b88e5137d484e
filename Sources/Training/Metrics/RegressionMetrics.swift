// How far predicted numbers lie from the true ones: root mean squared error, mean absolute error, R².

/// Metrics over row-major values of several columns, in the targets' own units.
package struct RegressionMetrics: Equatable, Sendable {
  /// The mean of the squared errors over rows and columns.
  package let meanSquaredError: Double
  /// The root of `meanSquaredError`.
  package var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
  /// The mean of the errors' magnitudes over rows and columns.
  package let meanAbsoluteError: Double
  /// 1 − Σ(y−ŷ)² / Σ(y−ȳ)² by column, averaged over the columns that vary; NaN when none does.
  package let r2: Double

  /// Measures encoded numbers, (y − center) / scale. Errors are differences of encoded numbers times the scale, in double
  /// precision, so that no digit is lost to a center far from 0.
  ///
  /// - Parameters:
  ///   - predicted: row-major, as many numbers in a row as there are scales.
  ///   - truth: as `predicted`.
  ///   - scales: units of each column.
  /// - Complexity: O(numbers), two passes.
  package init(predicted: [Float], truth: [Float], scales: [Double]) {
    let width = scales.count
    var squares = [Double](repeating: 0, count: width)
    var magnitudes = squares
    var sums = squares
    var deviations = squares
    for start in stride(from: 0, to: truth.count, by: width) {
      for column in 0..<width {
        let value = Double(truth[start + column])
        let error = Double(predicted[start + column]) - value
        squares[column] += error * error
        magnitudes[column] += error.magnitude
        sums[column] += value
      }
    }
    let rows = Double(truth.count / width)
    for start in stride(from: 0, to: truth.count, by: width) {
      for column in 0..<width {
        let deviation = Double(truth[start + column]) - sums[column] / rows
        deviations[column] += deviation * deviation
      }
    }
    let count = truth.isEmpty ? Double.nan : Double(truth.count)
    meanSquaredError = zip(squares, scales).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / count
    meanAbsoluteError = zip(magnitudes, scales).reduce(0) { $0 + $1.0 * $1.1 } / count
    let varying = (0..<width).filter { deviations[$0] > 0 }
    let sum = varying.reduce(0.0) { $0 + 1 - squares[$1] / deviations[$1] }
    r2 = varying.isEmpty ? .nan : sum / Double(varying.count)
  }
}
