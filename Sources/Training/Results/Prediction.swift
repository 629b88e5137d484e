// Predictions for new rows, given as JSON, CSV or an array, in class names and original units.

public import Data
import Engine
public import JSON

extension TrainedModel {
  /// Predicts from `{"inputs": [row, …]}`.
  ///
  /// A row is an array in the order of the features, or an object by feature name; class features take what their class
  /// spells: a text, a number or a boolean. Null stands for a missing value, which `missing: mean` fills and any other
  /// policy refuses.
  ///
  /// - Parameter unknown: what to do with classes that did not occur in training, if not what the job says.
  /// - Throws: every faulty row and value at once.
  public func predict(
    _ body: JSONValue, unknown: UnknownPolicy? = nil
  ) throws(SpecificationError) -> Predictions {
    let faults = FaultCollector()
    var reader = ObjectReader(body, faults: faults)
    let inputs = reader.array("inputs", required: true)
    reader.finish()
    var rows: Rows?
    if let inputs {
      let place = JSONPointer().appending("inputs")
      if inputs.isEmpty { faults.add("needs at least one row", at: place) }
      rows = RowReader(inputEncoder, unknown: unknown).rows(inputs, at: place, faults: faults)
    }
    guard faults.isEmpty, let rows else { throw SpecificationError(faults: faults.faults) }
    return predict(rows)
  }

  /// Predicts every row of a file: CSV whose header names at least the features, or an array in NumPy's format; other
  /// columns are ignored.
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
    let inputs = inputEncoder.encode(rows.columns, rows: Array(0..<rows.count))
    let outputs = withPredictor { $0.predictions(inputs: inputs, rows: rows.count) }
    return Predictions(
      outputs, rows: rows.count, task: task, targets: targetEncoder, warnings: rows.warnings)
  }
}
