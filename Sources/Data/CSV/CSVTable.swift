// CSV by bytes as RFC 4180 has it, in any dialect: records of equally many fields, kept as numbers and slices of the text.

/// A parsed CSV text.
///
/// Grammar (RFC 4180 section 2): records end with CRLF or LF (the last may lack it), fields are separated by the
/// dialect's delimiter, a field in quotes may hold delimiters, line ends and doubled quotes. Lenient beyond it: spaces
/// around a field do not belong to it, a quote inside a field that does not begin with one is content, a blank line is
/// not a record, unless there is one column, where it is an empty field behind the header. One pass over the bytes,
/// O(n), reads every number; texts are looked up where they are asked for.
package struct CSVTable: Sendable {
  /// The names of the columns, in their order; all different.
  package let names: [String]
  /// Where each name stands among `names`.
  package let positions: [String: Int]
  /// Rows, the header not among them.
  package let rowCount: Int
  /// Columns whose name is made up: those that the header has no name for.
  package let nameless: [Int]
  private let bytes: [UInt8]
  /// How the text is written.
  package let dialect: Dialect
  private let format: CellFormat
  private let values: [[Double]]
  private let firstTexts: [Int?]
  private let zeroPadded: [Bool]
  private let records: [Record]

  /// Where a row stands: its first byte, and its number among the records, from 1.
  struct Record: Sendable {
    var start: Int
    var number: Int
  }

  /// - Parameters:
  ///   - bytes: UTF-8 without a byte order mark.
  ///   - missingMarks: texts that mean a missing value, beside the usual ones.
  package init(
    _ bytes: [UInt8], dialect: Dialect = Dialect(), missingMarks: [String] = [], maximumRows: Int,
    maximumColumns: Int
  ) throws(CSVError) {
    var scanner = CSVScanner(bytes, dialect: dialect)
    let format = CellFormat(dialect, missingMarks: missingMarks)
    let first = try Self.firstRecord(&scanner, maximumColumns)
    let texts = first.fields.map { Self.text(of: $0, in: bytes, dialect) }
    if !dialect.hasHeader { scanner = first.scanner }
    let width = try Self.width(scanner, first.fields.count, dialect, maximumColumns)
    // Lines may lie within quotes and be blank, but every field takes a byte, with its separator.
    let room = (bytes.count - scanner.position + 1) / width
    var rows = CSVRows(
      width: width, maximum: maximumRows, expected: min(scanner.remainingLines, room), dialect: dialect,
      format: format)
    while true {
      rows.readOrdinary(&scanner)
      let start = scanner.position
      guard let record = try scanner.nextRecord(maximumFields: maximumColumns + 1) else { break }
      if record.count == 1, width > 1, record.isBlank(in: bytes) { continue }
      let row = scanner.recordNumber
      if record.count != width {
        throw CSVError(reason: .raggedRow(found: record.count, expected: width), row: row)
      }
      if rows.records.count == maximumRows {
        throw CSVError(reason: .tooManyRows(limit: maximumRows), row: row)
      }
      rows.append(record, Record(start: scanner.start(of: record, from: start), number: row), in: bytes)
    }
    if rows.records.isEmpty { throw CSVError(reason: .noRows, row: 1) }
    self.bytes = bytes
    self.dialect = dialect
    self.format = format
    rowCount = rows.records.count
    records = rows.records
    firstTexts = rows.firstTexts
    zeroPadded = rows.zeroPadded
    values = rows.numbers.finish().map { format.withoutMarked($0) }
    let isShort = dialect.hasHeader && width == texts.count + 1
    let lastIsEmpty = firstTexts[width - 1] == nil && values[width - 1].allSatisfy { $0.isNaN }
    let header =
      dialect.hasHeader
      ? try CSVHeader(
        isShort ? (lastIsEmpty ? texts + [""] : [""] + texts) : texts, row: first.number)
      : CSVHeader(count: width)
    (names, positions, nameless) = (header.names, header.positions, header.nameless)
  }

  /// The first record that is not blank, and the scanner in front of it.
  private static func firstRecord(
    _ scanner: inout CSVScanner, _ maximumColumns: Int
  ) throws(CSVError) -> (fields: [CSVField], number: Int, scanner: CSVScanner) {
    while true {
      let before = scanner
      guard let record = try scanner.nextRecord(maximumFields: maximumColumns) else {
        throw CSVError(reason: .empty, row: 1)
      }
      if !record.isBlank(in: scanner.bytes) { return (record, scanner.recordNumber, before) }
    }
  }

  /// Fields of a row: those of the header, or one more where the first two rows have it.
  private static func width(
    _ scanner: CSVScanner, _ header: Int, _ dialect: Dialect, _ maximumColumns: Int
  ) throws(CSVError) -> Int {
    guard dialect.hasHeader else { return header }
    var ahead = scanner
    var wider = 0
    while wider < 2, let record = try ahead.nextRecord(maximumFields: maximumColumns + 1) {
      if record.count == 1, record.isBlank(in: scanner.bytes) { continue }
      if record.count != header + 1 { return header }
      wider += 1
    }
    return wider == 2 ? header + 1 : header
  }

  /// Where row `row` (from 0) stands in the text: 1-based, counting the header and blank lines.
  package func recordNumber(of row: Int) -> Int { records[row].number }

  /// The numbers of a column, NaN for a value that is missing or a text.
  package func numbers(of column: Int) -> [Double] { values[column] }

  /// The first row whose field in this column is a text; nil where the column holds numbers alone.
  package func firstText(of column: Int) -> Int? { firstTexts[column] }

  /// Whether a field of this column is a whole number with a zero in front, such as `00712`.
  package func isZeroPadded(_ column: Int) -> Bool { zeroPadded[column] }

  /// The field's text without surrounding spaces, doubled quotes made single.
  package func text(of field: CSVField) -> String { Self.text(of: field, in: bytes, dialect) }

  /// A missing value is an empty field, or a usual mark without quotes, or one of the marks that were given.
  package func isMissing(_ field: CSVField) -> Bool { cell(field) == .missing }

  /// What a field holds.
  func cell(_ field: CSVField) -> CellFormat.Cell {
    withBytes(of: field) { format.cell($0, isQuoted: field.isQuoted) }
  }

  /// What bytes hold that are a part of a field.
  func cell(_ bytes: UnsafeBufferPointer<UInt8>) -> CellFormat.Cell { format.cell(bytes, isQuoted: false) }

  /// Gives `body` the field's bytes without its quotes.
  func withBytes<Value>(of field: CSVField, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[field.start..<field.end])) }
  }

  /// The fields of some columns, by column, in one pass over the bytes. Missing values are among them.
  package func texts(of columns: [Int]) -> [Int: [CSVField]] {
    guard let last = columns.max() else { return [:] }
    var found = [[CSVField]](repeating: [], count: columns.count)
    for index in columns.indices { found[index].reserveCapacity(rowCount) }
    var scanner = CSVScanner(bytes, dialect: dialect)
    for record in records {
      scanner.position = record.start
      let fields = scanner.fields(upTo: last)
      for (index, column) in columns.enumerated() { found[index].append(fields[column]) }
    }
    return Dictionary(zip(columns, found)) { first, _ in first }
  }

  /// The fields of the row `row` (from 0).
  func fields(ofRow row: Int) -> [CSVField] {
    var scanner = CSVScanner(bytes, dialect: dialect)
    scanner.position = records[row].start
    return scanner.fields(upTo: names.count - 1)
  }

  static func text(of field: CSVField, in bytes: [UInt8], _ dialect: Dialect) -> String {
    let slice = bytes[field.start..<field.end]
    if field.isQuoted, let quote = dialect.quote,
      slice.contains(quote) || dialect.escape.map(slice.contains) == true
    {
      let content = unescaped(slice, quote, dialect.escape)
      return String(decoding: DecimalText.trimmed(content[...]), as: UTF8.self)
    }
    return String(decoding: DecimalText.trimmed(slice), as: UTF8.self)
  }

  private static func unescaped(_ slice: ArraySlice<UInt8>, _ quote: UInt8, _ escape: UInt8?) -> [UInt8] {
    var bytes: [UInt8] = []
    var isPending = false
    for byte in slice {
      // The first of two quotes is dropped, as an escape is.
      if !isPending, byte == escape || byte == quote {
        isPending = true
      } else {
        bytes.append(byte)
        isPending = false
      }
    }
    return bytes
  }
}

extension CellFormat {
  /// The numbers with NaN for those that mark a missing value.
  fileprivate func withoutMarked(_ numbers: [Double]) -> [Double] {
    markedNumbers.isEmpty ? numbers : numbers.map { markedNumbers.contains($0) ? .nan : $0 }
  }
}
