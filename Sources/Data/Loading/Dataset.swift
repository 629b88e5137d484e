// The rows of a job, encoded and split: what training and validation read.

import JSON

/// Encoded rows, row-major, for the engine.
package struct Examples: Equatable, Sendable {
  /// Rows.
  package var rows: Int
  /// Steps of each row, at least 1, where they differ; nil: all that the shape has.
  package var lengths: [Int32]?
  /// Encoded features, `rows` times the encoder's width.
  package var inputs: [Float]
  /// Encoded targets, `rows` times the steps that have a target times the number of target columns.
  package var targets: [Float]
  /// Steps of a row that have targets; 1 where a row has its own.
  package var targetSteps: Int
  /// Steps of each row that have a target, where they differ; nil: all.
  package var targetLengths: [Int32]?

  /// - Parameters:
  ///   - inputs: `rows` × the encoded width.
  ///   - targets: `rows` × the targets of a row.
  ///   - lengths: as many as rows; nil: all rows have as many steps.
  ///   - targetSteps: steps of a row that have targets; 1 where a row has its own.
  ///   - targetLengths: as many as rows; nil: all rows have as many targets.
  package init(
    rows: Int, inputs: [Float], targets: [Float], lengths: [Int32]? = nil, targetSteps: Int = 1,
    targetLengths: [Int32]? = nil
  ) {
    self.rows = rows
    self.targetSteps = targetSteps
    self.targetLengths = targetLengths
    self.lengths = lengths
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
  /// Steps of a row that have a target; nil where a row has one target, or one of each column.
  package let targetSteps: Int?
  /// The least and the most steps of a row; nil where all rows have one shape.
  package let lengths: ClosedRange<Int>?

  /// Rows that train, validate or test, without those that were left out.
  public var rowCount: Int { training.rows + validation.rows + test.rows }
  /// Rows that train.
  public var trainingRowCount: Int { training.rows }
  /// Rows that validate.
  public var validationRowCount: Int { validation.rows }
  /// Rows that test.
  public var testRowCount: Int { test.rows }
  /// The features, in the order of the encoded row.
  public var featureNames: [String] { inputEncoder.columnNames }
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
      table, rows: split.training, standardize: standardize, missing: data.missing)
    inputEncoder.unknown = data.unknown
    inputEncoder.format = format
    inputEncoder.window = data.window
    inputEncoder.lengthsColumn = data.lengths
    let targetEncoder = TargetEncoder(
      targets: table.targets, rows: table.targetPlaces(ofRows: split.training), standardize: standardize)
    func examples(_ rows: [Int]) -> Examples {
      Examples(
        rows: rows.count, inputs: inputEncoder.encode(table.features, rows: rows, lengths: table.lengths),
        targets: targetEncoder.encode(table, rows: rows),
        lengths: table.lengths.map { lengths in rows.map { Int32(lengths[$0]) } },
        targetSteps: table.targetSteps,
        targetLengths: table.targetLengths.map { lengths in rows.map { Int32(lengths[$0]) } })
    }
    training = examples(split.training)
    validation = examples(split.validation)
    test = examples(split.test)
    self.inputEncoder = inputEncoder
    self.targetEncoder = targetEncoder
    self.task = task
    targetSteps = table.targetsAreSequences ? table.targetSteps : nil
    lengths = table.lengths.flatMap { lengths in
      guard let least = lengths.min(), let most = lengths.max() else { return nil }
      return least...most
    }
  }
}
