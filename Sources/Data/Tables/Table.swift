// Columns of numbers and of classes: the one form that every data source is brought into.

package import JSON

/// The values of one column, row by row.
package enum ColumnValues: Equatable, Sendable {
  /// Numbers; NaN where the value is missing.
  case numbers([Double])
  /// One column of rows that are shared and not copied; NaN where the value is missing.
  case floats(FloatRows, column: Int)
  /// Positions in `labels`; -1 where the value is missing. Labels are sorted and distinct.
  case classes(codes: [Int32], labels: [JSONValue])

  /// Rows.
  package var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .floats(let rows, _): rows.rowCount
    case .classes(let codes, _): codes.count
    }
  }

  /// Whether the value of a row (from 0) is missing.
  package func isMissing(_ row: Int) -> Bool {
    switch self {
    case .numbers(let values): values[row].isNaN
    case .floats(let rows, let column): rows.withNumbers { $0[row, column] }.isNaN
    case .classes(let codes, _): codes[row] < 0
    }
  }

  /// The values of some rows, in the order given.
  package func selecting(_ rows: [Int]) -> ColumnValues {
    switch self {
    case .numbers(let values): .numbers(rows.map { values[$0] })
    case .floats(let floats, let column): .numbers(floats.numbers(column, rows: rows))
    case .classes(let codes, let labels): .classes(codes: rows.map { codes[$0] }, labels: labels)
    }
  }
}

/// A named column.
package struct Column: Equatable, Sendable {
  /// Its name in the table.
  package var name: String
  /// Its values, row by row.
  package var values: ColumnValues

  /// A column of `values`.
  package init(name: String, values: ColumnValues) {
    self.name = name
    self.values = values
  }
}

/// Rows of features and targets as read, before anything is encoded or scaled.
package struct Table: Equatable, Sendable {
  /// Columns to predict from.
  package var features: [Column]
  /// Columns to predict, each with `targetSteps` values for a row.
  package var targets: [Column]
  /// What the features of a row are together; nil: numbers and classes in no order.
  package var form: RowForm?
  /// Steps of each row's sequence, at least 1; nil: all that there are.
  package var lengths: [Int]?
  /// Whether every step of a sequence has targets of its own, not the row.
  package var targetsAreSequences = false
  /// Values of a target for a row: 1, or one for each step of a sequence.
  package var targetSteps = 1
  /// Steps of each row that have a target, at least 1; nil: all.
  package var targetLengths: [Int]?
  /// Rows, of which every column has a value.
  package var rowCount: Int { (targets.first?.values.count ?? 0) / targetSteps }

  /// A table of columns that are all equally long.
  package init(features: [Column], targets: [Column]) {
    self.features = features
    self.targets = targets
  }

  /// Some rows, in the order given.
  package func selecting(_ rows: [Int]) -> Table {
    func pick(_ columns: [Column], _ rows: [Int]) -> [Column] {
      columns.map { Column(name: $0.name, values: $0.values.selecting(rows)) }
    }
    let steps = targetSteps
    var table = self
    table.features = pick(features, rows)
    table.targets = pick(
      targets, steps == 1 ? rows : rows.flatMap { row in row * steps..<(row + 1) * steps })
    table.lengths = lengths.map { lengths in rows.map { lengths[$0] } }
    table.targetLengths = targetLengths.map { lengths in rows.map { lengths[$0] } }
    return table
  }

  /// The places of a row's values in a target column: of a sequence those of the steps that have one.
  package func targetPlaces(ofRow row: Int) -> Range<Int> {
    let first = row * targetSteps
    return first..<first + (targetLengths?[row] ?? targetSteps)
  }

  /// The places of the values of some rows in a target column.
  package func targetPlaces(ofRows rows: [Int]) -> [Int] {
    targetSteps == 1 && targetLengths == nil ? rows : rows.flatMap { targetPlaces(ofRow: $0) }
  }
}
