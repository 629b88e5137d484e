// CSV bytes cut into records of field slices: the whole grammar, one field at a time.

/// Where a field's text lies, without its quotes.
package struct CSVField: Sendable {
  var start: Int
  var end: Int
  var isQuoted: Bool
}

extension [CSVField] {
  /// Whether nothing but spaces is in any field.
  func isBlank(in bytes: [UInt8]) -> Bool {
    allSatisfy { field in
      !field.isQuoted && bytes[field.start..<field.end].allSatisfy(DecimalText.isSpace)
    }
  }
}

/// Cuts CSV bytes into records of fields.
struct CSVScanner {
  let bytes: [UInt8]
  let dialect: Dialect
  /// The first byte not yet read, which begins a record.
  var position: Int
  /// Records read and lines skipped.
  var recordNumber = 0
  private var record: [CSVField] = []

  private static let (lf, cr) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

  init(_ bytes: [UInt8], dialect: Dialect) {
    self.bytes = bytes
    self.dialect = dialect
    position = SeparatorLine(bytes)?.end ?? 0
    recordNumber = position > 0 ? 1 : 0
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

  /// The next record, or nil at the end of the text. Comments are passed over; a blank line is a record of one field.
  mutating func nextRecord(maximumFields: Int) throws(CSVError) -> [CSVField]? {
    while let comment = dialect.comment, position < bytes.count, bytes[position] == comment {
      recordNumber += 1
      position = (bytes[position...].firstIndex(of: Self.lf) ?? bytes.count - 1) + 1
    }
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
      if separator == dialect.delimiter { continue }
      if separator == Self.cr { position += 1 }
      return record
    }
  }

  /// Where a record begins that was read from `start` on: behind the comments that were passed over.
  func start(of record: [CSVField], from start: Int) -> Int {
    guard dialect.comment != nil, let first = record.first else { return start }
    // An opening quote and spaces stand between a record's beginning and its first text.
    var begin = first.start
    while begin > start, bytes[begin - 1] != Self.lf { begin -= 1 }
    return begin
  }

  /// The first fields of a record that is known to have them and to be sound.
  mutating func fields(upTo last: Int) -> [CSVField] {
    record.removeAll(keepingCapacity: true)
    while record.count <= last, let field = try? field() {
      record.append(field)
      position += 1
    }
    return record
  }

  /// Leaves `position` at the separator: a delimiter, a line end, or the end of the text.
  private mutating func field() throws(CSVError) -> CSVField {
    let start = position
    guard let quote = dialect.quote, let opening = openingQuote(quote) else {
      while position < bytes.count, !isSeparator(position) { position += 1 }
      return CSVField(start: start, end: position, isQuoted: false)
    }
    position = opening + 1
    while position < bytes.count {
      if bytes[position] == dialect.escape, position + 1 < bytes.count {
        position += 2
        continue
      }
      if bytes[position] == quote {
        let next = position + 1
        guard next < bytes.count, bytes[next] == quote else { return try closed(opening, at: position) }
        position = next
      }
      position += 1
    }
    throw fault(.unterminatedQuote)
  }

  /// The field whose closing quote is at `end`; spaces behind it do not belong to it.
  private mutating func closed(_ opening: Int, at end: Int) throws(CSVError) -> CSVField {
    position = end + 1
    while position < bytes.count, !isSeparator(position), DecimalText.isSpace(bytes[position]) {
      position += 1
    }
    if position < bytes.count, !isSeparator(position) { throw fault(.textAfterQuote) }
    return CSVField(start: opening + 1, end: end, isQuoted: true)
  }

  /// Where a quote begins the field, behind any spaces.
  private func openingQuote(_ quote: UInt8) -> Int? {
    var index = position
    while index < bytes.count, !isSeparator(index), DecimalText.isSpace(bytes[index]) { index += 1 }
    return index < bytes.count && bytes[index] == quote ? index : nil
  }

  /// A lone CR is part of a field; CR before LF ends the record.
  private func isSeparator(_ index: Int) -> Bool {
    let byte = bytes[index]
    if byte == dialect.delimiter || byte == Self.lf { return true }
    return byte == Self.cr && index + 1 < bytes.count && bytes[index + 1] == Self.lf
  }

  private func fault(_ reason: CSVError.Reason) -> CSVError {
    CSVError(reason: reason, row: recordNumber, column: record.count + 1)
  }
}

/// A first line `sep=;`, which tells spreadsheets the delimiter.
struct SeparatorLine {
  let delimiter: UInt8
  /// Behind its line end.
  let end: Int

  /// Nil where the text does not begin with such a line.
  init?(_ bytes: [UInt8]) {
    let word = Array("sep=".utf8)
    guard bytes.count > 4, bytes.prefix(4).elementsEqual(word, by: { $0 | 0x20 == $1 | 0x20 }) else {
      return nil
    }
    delimiter = bytes[4]
    var index = 5
    if index < bytes.count, bytes[index] == UInt8(ascii: "\r") { index += 1 }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\n"), delimiter < 0x80,
      delimiter > 0x20 || delimiter == 9
    else { return nil }
    end = index + 1
  }
}
