// What can be wrong with a CSV text, and how it is said.

/// One violation of the CSV grammar, placed by row and column as a spreadsheet counts them.
package struct CSVError: Error, Equatable, Sendable {
  /// What is wrong.
  package enum Reason: Equatable, Sendable {
    case empty
    case noRows
    case duplicateName(String, first: Int)
    case longName(limit: Int)
    case controlInName
    case raggedRow(found: Int, expected: Int)
    case unterminatedQuote
    case textAfterQuote
    case tooManyColumns(limit: Int)
    case tooManyRows(limit: Int)
  }

  /// What is wrong.
  package var reason: Reason
  /// 1-based; the header is row 1.
  package var row: Int
  /// 1-based; nil when the whole row is meant.
  package var column: Int?

  /// A violation at `row` and, where one field is meant, `column`; both count from 1.
  package init(reason: Reason, row: Int, column: Int? = nil) {
    self.reason = reason
    self.row = row
    self.column = column
  }
}

extension CSVError: CustomStringConvertible {
  package var description: String {
    let place = column.map { "row \(row), column \($0)" } ?? "row \(row)"
    return switch reason {
    case .empty: "the CSV text is empty; a header row is needed"
    case .noRows: "the CSV text has a header but no rows"
    case .duplicateName(let name, let first):
      "\(place): the column name `\(name)` is used twice; column \(first) has it too"
    case .longName(let limit): "\(place): a column name has at most \(limit) bytes"
    case .controlInName: "\(place): the column name has control characters"
    case .raggedRow(let found, let expected):
      "\(place): has \(found) \(found == 1 ? "field" : "fields"), but the others have \(expected)"
    case .unterminatedQuote:
      "\(place): a quoted field is not closed; set `quote` to `none` if quotes are characters"
    case .textAfterQuote: "\(place): text after a closing quote"
    case .tooManyColumns(let limit): "\(place): more than \(limit) columns"
    case .tooManyRows(let limit): "\(place): more than \(limit) rows"
    }
  }
}
