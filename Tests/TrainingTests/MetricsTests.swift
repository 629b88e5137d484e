// Metrics against values worked out by hand.

import Testing
import Training

@Suite struct MetricsTests {
  @Test func accuracyCountsMatches() {
    #expect(ClassificationMetrics.accuracy(predicted: [0, 1, 1, 0], truth: [0, 1, 0, 0]) == 0.75)
    #expect(ClassificationMetrics.accuracy(predicted: [], truth: []).isNaN)
  }

  /// Six pairs of a positive and a negative; the comments count those in the right order.
  @Test(arguments: [
    ([0.9, 0.8, 0.3, 0.2, 0.1], [true, true, false, false, false], 1.0),  // 6 of 6
    ([0.1, 0.2, 0.3, 0.8, 0.9], [true, true, false, false, false], 0.0),  // 0 of 6
    ([0.8, 0.3, 0.3, 0.2, 0.9], [true, true, false, false, false], (2 + 1.5) / 6),  // a tie counts half
    ([0.5, 0.5, 0.5, 0.5, 0.5], [true, true, false, false, false], 0.5),  // all tied
  ])
  func aucIsTheShareOfOrderedPairs(scores: [Float], positive: [Bool], expected: Double) {
    #expect(abs(ClassificationMetrics.auc(scores: scores, isPositive: positive) - expected) < 1e-12)
  }

  @Test func aucOfOneKindAloneIsUndefined() {
    #expect(ClassificationMetrics.auc(scores: [0.1, 0.2], isPositive: [true, true]).isNaN)
    #expect(ClassificationMetrics.auc(scores: [.nan, 0.2], isPositive: [true, false]).isNaN)
  }

  @Test func f1IsTheHarmonicMeanOfPrecisionAndRecall() {
    // Two true positives, one false positive, one false negative: precision = recall = 2/3.
    let f1 = ClassificationMetrics.f1(predicted: [1, 1, 1, 0, 0], truth: [1, 1, 0, 1, 0], positive: 1)
    #expect(abs(f1 - 2.0 / 3) < 1e-12)
    #expect(ClassificationMetrics.f1(predicted: [0], truth: [0], positive: 1).isNaN)
  }

  @Test func macroAveragesWhatIsDefined() {
    #expect(ClassificationMetrics.macro(classes: 3) { [0.5, .nan, 1][$0] } == 0.75)
    #expect(ClassificationMetrics.macro(classes: 1) { _ in .nan }.isNaN)
  }

  @Test func regressionMetricsHold() {
    // Errors 1, -1, 2, 0; mean of the truth 3, squared deviations 4 + 1 + 0 + 5² summing to 4+1+1+4.
    let metrics = RegressionMetrics(predicted: [2, 1, 6, 5], truth: [1, 2, 4, 5], width: 1)
    #expect(metrics.meanSquaredError == 1.5)
    #expect(metrics.rootMeanSquaredError == 1.5.squareRoot())
    #expect(metrics.meanAbsoluteError == 1)
    #expect(abs(metrics.r2 - (1 - 6.0 / 10)) < 1e-12)
  }

  @Test func r2SkipsColumnsThatDoNotVary() {
    let metrics = RegressionMetrics(predicted: [1, 7, 3, 8], truth: [1, 7, 3, 7], width: 2)
    #expect(metrics.r2 == 1)
    #expect(RegressionMetrics(predicted: [1, 2], truth: [5, 5], width: 1).r2.isNaN)
  }
}
