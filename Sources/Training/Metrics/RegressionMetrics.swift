// How far predicted numbers lie from the true ones: root mean squared error, mean absolute error, R².

/// Metrics over row-major values of `width` columns, all in the targets' own units.
package struct RegressionMetrics: Equatable, Sendable {
  /// The mean of the squared errors over rows and columns.
  package var meanSquaredError: Double
  package var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
  package var meanAbsoluteError: Double
  /// 1 − Σ(y−ŷ)² / Σ(y−ȳ)² by column, averaged over the columns that vary; NaN when none does.
  package var r2: Double

  package init(predicted: [Double], truth: [Double], width: Int) {
    let count = Double(truth.count)
    var squares = [Double](repeating: 0, count: width)
    var absolute = 0.0
    var sums = [Double](repeating: 0, count: width)
    for (index, value) in truth.enumerated() {
      let error = predicted[index] - value
      squares[index % width] += error * error
      absolute += error.magnitude
      sums[index % width] += value
    }
    let rows = Double(truth.count / width)
    var deviations = [Double](repeating: 0, count: width)
    for (index, value) in truth.enumerated() {
      let deviation = value - sums[index % width] / rows
      deviations[index % width] += deviation * deviation
    }
    meanSquaredError = truth.isEmpty ? .nan : squares.reduce(0, +) / count
    meanAbsoluteError = truth.isEmpty ? .nan : absolute / count
    let varying = deviations.indices.filter { deviations[$0] > 0 }
    let sum = varying.reduce(0.0) { $0 + 1 - squares[$1] / deviations[$1] }
    r2 = varying.isEmpty ? .nan : sum / Double(varying.count)
  }
}
