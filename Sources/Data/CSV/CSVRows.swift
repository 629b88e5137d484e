// The rows of a CSV text as they are read: ordinary ones at full speed, all others from their fields.

import JSON

/// The rows read so far.
struct CSVRows {
  let numbers: NumberColumns
  private(set) var firstTexts: [Int?]
  private(set) var zeroPadded: [Bool]
  private(set) var records: [CSVTable.Record] = []

  private let maximum: Int
  private let dialect: Dialect
  private let format: CellFormat

  init(width: Int, maximum: Int, expected: Int, dialect: Dialect, format: CellFormat) {
    self.maximum = maximum
    self.dialect = dialect
    self.format = format
    numbers = NumberColumns(width: width, rows: min(maximum, expected))
    records.reserveCapacity(min(maximum, expected))
    firstTexts = [Int?](repeating: nil, count: width)
    zeroPadded = [Bool](repeating: false, count: width)
  }

  /// Adds a record of as many fields as there are columns.
  mutating func append(_ fields: [CSVField], _ record: CSVTable.Record, in bytes: [UInt8]) {
    let row = numbers.row
    bytes.withUnsafeBufferPointer { bytes in
      for (column, field) in fields.enumerated() {
        let slice = UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
        row[column] = number(slice, isQuoted: field.isQuoted, column)
      }
    }
    numbers.endRow()
    records.append(record)
  }

  /// NaN for what is no number.
  private mutating func number(_ field: UnsafeBufferPointer<UInt8>, isQuoted: Bool, _ column: Int) -> Double {
    switch format.cell(field, isQuoted: isQuoted) {
    case .number(let number):
      if DecimalText.isZeroPadded(DecimalText.trimmed(field)) { zeroPadded[column] = true }
      return number
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
    let marks = OrdinaryMarks(dialect)
    scanner.bytes.withUnsafeBufferPointer { bytes in
      while start < bytes.count, records.count < maximum {
        if let end = blankLine(bytes, at: start), numbers.width > 1 {
          start = end
        } else {
          if bytes[start] == dialect.comment { return }
          guard let end = ordinaryRecord(bytes, at: start, marks) else { return }
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

  /// The bytes that an ordinary record is cut by, decided before its loop.
  private struct OrdinaryMarks {
    let delimiter: UInt8
    /// LF, which ends a field anyway, where there is no quote.
    let quote: UInt8
    let hasPlainNumbers: Bool

    init(_ dialect: Dialect) {
      delimiter = dialect.delimiter
      quote = dialect.quote ?? UInt8(ascii: "\n")
      hasPlainNumbers = dialect.hasPlainNumbers
    }

    /// A lone CR is part of a field; CR before LF ends the record.
    @inline(__always)
    func isSeparator(_ position: UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>) -> Bool {
      let byte = position.pointee
      if byte == delimiter || byte == UInt8(ascii: "\n") { return true }
      return byte == UInt8(ascii: "\r") && position + 1 < limit && position[1] == UInt8(ascii: "\n")
    }
  }

  /// Reads a record into the next row; nil, and no row, if it is not an ordinary one.
  @inline(__always)
  private mutating func ordinaryRecord(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ marks: OrdinaryMarks
  ) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let limit = base + bytes.count
    var position = base + start
    let row = numbers.row
    let last = numbers.width - 1
    for column in 0...last {
      if marks.hasPlainNumbers, let number = DecimalPrefix(from: position, to: limit),
        number.end == limit || marks.isSeparator(number.end, limit)
      {
        row[column] = number.value
        if !number.isJSON { noteZeroPadding(position, number.end, column) }
        position = number.end
      } else {
        let field = position
        while position < limit, !marks.isSeparator(position, limit) {
          if position.pointee == marks.quote { return nil }
          position += 1
        }
        row[column] = self.number(
          UnsafeBufferPointer(start: field, count: position - field), isQuoted: false, column)
      }
      if column < last {
        guard position < limit, position.pointee == marks.delimiter else { return nil }
        position += 1
      }
    }
    if position < limit {
      if position.pointee == marks.delimiter { return nil }
      position += position.pointee == UInt8(ascii: "\r") ? 2 : 1
    }
    numbers.endRow()
    return position - base
  }

  private mutating func noteZeroPadding(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ column: Int
  ) {
    if DecimalText.isZeroPadded(UnsafeBufferPointer(start: start, count: end - start)) {
      zeroPadded[column] = true
    }
  }
}
