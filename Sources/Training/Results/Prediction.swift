// Predictions for new rows, given as JSON, CSV or an array, in class names and original units.

public import Data
import Engine
public import JSON

extension TrainedModel {
  /// Predicts from `{"inputs": [row, …]}`, of sequences also with `"lengths"`, the steps of each row.
  ///
  /// A row is an array in the order of the features, or an object by feature name; class features take what their class
  /// spells: a text, a number or a boolean. A row with a shape is nested as in training, or flat. Null stands for a missing
  /// value, which `missing: mean` fills and any other policy refuses.
  ///
  /// - Parameter unknown: what to do with classes that did not occur in training, if not what the job says.
  /// - Throws: every faulty row and value at once.
  public func predict(
    _ body: JSONValue, unknown: UnknownPolicy? = nil
  ) throws(SpecificationError) -> Predictions {
    let faults = FaultCollector()
    var reader = ObjectReader(body, faults: faults)
    let inputs = reader.array("inputs", required: true)
    let lengths = reader.array("lengths")
    reader.finish()
    var rows: Rows?
    if let inputs {
      let place = JSONPointer().appending("inputs")
      if inputs.isEmpty { faults.add("needs at least one row", at: place) }
      rows = RowReader(inputEncoder, unknown: unknown).rows(
        inputs, lengths: lengths, at: place, faults: faults)
    }
    guard faults.isEmpty, let rows else { throw SpecificationError(faults: faults.faults) }
    return predict(rows)
  }

  /// Predicts every row of a file: CSV whose header names at least the features, or an array in NumPy's format; other
  /// columns are ignored. Where the job has a window, the rows are in time order, and every window of them is predicted.
  ///
  /// - Parameter unknown: what to do with classes that did not occur in training, if not what the job says.
  /// - Throws: every faulty row and value at once.
  public func predict(
    csv bytes: [UInt8], unknown: UnknownPolicy? = nil
  ) throws(SpecificationError) -> Predictions {
    let faults = FaultCollector()
    let rows = RowReader(inputEncoder, unknown: unknown).rows(file: bytes, faults: faults)
    guard faults.isEmpty, let rows else { throw SpecificationError(faults: faults.faults) }
    return predict(rows)
  }

  private func predict(_ rows: Rows) -> Predictions {
    let inputs = inputEncoder.encode(rows.columns, rows: Array(0..<rows.count), lengths: rows.lengths)
    let lengths = rows.lengths?.map(Int32.init)
    let outputs = withPredictor { $0.predictions(inputs: inputs, rows: rows.count, lengths: lengths) }
    return Predictions(
      outputs, rows: rows.count, sequences: sequences(rows), task: task, targets: targetEncoder,
      warnings: rows.warnings)
  }

  /// The steps of every row's predictions; nil where a row has one.
  private func sequences(_ rows: Rows) -> Predictions.Sequences? {
    guard let steps = plan.output.steps else { return nil }
    let layers = assembly.specification.layers
    let lengths = rows.lengths?.map { row in layers.reduce(row) { $1.length(from: $0) } }
    return Predictions.Sequences(
      steps: steps, lengths: lengths ?? [Int](repeating: steps, count: rows.count))
  }
}
