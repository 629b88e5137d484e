// Rows to predict out of an array in NumPy's format.

import JSON

/// Reads the features of a model from an array: its columns are the features in their order, or all columns of the
/// training, of which those of the features are taken.
struct ArrayRows {
  let reader: RowReader
  let faults: FaultCollector

  private var encoder: InputEncoder { reader.encoder }

  /// Nil when a fault says why.
  func rows(_ bytes: [UInt8]) -> Rows? {
    let root = JSONPointer()
    let array: NPYArray
    do {
      array = try NPYArray(
        bytes, maximumRows: reader.limits.maximumRows, maximumColumns: reader.limits.maximumColumns)
    } catch {
      faults.add(error.description, at: root)
      return nil
    }
    guard let positions = positions(width: array.columnCount) else {
      faults.add(
        "the array has \(array.columnCount) columns, but the model has \(encoder.names.count) features",
        at: root)
      return nil
    }
    let before = faults.faults.count
    var builder = RowsBuilder(encoder)
    for (column, position) in positions.enumerated() {
      for (row, number) in array.numbers(of: position).enumerated() {
        if faults.faults.count - before >= FaultCollector.maximumInRows { return nil }
        if let fault = append(number, column, &builder) {
          faults.add("row \(row + 1), column \(position + 1): \(fault)", at: root)
        }
      }
    }
    guard faults.faults.count == before else { return nil }
    return Rows(columns: builder.columns, count: array.rowCount, warnings: builder.warnings(at: root))
  }

  /// What is wrong with a value, if anything.
  private func append(_ number: Double, _ column: Int, _ builder: inout RowsBuilder) -> String? {
    if number.isNaN {
      builder.appendMissing(column)
      return encoder.missing == .mean ? nil : "the value is missing"
    }
    if number.isInfinite { return "the value is infinite" }
    guard case .classes = encoder.encodings[column] else {
      builder.append(number, column)
      return encoder.encodings[column].canEncode(number) ? nil : RowReader.tooLarge
    }
    let value = JSONValue.number(number)
    return builder.append(
      builder.code(of: value, column), ClassLabels.spelling(of: value), column, reader.unknown)
  }

  private func positions(width: Int) -> [Int]? {
    if width == encoder.names.count { return Array(0..<width) }
    guard width == encoder.format?.columnCount else { return nil }
    let positions = CSVHeader(count: width).positions
    let found = encoder.names.compactMap { positions[$0] }
    return found.count == encoder.names.count ? found : nil
  }
}
