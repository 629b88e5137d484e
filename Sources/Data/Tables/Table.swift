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
  /// Columns to predict.
  package var targets: [Column]
  /// Rows, of which every column has a value.
  package var rowCount: Int { targets.first?.values.count ?? 0 }

  /// A table of columns that are all equally long.
  package init(features: [Column], targets: [Column]) {
    self.features = features
    self.targets = targets
  }

  /// Some rows, in the order given.
  package func selecting(_ rows: [Int]) -> Table {
    func pick(_ columns: [Column]) -> [Column] {
      columns.map { Column(name: $0.name, values: $0.values.selecting(rows)) }
    }
    return Table(features: pick(features), targets: pick(targets))
  }
}
