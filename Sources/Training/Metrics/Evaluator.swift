// The metrics of a model over some rows, by the rule that prediction uses.

import Data
import Engine

/// Evaluates a model on examples of one data set.
struct Evaluator {
  let task: LearningTask
  let targets: TargetEncoder

  /// Values in the order of `MetricNames.measures`. The loss of a regression is the mean squared error in the
  /// targets' own units, that is `rmse` squared; of classes it is the mean cross-entropy in nats. A metric that the rows
  /// leave undefined is NaN.
  func measure(_ model: Model, _ examples: Examples) -> [Double] {
    let outputs = model.predictions(inputs: examples.inputs, rows: examples.rows)
    if task == .regression {
      let metrics = RegressionMetrics(
        predicted: targets.decode(outputs), truth: targets.decode(examples.targets), width: targets.width)
      return [
        metrics.meanSquaredError, metrics.rootMeanSquaredError, metrics.meanAbsoluteError, metrics.r2,
      ]
    }
    let truth = examples.targets.map { Int($0) }
    let scores = ClassScores(outputs, task: task, classes: targets.labels?.count ?? 2)
    let predicted = (0..<examples.rows).map(scores.predictedClass)
    let loss = loss(model, examples)
    let accuracy = ClassificationMetrics.accuracy(predicted: predicted, truth: truth)
    func auc(_ label: Int) -> Double {
      let column = (0..<examples.rows).map { scores.score(row: $0, label: label) }
      return ClassificationMetrics.auc(scores: column, isPositive: truth.map { $0 == label })
    }
    func f1(_ label: Int) -> Double {
      ClassificationMetrics.f1(predicted: predicted, truth: truth, positive: label)
    }
    if task == .binary { return [loss, accuracy, auc(1), f1(1)] }
    let count = scores.width
    return [
      loss, accuracy, ClassificationMetrics.macro(classes: count, auc),
      ClassificationMetrics.macro(classes: count, f1),
    ]
  }

  /// The model's own loss, of encoded targets.
  func loss(_ model: Model, _ examples: Examples, rule: InferenceRule? = nil) -> Double {
    if examples.rows == 0 { return .nan }
    return examples.inputs.withUnsafeBufferPointer { inputs in
      examples.targets.withUnsafeBufferPointer { targets in
        guard let input = inputs.baseAddress, let target = targets.baseAddress else { return .nan }
        return model.evaluateLoss(inputs: input, targets: target, rows: examples.rows, rule: rule)
      }
    }
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
