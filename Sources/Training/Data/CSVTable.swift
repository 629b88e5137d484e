// CSV by bytes as RFC 4180 has it: a header, then records of equally many fields, kept as slices of the text.

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

/// A parsed CSV text.
///
/// Grammar (RFC 4180 section 2): records end with CRLF or LF (the last may lack it), fields are separated by
/// commas, a field in double quotes may hold commas, line ends and doubled quotes. A UTF-8 byte order mark is
/// skipped; a blank line is not a record, unless there is one column, where it is an empty field. Spaces belong
/// to a field. One pass over the bytes, O(n); a field is a slice until it is asked for.
package struct CSVTable: Sendable {
  package let names: [String]
  /// Where each name stands among `names`.
  package let positions: [String: Int]
  package let rowCount: Int
  private let bytes: [UInt8]
  private let fields: [Field]
  private let recordNumbers: [Int32]

  private struct Field: Sendable {
    var start: Int
    var end: Int
    var isQuoted: Bool
  }

  package init(_ bytes: [UInt8], maximumRows: Int, maximumColumns: Int) throws(CSVError) {
    var scanner = CSVScanner(bytes)
    guard let header = try scanner.record(maximumFields: maximumColumns) else {
      throw CSVError(reason: .empty, row: 1)
    }
    self.bytes = bytes
    var names: [String] = []
    var positions: [String: Int] = [:]
    for (index, slice) in header.enumerated() {
      let field = Field(start: slice.start, end: slice.end, isQuoted: slice.isQuoted)
      guard let name = Self.text(of: field, in: bytes) else {
        throw CSVError(reason: .invalidUTF8, row: 1, column: index + 1)
      }
      if name.isEmpty { throw CSVError(reason: .emptyName, row: 1, column: index + 1) }
      if positions.updateValue(index, forKey: name) != nil {
        throw CSVError(reason: .duplicateName(name), row: 1, column: index + 1)
      }
      names.append(name)
    }
    var fields: [Field] = []
    var recordNumbers: [Int32] = []
    while let record = try scanner.record(maximumFields: maximumColumns) {
      if record.count == 1, names.count > 1, record[0].isBlank { continue }
      let row = scanner.recordNumber
      if record.count != names.count {
        throw CSVError(reason: .raggedRow(found: record.count, expected: names.count), row: row)
      }
      if recordNumbers.count == maximumRows {
        throw CSVError(reason: .tooManyRows(limit: maximumRows), row: row)
      }
      recordNumbers.append(Int32(row))
      for slice in record {
        fields.append(Field(start: slice.start, end: slice.end, isQuoted: slice.isQuoted))
      }
    }
    if recordNumbers.isEmpty { throw CSVError(reason: .noRows, row: 1) }
    self.names = names
    self.positions = positions
    self.fields = fields
    self.recordNumbers = recordNumbers
    rowCount = recordNumbers.count
  }

  /// Where row `row` (from 0) stands in the text: 1-based, counting the header and blank lines.
  package func recordNumber(of row: Int) -> Int { Int(recordNumbers[row]) }

  /// What a field holds, before it is known whether its column is one of numbers or of classes.
  package enum Cell: Equatable {
    case missing
    case number(Double)
    case text
  }

  /// A missing value is an empty field, or `NA`, `NaN` or `null` in any case without quotes.
  package func cell(row: Int, column: Int) -> Cell {
    let field = fields[row * names.count + column]
    if field.start == field.end { return .missing }
    return bytes.withUnsafeBufferPointer { buffer in
      let trimmed = DecimalText.trimmed(UnsafeBufferPointer(rebasing: buffer[field.start..<field.end]))
      if !field.isQuoted, DecimalText.isMissing(trimmed) { return .missing }
      return DecimalText.parse(trimmed).map { .number($0) } ?? .text
    }
  }

  /// The field's text with doubled quotes made single; nil when it is not UTF-8.
  package func text(row: Int, column: Int) -> String? {
    Self.text(of: fields[row * names.count + column], in: bytes)
  }

  private static func text(of field: Field, in bytes: [UInt8]) -> String? {
    let slice = bytes[field.start..<field.end]
    guard field.isQuoted, slice.contains(UInt8(ascii: "\"")) else {
      return String(validating: slice, as: UTF8.self)
    }
    var unescaped: [UInt8] = []
    var quoteSeen = false
    for byte in slice {
      let isQuote = byte == UInt8(ascii: "\"")
      quoteSeen = isQuote && !quoteSeen
      if !isQuote || quoteSeen { unescaped.append(byte) }
    }
    return String(validating: unescaped, as: UTF8.self)
  }
}

/// Cuts CSV bytes into records of field slices.
private struct CSVScanner {
  struct Slice {
    var start: Int
    var end: Int
    var isQuoted: Bool
    var isBlank: Bool { start == end && !isQuoted }
  }

  private let bytes: [UInt8]
  private var position: Int
  private(set) var recordNumber = 0
  private var record: [Slice] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func record(maximumFields: Int) throws(CSVError) -> [Slice]? {
    if position >= bytes.count { return nil }
    record.removeAll(keepingCapacity: true)
    recordNumber += 1
    while true {
      if record.count == maximumFields {
        throw CSVError(reason: .tooManyColumns(limit: maximumFields), row: recordNumber)
      }
      record.append(try field())
      if position >= bytes.count { return record }
      let separator = bytes[position]
      position += 1
      if separator == UInt8(ascii: ",") { continue }
      if separator == UInt8(ascii: "\r") { position += 1 }
      return record
    }
  }

  /// Leaves `position` at the separator: a comma, a line end, or the end of the text.
  private mutating func field() throws(CSVError) -> Slice {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count, !isSeparator {
        if bytes[position] == UInt8(ascii: "\"") { throw fault(.quoteInField) }
        position += 1
      }
      return Slice(start: start, end: position, isQuoted: false)
    }
    position += 1
    let start = position
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        let next = position + 1
        guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else {
          position = next
          if position < bytes.count, !isSeparator { throw fault(.textAfterQuote) }
          return Slice(start: start, end: next - 1, isQuoted: true)
        }
        position = next
      }
      position += 1
    }
    throw fault(.unterminatedQuote)
  }

  /// A lone CR is part of a field; CR before LF ends the record.
  private var isSeparator: Bool {
    switch bytes[position] {
    case UInt8(ascii: ","), UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\n")
    default: false
    }
  }

  private func fault(_ reason: CSVError.Reason) -> CSVError {
    CSVError(reason: reason, row: recordNumber, column: record.count + 1)
  }
}
