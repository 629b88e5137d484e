// How one field is read before the type of its column is known: a number, a missing value or a text.

/// The marks of numbers and of missing values in a table's fields.
struct CellFormat: Sendable {
  /// What a field holds.
  enum Cell: Equatable {
    case missing
    case number(Double)
    case text
  }

  let decimal: UInt8
  let thousands: UInt8?
  /// Further texts that mean a missing value.
  private let marks: [[UInt8]]
  /// Those of them that are numbers, which mark whatever has the same value.
  let markedNumbers: Set<Double>

  init(_ dialect: Dialect, missingMarks: [String]) {
    decimal = dialect.decimal
    thousands = dialect.thousands
    marks = missingMarks.map { Array($0.utf8) }
    let (decimal, thousands) = (dialect.decimal, dialect.thousands)
    markedNumbers = Set(
      marks.compactMap { mark in
        mark.withUnsafeBufferPointer { DecimalText.parse($0, decimal: decimal, thousands: thousands) }
      })
  }

  /// A missing value is an empty field, one of the given marks, or, without quotes, a usual mark. O(length).
  func cell(_ field: UnsafeBufferPointer<UInt8>, isQuoted: Bool) -> Cell {
    let trimmed = DecimalText.trimmed(field)
    if isMissing(trimmed: trimmed, isQuoted: isQuoted) { return .missing }
    guard let number = DecimalText.parse(trimmed, decimal: decimal, thousands: thousands) else {
      return .text
    }
    return markedNumbers.contains(number) ? .missing : .number(number)
  }

  private func isMissing(trimmed: UnsafeBufferPointer<UInt8>, isQuoted: Bool) -> Bool {
    if trimmed.isEmpty { return true }
    if !isQuoted, DecimalText.isMissing(trimmed) { return true }
    return !marks.isEmpty && marks.contains { $0.elementsEqual(trimmed) }
  }
}
