// What can be wrong with a CSV text, and how it is said.

/// One violation of the CSV grammar, placed by row and column as a spreadsheet counts them.
package struct CSVError: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    case empty
    case noRows
    case invalidUTF8
    case duplicateName(String)
    case emptyName
    case raggedRow(found: Int, expected: Int)
    case unterminatedQuote
    case textAfterQuote
    case quoteInField
    case tooManyColumns(limit: Int)
    case tooManyRows(limit: Int)
  }

  package var reason: Reason
  /// 1-based; the header is row 1.
  package var row: Int
  /// 1-based; nil when the whole row is meant.
  package var column: Int?

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
    case .invalidUTF8: "\(place): not valid UTF-8"
    case .duplicateName(let name): "\(place): the column name `\(name)` is used twice"
    case .emptyName: "\(place): a column needs a name"
    case .raggedRow(let found, let expected): "\(place): has \(found) fields, but the header has \(expected)"
    case .unterminatedQuote: "\(place): a quoted field is not closed"
    case .textAfterQuote: "\(place): text after a closing quote"
    case .quoteInField: "\(place): a quote inside a field that does not begin with one"
    case .tooManyColumns(let limit): "\(place): more than \(limit) columns"
    case .tooManyRows(let limit): "\(place): more than \(limit) rows"
    }
  }
}
