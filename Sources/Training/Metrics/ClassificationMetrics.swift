// How well predicted classes and probabilities meet the true classes: accuracy, area under the ROC curve, F1.

/// Metrics over rows whose truth is a class index. A metric that the rows do not define is NaN.
package enum ClassificationMetrics {
  /// The share of rows whose predicted class is the true one.
  package static func accuracy(predicted: [Int], truth: [Int]) -> Double {
    let correct = zip(predicted, truth).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return truth.isEmpty ? .nan : Double(correct) / Double(truth.count)
  }

  /// The area under the ROC curve: the probability that a positive row scores above a negative one, ties
  /// counting half. It is the Mann-Whitney statistic U / (P N) by mid-ranks; NaN unless both kinds occur.
  /// O(n log n). Source: Hanley and McNeil (1982).
  package static func auc(scores: [Float], isPositive: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var positives = 0.0
    var start = 0
    while start < order.count {
      var end = start
      var positivesInTie = 0.0
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if isPositive[order[end]] { positivesInTie += 1 }
        end += 1
      }
      // NaN equals nothing, itself included: such a score ranks nowhere.
      if end == start { return .nan }
      rankSum += positivesInTie * Double(start + 1 + end) / 2
      positives += positivesInTie
      start = end
    }
    let negatives = Double(order.count) - positives
    if positives == 0 || negatives == 0 { return .nan }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }

  /// F1 = 2 TP / (2 TP + FP + FN) of one class; NaN when the class is neither present nor predicted.
  package static func f1(predicted: [Int], truth: [Int], positive: Int) -> Double {
    var truePositives = 0
    var errors = 0
    for (p, t) in zip(predicted, truth) {
      if p == positive, t == positive {
        truePositives += 1
      } else if p == positive || t == positive {
        errors += 1
      }
    }
    let denominator = 2 * truePositives + errors
    return denominator == 0 ? .nan : Double(2 * truePositives) / Double(denominator)
  }

  /// The mean of one-versus-rest values over the classes for which the value is defined.
  package static func macro(classes: Int, _ value: (Int) -> Double) -> Double {
    let defined = (0..<classes).map(value).filter { !$0.isNaN }
    return defined.isEmpty ? .nan : defined.reduce(0, +) / Double(defined.count)
  }
}
