// Reading one JSON string: escapes, surrogate pairs and UTF-8, all checked.

extension JSONParser {
  /// The string that begins at the position, which must hold its opening quote (RFC 8259 §7).
  mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    var decoded: [UInt8] = []
    while true {
      let run = try plainRun()
      guard let byte = peek() else { throw error(.unexpectedEnd(expected: .closingQuote)) }
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        if decoded.isEmpty { return String(decoding: bytes[run], as: UTF8.self) }
        decoded += bytes[run]
        return String(decoding: decoded, as: UTF8.self)
      case UInt8(ascii: "\\"):
        decoded += bytes[run]
        try escape(into: &decoded)
      default:
        throw error(.controlCharacter(byte))
      }
    }
  }

  /// Skips to the next quote, backslash, control character or the end; what is skipped is valid UTF-8.
  private mutating func plainRun() throws(JSONSyntaxError) -> Range<Int> {
    let start = position
    while let byte = peek(), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      if byte < 0x80 {
        position += 1
      } else {
        guard let length = multibyteScalarLength() else { throw error(.invalidUTF8) }
        position += length
      }
    }
    return start..<position
  }

  /// Bytes of the well-formed multi-byte sequence at the position (RFC 3629 §4); nil if it is not one.
  private func multibyteScalarLength() -> Int? {
    let rest = bytes[position...]
    let lead = bytes[position]
    let length: Int
    let second: ClosedRange<UInt8>
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard rest.count >= length, second.contains(rest[position + 1]) else { return nil }
    guard rest[(position + 2)..<(position + length)].allSatisfy({ $0 & 0xC0 == 0x80 }) else { return nil }
    return length
  }

  private mutating func escape(into decoded: inout [UInt8]) throws(JSONSyntaxError) {
    let start = position
    position += 1
    guard let kind = peek() else { throw error(.unexpectedEnd(expected: .closingQuote)) }
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(kind)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): decoded += Array(String(try escapedScalar(from: start)).utf8)
    default: throw error(.unknownEscape, at: start)
    }
  }

  /// The scalar of `\uXXXX` or of a surrogate pair `\uXXXX\uXXXX`; the position is behind the first `\u`.
  private mutating func escapedScalar(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, peek() == UInt8(ascii: "\\"), position + 1 < bytes.count,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw error(.loneSurrogate, at: start) }
    position += 2
    let second = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00)
    else { throw error(.loneSurrogate, at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw error(.unexpectedEnd(expected: .hexDigit)) }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw error(.unexpectedByte(byte, expected: .hexDigit))
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}
