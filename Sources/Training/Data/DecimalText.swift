// Decimal numbers and missing-value marks in the bytes of a CSV field, independent of any locale.

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

  static func isMissing(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    if field.isEmpty { return true }
    if field.count > 4 { return false }
    let lowercase = field.map { $0 | 0x20 }
    return marks.contains { lowercase.elementsEqual($0.utf8) }
  }

  private static let marks = ["na", "nan", "null"]

  /// The nearest double, or nil when the bytes are no decimal number or one too large for a double.
  ///
  /// Up to 15 significant digits and a power of ten up to 10^22 are exact in doubles, so that one division or
  /// multiplication rounds correctly (Clinger, 1990); the rest goes through the standard library.
  static func parse(_ field: UnsafeBufferPointer<UInt8>) -> Double? {
    var index = 0
    var mantissa: UInt64 = 0
    var significant = 0
    var digits = 0
    var scale = 0
    let negative = field.first == UInt8(ascii: "-")
    if negative || field.first == UInt8(ascii: "+") { index += 1 }
    var inFraction = false
    scan: while index < field.count {
      switch field[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if inFraction { scale -= 1 }
        if significant < 18 {
          mantissa = mantissa * 10 + UInt64(field[index] - UInt8(ascii: "0"))
        }
        if mantissa > 0 { significant += 1 }
      case UInt8(ascii: ".") where !inFraction: inFraction = true
      default: break scan
      }
      index += 1
    }
    if digits == 0 { return nil }
    if index < field.count {
      guard field[index] | 0x20 == UInt8(ascii: "e") else { return nil }
      guard let exponent = exponent(field, from: index + 1) else { return nil }
      scale += exponent
    }
    if significant <= 15, scale.magnitude <= 22 {
      let power = powersOfTen[Int(scale.magnitude)]
      let value = scale < 0 ? Double(mantissa) / power : Double(mantissa) * power
      return negative ? -value : value
    }
    guard let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  private static func exponent(_ field: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    let negative = index < field.count && field[index] == UInt8(ascii: "-")
    if negative || (index < field.count && field[index] == UInt8(ascii: "+")) { index += 1 }
    if index == field.count { return nil }
    var value = 0
    while index < field.count {
      guard case UInt8(ascii: "0")...UInt8(ascii: "9") = field[index] else { return nil }
      value = min(value * 10 + Int(field[index] - UInt8(ascii: "0")), 100_000)
      index += 1
    }
    return negative ? -value : value
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]
}
