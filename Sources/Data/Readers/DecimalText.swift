// Decimal numbers and missing-value marks in the bytes of a CSV field, independent of any locale.

import JSON

/// Reads the decimal grammar `[+-] digits [. digits] [(e|E) [+-] digits]`, with digits on at least one side of
/// the point. Hexadecimal numbers, infinities and digit grouping are text, not numbers.
enum DecimalText {
  static func trimmed(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = field.count
    while start < end, isSpace(field[start]) { start += 1 }
    while end > start, isSpace(field[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: field[start..<end])
  }

  /// Whether the field is empty, `na`, `nan` or `null`, in any case.
  static func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    if field.isEmpty { return true }
    guard (2...4).contains(field.count) else { return false }
    let lowercase = field.reduce(UInt32(0)) { $0 << 8 | UInt32($1 | 0x20) }
    return lowercase == 0x6E61 || lowercase == 0x6E_616E || lowercase == 0x6E75_6C6C
  }

  /// The nearest double, or nil when the bytes are no decimal number or one too large for a double.
  ///
  /// What `DecimalPrefix` leaves goes through the standard library, once its grammar is checked.
  static func parse(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let base = field.baseAddress, !field.isEmpty else { return nil }
    let limit = base + field.count
    let unsigned = base.pointee == UInt8(ascii: "+") ? base + 1 : base
    if unsigned < limit, unsigned == base || unsigned.pointee != UInt8(ascii: "-"),
      let number = DecimalPrefix(from: unsigned, to: limit), number.end == limit
    {
      return number.value
    }
    guard isDecimal(field), let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  private static func isDecimal(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = field[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
    var digits = dropDigits(&rest)
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      digits += dropDigits(&rest)
    }
    if digits == 0 { return false }
    if rest.isEmpty { return true }
    guard rest.removeFirst() | 0x20 == UInt8(ascii: "e") else { return false }
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
    return dropDigits(&rest) > 0 && rest.isEmpty
  }

  private static func dropDigits(_ text: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    let count = text.prefix { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }.count
    text.removeFirst(count)
    return count
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
