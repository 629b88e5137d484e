// Metrics against values worked out by hand.

import Engine
import Testing
import Training

@Suite struct MetricsTests {
  @Test func `accuracy counts matches`() {
    func accuracy(_ predicted: [Int], _ truth: [Int]) -> Double {
      ClassificationMetrics(predicted: predicted, truth: truth, classes: 2).accuracy
    }
    #expect(accuracy([0, 1, 1, 0], [0, 1, 0, 0]) == 0.75)
    #expect(accuracy([], []).isNaN)
  }

  /// Six pairs of a positive and a negative; the comments count those in the right order.
  @Test(arguments: [
    ([0.9, 0.8, 0.3, 0.2, 0.1], [true, true, false, false, false], 1.0),  // 6 of 6
    ([0.1, 0.2, 0.3, 0.8, 0.9], [true, true, false, false, false], 0.0),  // 0 of 6
    ([0.8, 0.3, 0.3, 0.2, 0.9], [true, true, false, false, false], (2 + 1.5) / 6),  // a tie counts half
    ([0.5, 0.5, 0.5, 0.5, 0.5], [true, true, false, false, false], 0.5),  // all tied
  ])
  func `AUC is the share of ordered pairs`(scores: [Float], positive: [Bool], expected: Double) {
    #expect(abs(auc(scores, positive) - expected) < 1e-12)
  }

  @Test func `AUC of many scores is the share of ordered pairs, whatever their signs and sizes`() {
    var stream = RandomStream(seed: 5, stream: .synthetic)
    let scores = (0..<700).map { _ in
      // A coarse grid, so that many are equal; both zeros are among them.
      Float((stream.normal() * 4).rounded()) * (stream.below(2) == 0 ? 1e-3 : 1e20)
    }
    let positive = scores.map { _ in stream.below(3) == 0 }
    var (ordered, pairs) = (0.0, 0.0)
    for left in scores.indices where positive[left] {
      for right in scores.indices where !positive[right] {
        pairs += 1
        ordered += scores[left] > scores[right] ? 1 : scores[left] == scores[right] ? 0.5 : 0
      }
    }
    #expect(
      scores.contains { $0 == 0 && $0.sign == .minus } && scores.contains { $0 == 0 && $0.sign == .plus })
    #expect(abs(auc(scores, positive) - ordered / pairs) < 1e-12)
  }

  @Test func `AUC of one kind alone is undefined`() {
    #expect(auc([0.1, 0.2], [true, true]).isNaN)
    #expect(auc([.nan, 0.2], [true, false]).isNaN)
    #expect(auc([], []).isNaN)
  }

  private func auc(_ scores: [Float], _ positive: [Bool]) -> Double {
    ClassificationMetrics.auc(rows: scores.count) {
      scores[$0]
    } isPositive: {
      positive[$0]
    }
  }

  @Test func `F1 is the harmonic mean of precision and recall`() {
    // Two true positives, one false positive, one false negative: precision = recall = 2/3.
    let metrics = ClassificationMetrics(predicted: [1, 1, 1, 0, 0], truth: [1, 1, 0, 1, 0], classes: 3)
    #expect(abs(metrics.f1(1) - 2.0 / 3) < 1e-12)
    #expect(metrics.f1(0) == 0.5)
    #expect(metrics.f1(2).isNaN)
  }

  @Test func `macro averages what is defined`() {
    #expect(ClassificationMetrics.macro(classes: 3) { [0.5, .nan, 1][$0] } == 0.75)
    #expect(ClassificationMetrics.macro(classes: 1) { _ in .nan }.isNaN)
  }

  @Test func `regression metrics hold`() {
    // Errors 1, -1, 2, 0; mean of the truth 3, squared deviations 4 + 1 + 1 + 4.
    let metrics = RegressionMetrics(predicted: [2, 1, 6, 5], truth: [1, 2, 4, 5], scales: [1])
    #expect(metrics.meanSquaredError == 1.5)
    #expect(metrics.rootMeanSquaredError == 1.5.squareRoot())
    #expect(metrics.meanAbsoluteError == 1)
    #expect(abs(metrics.r2 - (1 - 6.0 / 10)) < 1e-12)
  }

  @Test func `errors are in each column's own unit, and R2 has none`() {
    let metrics = RegressionMetrics(predicted: [2, 1, 6, 5], truth: [1, 2, 4, 5], scales: [10, 100])
    // 10² · (1² + 2²) and 100² · (1² + 0²), over four numbers.
    #expect(metrics.meanSquaredError == 2625)
    #expect(metrics.meanAbsoluteError == 32.5)
    #expect(
      metrics.r2 == RegressionMetrics(predicted: [2, 1, 6, 5], truth: [1, 2, 4, 5], scales: [1, 1]).r2)
  }

  @Test func `R2 skips columns that do not vary`() {
    let metrics = RegressionMetrics(predicted: [1, 7, 3, 8], truth: [1, 7, 3, 7], scales: [1, 1])
    #expect(metrics.r2 == 1)
    #expect(RegressionMetrics(predicted: [1, 2], truth: [5, 5], scales: [1]).r2.isNaN)
  }

  @Test func `no rows have no metrics`() {
    let metrics = RegressionMetrics(predicted: [], truth: [], scales: [1])
    #expect(metrics.meanSquaredError.isNaN && metrics.meanAbsoluteError.isNaN && metrics.r2.isNaN)
  }
}
