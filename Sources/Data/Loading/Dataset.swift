// The rows of a job, encoded and split: what training and validation read.

import JSON

/// Encoded rows, row-major, for the engine.
package struct Examples: Equatable, Sendable {
  package var rows: Int
  package var inputs: [Float]
  package var targets: [Float]

  /// Every row, or `maximum` of them evenly spaced.
  package func sample(maximum: Int) -> Examples {
    guard rows > maximum else { return self }
    let (width, targetWidth) = (inputs.count / rows, targets.count / rows)
    var sample = Examples(rows: maximum, inputs: [], targets: [])
    sample.inputs.reserveCapacity(maximum * width)
    for index in 0..<maximum {
      let row = index * rows / maximum
      sample.inputs += inputs[row * width..<(row + 1) * width]
      sample.targets += targets[row * targetWidth..<(row + 1) * targetWidth]
    }
    return sample
  }
}

/// A job's data.
public struct Dataset: Sendable {
  package let training: Examples
  package let validation: Examples
  package let inputEncoder: InputEncoder
  package let targetEncoder: TargetEncoder
  package let task: LearningTask

  /// Rows that train or validate, without those that were dropped.
  public var rowCount: Int { training.rows + validation.rows }
  public var trainingRowCount: Int { training.rows }
  public var validationRowCount: Int { validation.rows }
  public var featureNames: [String] { inputEncoder.names }
  public var targetNames: [String] { targetEncoder.names }
  /// Values per encoded row of inputs.
  public var inputWidth: Int { inputEncoder.width }

  package init(
    _ table: Table, task: LearningTask, split method: SplitMethod, validationFraction: Double,
    standardize: Bool,
    missing: MissingPolicy, seed: UInt64
  ) {
    var classes: [Int]?
    if case .classes(let codes, _) = table.targets[0].values { classes = codes.map(Int.init) }
    let split = Split(
      rows: table.rowCount, fraction: validationFraction, method: method, classes: classes, seed: seed)
    let inputEncoder = InputEncoder(
      features: table.features, rows: split.training, standardize: standardize, missing: missing)
    let targetEncoder = TargetEncoder(targets: table.targets, rows: split.training, standardize: standardize)
    func examples(_ rows: [Int]) -> Examples {
      Examples(
        rows: rows.count, inputs: inputEncoder.encode(table.features, rows: rows),
        targets: targetEncoder.encode(table.targets, rows: rows))
    }
    training = examples(split.training)
    validation = examples(split.validation)
    self.inputEncoder = inputEncoder
    self.targetEncoder = targetEncoder
    self.task = task
  }
}
