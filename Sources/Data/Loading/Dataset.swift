// The rows of a job, encoded and split: what training and validation read.

import JSON

/// Encoded rows, row-major, for the engine.
package struct Examples: Equatable, Sendable {
  /// Rows.
  package var rows: Int
  /// Encoded features, `rows` times the encoder's width.
  package var inputs: [Float]
  /// Encoded targets, `rows` times the number of target columns.
  package var targets: [Float]

  /// - Parameters:
  ///   - inputs: `rows` × the encoded width.
  ///   - targets: `rows` × the targets of a row.
  package init(rows: Int, inputs: [Float], targets: [Float]) {
    self.rows = rows
    self.inputs = inputs
    self.targets = targets
  }
}

/// A job's data.
public struct Dataset: Sendable {
  /// Rows that the parameters are fitted to.
  package let training: Examples
  /// Rows by which the state that is kept is chosen.
  package let validation: Examples
  /// Rows that neither training nor any choice sees; measured once, at the end.
  package let test: Examples
  /// How features become inputs, by what the training rows say.
  package let inputEncoder: InputEncoder
  /// How targets become numbers, and the way back.
  package let targetEncoder: TargetEncoder
  /// What is predicted.
  package let task: LearningTask

  /// Rows that train, validate or test, without those that were left out.
  public var rowCount: Int { training.rows + validation.rows + test.rows }
  /// Rows that train.
  public var trainingRowCount: Int { training.rows }
  /// Rows that validate.
  public var validationRowCount: Int { validation.rows }
  /// Rows that test.
  public var testRowCount: Int { test.rows }
  /// The features, in the order of the encoded row.
  public var featureNames: [String] { inputEncoder.names }
  /// The target columns.
  public var targetNames: [String] { targetEncoder.names }
  /// How the table was written; nil where the rows had no columns with names.
  package var format: TableFormat? { inputEncoder.format }
  /// Values per encoded row of inputs.
  public var inputWidth: Int { inputEncoder.width }

  /// Encodes a table by what its training rows say.
  ///
  /// - Parameter format: how the table was written, which prediction needs.
  init(
    _ table: Table, format: TableFormat?, task: LearningTask, data: DataSection, split: Split,
    standardize: Bool
  ) {
    var inputEncoder = InputEncoder(
      features: table.features, rows: split.training, standardize: standardize, missing: data.missing)
    inputEncoder.unknown = data.unknown
    inputEncoder.format = format
    inputEncoder.shape = data.inputShape
    let targetEncoder = TargetEncoder(targets: table.targets, rows: split.training, standardize: standardize)
    func examples(_ rows: [Int]) -> Examples {
      Examples(
        rows: rows.count, inputs: inputEncoder.encode(table.features, rows: rows),
        targets: targetEncoder.encode(table.targets, rows: rows))
    }
    training = examples(split.training)
    validation = examples(split.validation)
    test = examples(split.test)
    self.inputEncoder = inputEncoder
    self.targetEncoder = targetEncoder
    self.task = task
  }
}
