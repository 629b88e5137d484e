// How well predicted classes and probabilities meet the true classes: accuracy, area under the ROC curve, F1.

/// Hits and misses of predicted classes, by class. A metric that the rows do not define is NaN.
package struct ClassificationMetrics: Equatable, Sendable {
  private var hits: [Int]
  /// Rows predicted as a class that is not theirs, and rows of a class that were not predicted as it.
  private var misses: [Int]
  private let rows: Int

  /// - Parameters:
  ///   - predicted: the class index of each row, as is `truth`.
  ///   - classes: how many there are.
  /// - Complexity: O(rows + classes).
  package init(predicted: [Int], truth: [Int], classes: Int) {
    hits = [Int](repeating: 0, count: classes)
    misses = hits
    rows = truth.count
    for (predicted, truth) in zip(predicted, truth) {
      if predicted == truth {
        hits[truth] += 1
      } else {
        misses[predicted] += 1
        misses[truth] += 1
      }
    }
  }

  /// The share of rows whose predicted class is the true one.
  package var accuracy: Double { rows == 0 ? .nan : Double(hits.reduce(0, +)) / Double(rows) }

  /// F1 = 2 TP / (2 TP + FP + FN) of one class; NaN when the class is neither present nor predicted.
  package func f1(_ label: Int) -> Double {
    let denominator = 2 * hits[label] + misses[label]
    return denominator == 0 ? .nan : Double(2 * hits[label]) / Double(denominator)
  }

  /// The mean of one-versus-rest values over the classes for which the value is defined.
  package static func macro(classes: Int, _ value: (Int) -> Double) -> Double {
    let defined = (0..<classes).map(value).filter { !$0.isNaN }
    return defined.isEmpty ? .nan : defined.reduce(0, +) / Double(defined.count)
  }
}
