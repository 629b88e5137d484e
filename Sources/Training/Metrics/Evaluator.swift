// The metrics of a model over some rows, by the rule that prediction uses.

import Data
import Engine
import JSON

/// Evaluates a model on examples of one data set.
struct Evaluator {
  let task: LearningTask
  let targets: TargetEncoder

  /// Values in the order of `MetricNames.measures`, by one pass over the rows. The loss of a regression is the mean
  /// squared error in the targets' own units, that is `rmse` squared; of classes it is the mean cross-entropy in nats. A
  /// metric that the rows leave undefined is NaN. Nil once `isStopped`, which is asked before every block of rows.
  func measure(_ model: Model, _ examples: Examples, unless isStopped: () -> Bool) -> [Double]? {
    let evaluated = model.evaluate(
      inputs: examples.inputs, targets: examples.targets, rows: examples.rows, lengths: examples.lengths,
      unless: isStopped)
    guard let (given, loss) = evaluated else { return nil }
    // Of sequences every step that a row has is one example.
    let (outputs, counting) = (examples.counting(of: given), examples.countingTargets)
    if case .numbers(_, _, let scales) = targets {
      let metrics = RegressionMetrics(predicted: outputs, truth: counting, scales: scales)
      return [
        metrics.meanSquaredError, metrics.rootMeanSquaredError, metrics.meanAbsoluteError, metrics.r2,
      ]
    }
    let classes = targets.labels?.count ?? 2
    let scores = ClassScores(outputs, task: task, classes: classes)
    let truth = counting.map { Int($0) }
    let metrics = ClassificationMetrics(
      predicted: truth.indices.map(scores.predictedClass), truth: truth, classes: classes)
    func auc(_ label: Int) -> Double {
      ClassificationMetrics.auc(rows: truth.count) { row in
        scores.score(row: row, label: label)
      } isPositive: { row in
        truth[row] == label
      }
    }
    if task == .binary { return [loss, metrics.accuracy, auc(1), metrics.f1(1)] }
    return [
      loss, metrics.accuracy, ClassificationMetrics.macro(classes: classes, auc),
      ClassificationMetrics.macro(classes: classes, metrics.f1),
    ]
  }

  /// Why a measure is not a number on some rows, whatever the model; nil where it may be one.
  func reasonUndefined(_ measure: String, of examples: Examples, in part: DataPart) -> String? {
    let counting = examples.countingTargets
    let rows = examples.rows == 1 ? "the only \(part) row" : "all \(examples.rows) \(part) rows"
    switch (measure, targets) {
    case ("auc", .classes(_, let labels)):
      guard let first = counting.first, counting.allSatisfy({ $0 == first }) else {
        return nil
      }
      let label = labels[Int(first)]
      let text = ClassLabels.spelling(of: label)
      return "\(rows) \(examples.rows == 1 ? "is" : "are") of the class `\(text)`"
    case ("r2", .numbers(_, _, let scales)):
      let varies = counting.indices.contains { counting[$0] != counting[$0 % scales.count] }
      return varies ? nil : "\(rows) \(examples.rows == 1 ? "has" : "have") the same target"
    default: return nil
    }
  }

  /// The model's own loss, of encoded targets.
  func loss(_ model: Model, _ examples: Examples, rule: InferenceRule? = nil) -> Double {
    examples.withPointers { inputs, targets, lengths in
      model.evaluateLoss(
        inputs: inputs, targets: targets, rows: examples.rows, lengths: lengths, rule: rule)
    } ?? .nan
  }
}

/// Class probabilities, whether of one sigmoid or of a softmax.
struct ClassScores {
  private let outputs: [Float]
  private let isBinary: Bool
  /// Outputs per row.
  let width: Int

  init(_ outputs: [Float], task: LearningTask, classes: Int) {
    self.outputs = outputs
    isBinary = task == .binary
    width = isBinary ? 1 : classes
  }

  func score(row: Int, label: Int) -> Float {
    guard isBinary else { return outputs[row * width + label] }
    return label == 1 ? outputs[row] : 1 - outputs[row]
  }

  /// The most probable class; of equal ones the first, and of two exactly equal ones the second.
  func predictedClass(row: Int) -> Int {
    if isBinary { return outputs[row] >= 0.5 ? 1 : 0 }
    var best = 0
    for label in 1..<width where outputs[row * width + label] > outputs[row * width + best] { best = label }
    return best
  }
}
