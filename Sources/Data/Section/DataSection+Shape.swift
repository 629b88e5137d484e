// What the `data` section says of the shape of rows: sizes, their order, lengths and windows.

import JSON

extension DataSection {
  /// Reads the members; the lengths of inline rows are returned as they stand.
  mutating func readShape(
    _ reader: inout ObjectReader, isTable: Bool, isInline: Bool, _ limits: DataLimits
  ) -> JSONArray? {
    readSizes(&reader, limits)
    if let given = reader.object("window") {
      window = WindowSection(given, limits: limits)
      checkWindow(reader, isTable: isTable)
    }
    guard let value = reader.value("lengths") else { return nil }
    switch value {
    case .string(let name) where isTable:
      lengths = CSVHeader.tidied(name)
      if window != nil {
        reader.fault("lengths", "windows have one length")
      } else if target.contains(lengths ?? "") {
        reader.fault("lengths", "the column `\(lengths ?? "")` is the target")
      } else if features?.contains(lengths ?? "") == true {
        reader.fault("lengths", "the column `\(lengths ?? "")` is one of the features")
      } else if inputShape == nil {
        reader.fault("lengths", "only rows with an `input_shape` have lengths")
      }
    case .array(let array) where isInline: return array
    default:
      reader.fault(
        "lengths",
        isTable
          ? "expected the name of a column, got \(value.typeNameWithArticle)"
          : isInline
            ? "expected an array of whole numbers, one for each row, got \(value.typeNameWithArticle)"
            : "only inline rows and tables can have this member")
    }
    return nil
  }

  private mutating func readSizes(_ reader: inout ObjectReader, _ limits: DataLimits) {
    inputShape = reader.integers("input_shape", in: 1...limits.maximumColumns, count: 1...3)
    if let sizes = inputShape, (product(of: sizes) ?? .max) > limits.maximumColumns {
      reader.fault("input_shape", "a row has at most \(limits.maximumColumns) numbers")
      inputShape = nil
    }
    inputLayout = reader.choice("input_layout", of: InputLayout.self) ?? inputLayout
    if reader.has("synthetic"), reader.has("input_shape") {
      reader.fault("input_shape", "synthetic data are rows of features")
    }
  }

  private func checkWindow(_ reader: ObjectReader, isTable: Bool) {
    if !isTable { reader.fault("window", "only a table in time order (CSV or NPY) can have this member") }
    for name in ["input_shape", "input_layout"] where reader.has(name) {
      reader.fault(name, "windows are [steps, features] by themselves")
    }
    if let split, split != .ordered {
      reader.fault("split", "windows over time are split `ordered`, so that no row is seen before its time")
    }
  }
}
