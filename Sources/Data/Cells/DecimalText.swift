// Decimal numbers and missing-value marks in the bytes of a CSV field, independent of any locale.

import JSON

/// Reads the decimal grammar `[+-] digits [. digits] [(e|E) [+-] digits]`, with digits on at least one side of
/// the point. Hexadecimal numbers, infinities and digit grouping are text, not numbers.
enum DecimalText {
  /// The field without spaces, no-break ones among them, and tabs around it.
  static func trimmed(_ field: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    let (start, end) = bounds(field)
    return UnsafeBufferPointer(rebasing: field[start..<end])
  }

  private static func bounds(_ field: UnsafeBufferPointer<UInt8>) -> (start: Int, end: Int) {
    var start = 0
    var end = field.count
    while start < end, case let length = spaceLength(field, at: start), length > 0 { start += length }
    while end > start {
      guard let length = (1...3).first(where: { end - $0 >= start && spaceLength(field, at: end - $0) == $0 })
      else { break }
      end -= length
    }
    return (start, end)
  }

  /// The bytes without spaces, tabs and no-break spaces around them.
  static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.withUnsafeBufferPointer { bytes in
      let (start, end) = bounds(bytes)
      return text[text.startIndex + start..<text.startIndex + end]
    }
  }

  /// Whether the field is digits alone, two or more, of which the first is 0.
  static func isZeroPadded(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    field.count > 1 && field[0] == UInt8(ascii: "0")
      && field.allSatisfy { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }
  }

  /// Whether the field is empty, `na`, `n/a`, `#n/a`, `nan` or `null`, in any case.
  static func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    if field.isEmpty { return true }
    guard (2...4).contains(field.count) else { return false }
    let lowercase = field.reduce(UInt32(0)) { $0 << 8 | UInt32($1 | 0x20) }
    switch lowercase {
    case 0x6E61, 0x6E_616E, 0x6E75_6C6C: return true
    // Setting a letter's case bit leaves `/` and `#` as they are.
    case 0x6E_2F61: return field[1] == UInt8(ascii: "/")
    case 0x236E_2F61: return field[0] == UInt8(ascii: "#") && field[2] == UInt8(ascii: "/")
    default: return false
    }
  }

  /// The nearest double of a number with any decimal mark and, where `thousands` is given, with grouped digits; nil
  /// when the bytes are none.
  ///
  /// Groups before the decimal mark have three digits, or two but for the last, as in India. Where a space stands between
  /// them, a no-break space, narrow (as French has it) or not, or a thin one may.
  static func parse(
    _ field: UnsafeBufferPointer<UInt8>, decimal: UInt8, thousands: UInt8?
  ) -> Double? {
    let point = UInt8(ascii: ".")
    let isSpaced = thousands == UInt8(ascii: " ")
    let hasGroups = thousands.map { isSpaced ? hasSpace(field) : field.contains($0) } ?? false
    if decimal == point, !hasGroups { return parse(field) }
    // No number of a table is longer; those that are have digits that no double keeps.
    guard field.count <= 512 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: field.count) { plain in
      var count = 0
      var digits = 0
      var groups = 0
      var hasFraction = false
      var index = 0
      while index < field.count {
        let byte = field[index]
        let space = isSpaced ? spaceLength(field, at: index) : 0
        index += max(1, space)
        if byte == thousands || (space > 0 && byte != UInt8(ascii: "\t")), !hasFraction {
          guard groups == 0 ? (1...3).contains(digits) : (2...3).contains(digits) else { return nil }
          (groups, digits) = (groups + 1, 0)
          continue
        }
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        if !isDigit, byte != UInt8(ascii: "-"), byte != UInt8(ascii: "+") {
          if groups > 0, !hasFraction, digits != 3 { return nil }
          hasFraction = true
        }
        digits += isDigit ? 1 : 0
        if byte == point, decimal != point { return nil }
        plain[count] = byte == decimal ? point : byte
        count += 1
      }
      if groups > 0, !hasFraction, digits != 3 { return nil }
      return parse(UnsafeBufferPointer(rebasing: plain[..<count]))
    }
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

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// Whether a space of any kind stands in the text.
  static func hasSpace(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    field.indices.contains { spaceLength(field, at: $0) > 0 }
  }

  /// How many bytes the space has that begins here: a space or tab, U+00A0, U+2009 or U+202F; 0 where none does.
  private static func spaceLength(_ field: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    switch field[index] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): return 1
    case 0xC2: return index + 1 < field.count && field[index + 1] == 0xA0 ? 2 : 0
    case 0xE2:
      guard index + 2 < field.count, field[index + 1] == 0x80 else { return 0 }
      return field[index + 2] == 0x89 || field[index + 2] == 0xAF ? 3 : 0
    default: return 0
    }
  }
}
