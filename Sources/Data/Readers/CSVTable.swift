// CSV by bytes as RFC 4180 has it: a header, then records of equally many fields, kept as numbers and slices of the text.

import JSON

/// A parsed CSV text.
///
/// Grammar (RFC 4180 section 2): records end with CRLF or LF (the last may lack it), fields are separated by
/// commas, a field in double quotes may hold commas, line ends and doubled quotes. A UTF-8 byte order mark is
/// skipped; a blank line is not a record, unless there is one column, where it is an empty field. Spaces belong
/// to a field. One pass over the bytes, O(n), reads every number; texts are looked up where they are asked for.
package struct CSVTable: Sendable {
  package let names: [String]
  /// Where each name stands among `names`.
  package let positions: [String: Int]
  package let rowCount: Int
  private let bytes: [UInt8]
  private let values: [[Double]]
  private let firstTexts: [Int?]
  private let records: [Record]

  /// Where a row stands: its first byte, and its number among the records, from 1.
  fileprivate struct Record: Sendable {
    var start: Int
    var number: Int
  }

  /// Where a field's text lies, without its quotes.
  package struct Field: Sendable {
    fileprivate var start: Int
    fileprivate var end: Int
    fileprivate var isQuoted: Bool
    fileprivate var isBlank: Bool { start == end && !isQuoted }
  }

  package init(_ bytes: [UInt8], maximumRows: Int, maximumColumns: Int) throws(CSVError) {
    var scanner = CSVScanner(bytes)
    guard let header = try scanner.record(maximumFields: maximumColumns) else {
      throw CSVError(reason: .empty, row: 1)
    }
    self.bytes = bytes
    var names: [String] = []
    var positions: [String: Int] = [:]
    for (index, field) in header.enumerated() {
      guard let name = Self.text(of: field, in: bytes) else {
        throw CSVError(reason: .invalidUTF8, row: 1, column: index + 1)
      }
      if name.isEmpty { throw CSVError(reason: .emptyName, row: 1, column: index + 1) }
      if positions.updateValue(index, forKey: name) != nil {
        throw CSVError(reason: .duplicateName(name), row: 1, column: index + 1)
      }
      names.append(name)
    }
    // Lines may lie within quotes and be blank, but every field takes a byte, with its separator.
    let room = (bytes.count - scanner.position + 1) / names.count
    var rows = CSVRows(width: names.count, maximum: maximumRows, expected: min(scanner.remainingLines, room))
    while true {
      rows.readOrdinary(&scanner)
      let start = scanner.position
      guard let record = try scanner.record(maximumFields: maximumColumns) else { break }
      if record.count == 1, names.count > 1, record[0].isBlank { continue }
      let row = scanner.recordNumber
      if record.count != names.count {
        throw CSVError(reason: .raggedRow(found: record.count, expected: names.count), row: row)
      }
      if rows.records.count == maximumRows {
        throw CSVError(reason: .tooManyRows(limit: maximumRows), row: row)
      }
      rows.append(record, Record(start: start, number: row), in: bytes)
    }
    if rows.records.isEmpty { throw CSVError(reason: .noRows, row: 1) }
    self.names = names
    self.positions = positions
    rowCount = rows.records.count
    records = rows.records
    firstTexts = rows.firstTexts
    values = rows.numbers.finish()
  }

  /// Where row `row` (from 0) stands in the text: 1-based, counting the header and blank lines.
  package func recordNumber(of row: Int) -> Int { records[row].number }

  /// The numbers of a column, NaN for a value that is missing or a text.
  package func numbers(of column: Int) -> [Double] { values[column] }

  /// The first row whose field in this column is a text; nil where the column holds numbers alone.
  package func firstText(of column: Int) -> Int? { firstTexts[column] }

  /// What a field holds, before it is known whether its column is one of numbers or of classes.
  fileprivate enum Cell: Equatable {
    case missing
    case number(Double)
    case text
  }

  /// The field's text with doubled quotes made single; nil when it is not UTF-8.
  package func text(of field: Field) -> String? { Self.text(of: field, in: bytes) }

  /// A missing value is an empty field, or `NA`, `NaN` or `null` in any case without quotes.
  package func isMissing(_ field: Field) -> Bool {
    bytes.withUnsafeBufferPointer { Self.cell(field, in: $0) } == .missing
  }

  /// The fields of some columns, by column, in one pass over the bytes. Missing values are among them.
  package func texts(of columns: [Int]) -> [Int: [Field]] {
    guard let last = columns.max() else { return [:] }
    var found = [[Field]](repeating: [], count: columns.count)
    for index in columns.indices { found[index].reserveCapacity(rowCount) }
    var scanner = CSVScanner(bytes)
    for record in records {
      scanner.position = record.start
      let fields = scanner.fields(upTo: last)
      for (index, column) in columns.enumerated() { found[index].append(fields[column]) }
    }
    return Dictionary(zip(columns, found)) { first, _ in first }
  }

  fileprivate static func cell(_ field: Field, in bytes: UnsafeBufferPointer<UInt8>) -> Cell {
    let trimmed = DecimalText.trimmed(UnsafeBufferPointer(rebasing: bytes[field.start..<field.end]))
    if field.start == field.end || (!field.isQuoted && DecimalText.isMissing(trimmed)) { return .missing }
    return DecimalText.parse(trimmed).map { .number($0) } ?? .text
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

/// The rows read so far.
private struct CSVRows {
  let numbers: NumberColumns
  var firstTexts: [Int?]
  var records: [CSVTable.Record] = []

  private let maximum: Int

  init(width: Int, maximum: Int, expected: Int) {
    self.maximum = maximum
    numbers = NumberColumns(width: width, rows: min(maximum, expected))
    records.reserveCapacity(min(maximum, expected))
    firstTexts = [Int?](repeating: nil, count: width)
  }

  /// Adds a record of as many fields as there are columns.
  mutating func append(_ fields: [CSVTable.Field], _ record: CSVTable.Record, in bytes: [UInt8]) {
    let row = numbers.row
    bytes.withUnsafeBufferPointer { bytes in
      for (column, field) in fields.enumerated() {
        row[column] = number(CSVTable.cell(field, in: bytes), column)
      }
    }
    numbers.endRow()
    records.append(record)
  }

  /// NaN for what is no number.
  private mutating func number(_ cell: CSVTable.Cell, _ column: Int) -> Double {
    switch cell {
    case .number(let number): return number
    case .missing: return .nan
    case .text:
      if firstTexts[column] == nil { firstTexts[column] = records.count }
      return .nan
    }
  }

  /// Reads records up to the first that has a quote or another number of fields, or is one too many. What
  /// is wrong with it, if anything, `CSVScanner` finds, which leaves nothing out.
  mutating func readOrdinary(_ scanner: inout CSVScanner) {
    var (start, number) = (scanner.position, scanner.recordNumber)
    scanner.bytes.withUnsafeBufferPointer { bytes in
      while start < bytes.count, records.count < maximum {
        if let end = blankLine(bytes, at: start), numbers.width > 1 {
          start = end
        } else {
          guard let end = ordinaryRecord(bytes, at: start) else { return }
          records.append(CSVTable.Record(start: start, number: number + 1))
          start = end
        }
        number += 1
      }
    }
    scanner.position = start
    scanner.recordNumber = number
  }

  /// Where the next line begins, if this one is empty.
  @inline(__always)
  private func blankLine(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    if bytes[start] == UInt8(ascii: "\n") { return start + 1 }
    let isCRLF =
      bytes[start] == UInt8(ascii: "\r") && start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "\n")
    return isCRLF ? start + 2 : nil
  }

  /// Reads a record into the next row; nil, and no row, if it is not an ordinary one.
  private mutating func ordinaryRecord(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let limit = base + bytes.count
    var position = base + start
    let row = numbers.row
    let last = numbers.width - 1
    for column in 0...last {
      if let number = DecimalPrefix(from: position, to: limit),
        number.end == limit || isSeparator(number.end, limit)
      {
        row[column] = number.value
        position = number.end
      } else {
        let field = position
        while position < limit, !isSeparator(position, limit) {
          if position.pointee == UInt8(ascii: "\"") { return nil }
          position += 1
        }
        let cell = CSVTable.cell(
          CSVTable.Field(start: field - base, end: position - base, isQuoted: false), in: bytes)
        row[column] = number(cell, column)
      }
      if column < last {
        guard position < limit, position.pointee == UInt8(ascii: ",") else { return nil }
        position += 1
      }
    }
    if position < limit {
      if position.pointee == UInt8(ascii: ",") { return nil }
      position += position.pointee == UInt8(ascii: "\r") ? 2 : 1
    }
    numbers.endRow()
    return position - base
  }

  /// A lone CR is part of a field; CR before LF ends the record.
  @inline(__always)
  private func isSeparator(_ position: UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>) -> Bool {
    switch position.pointee {
    case UInt8(ascii: ","), UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): position + 1 < limit && position[1] == UInt8(ascii: "\n")
    default: false
    }
  }
}

/// Cuts CSV bytes into records of field slices.
private struct CSVScanner {
  let bytes: [UInt8]
  /// The first byte not yet read, which begins a record.
  var position: Int
  /// Records read, the header among them.
  var recordNumber = 0
  private var record: [CSVTable.Field] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Lines not yet read, those within quotes among them.
  var remainingLines: Int {
    bytes.withUnsafeBufferPointer { bytes in
      var lines = 1
      for index in position..<max(position, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
        lines += 1
      }
      return lines
    }
  }

  mutating func record(maximumFields: Int) throws(CSVError) -> [CSVTable.Field]? {
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

  /// The first fields of a record that is known to have them and to be sound.
  mutating func fields(upTo last: Int) -> [CSVTable.Field] {
    record.removeAll(keepingCapacity: true)
    while record.count <= last, let field = try? field() {
      record.append(field)
      position += 1
    }
    return record
  }

  /// Leaves `position` at the separator: a comma, a line end, or the end of the text.
  private mutating func field() throws(CSVError) -> CSVTable.Field {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count, !isSeparator {
        if bytes[position] == UInt8(ascii: "\"") { throw fault(.quoteInField) }
        position += 1
      }
      return CSVTable.Field(start: start, end: position, isQuoted: false)
    }
    position += 1
    let start = position
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        let next = position + 1
        guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else {
          position = next
          if position < bytes.count, !isSeparator { throw fault(.textAfterQuote) }
          return CSVTable.Field(start: start, end: next - 1, isQuoted: true)
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
