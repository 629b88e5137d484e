// Bytes of a text file as UTF-8: byte order marks, UTF-16, and the code page of old spreadsheets.

/// The encodings of text that are read.
package enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  /// The Western code page of Windows, of which ISO 8859-1 is nearly a part.
  case windows1252 = "windows-1252"
}

/// Why bytes are no text.
struct TextEncodingError: Error, Equatable {
  /// Of the first byte that does not fit.
  var byteOffset: Int
  var encoding: TextEncoding
}

/// A text in UTF-8 without a byte order mark, its lines ended by LF, with or without CR.
struct DecodedText {
  var bytes: [UInt8]
  var encoding: TextEncoding
  /// Whether nothing but the bytes' not being UTF-8 speaks for the encoding.
  var isGuessed = false

  /// A byte order mark decides, then `given`; without either the bytes are UTF-8 or, where they cannot be, windows-1252.
  ///
  /// Where no line ends with LF, CR alone ends one, as it did on old machines. O(n).
  init(_ bytes: [UInt8], encoding given: TextEncoding? = nil) throws(TextEncodingError) {
    switch (bytes.first, bytes.dropFirst().first) {
    case (0xFF, 0xFE): encoding = .utf16LittleEndian
    case (0xFE, 0xFF): encoding = .utf16BigEndian
    case (0xEF, 0xBB) where bytes.count > 2 && bytes[2] == 0xBF: encoding = .utf8
    default: encoding = given ?? .utf8
    }
    switch encoding {
    case .utf16LittleEndian, .utf16BigEndian:
      self.bytes = try Self.utf16(bytes, isBigEndian: encoding == .utf16BigEndian)
    case .windows1252: self.bytes = Self.windows1252(bytes)
    case .utf8:
      self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
      if let offset = Self.firstInvalid(self.bytes) {
        let isPossible = !bytes.contains { [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }
        guard given == nil, isPossible else {
          throw TextEncodingError(byteOffset: offset + bytes.count - self.bytes.count, encoding: .utf8)
        }
        self.bytes = Self.windows1252(bytes)
        encoding = .windows1252
        isGuessed = true
      }
    }
    Self.endLinesWithLF(&self.bytes)
  }

  /// The first byte of what is no UTF-8 (RFC 3629 section 4).
  private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    do {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  private static func utf16(_ bytes: [UInt8], isBigEndian: Bool) throws(TextEncodingError) -> [UInt8] {
    let encoding: TextEncoding = isBigEndian ? .utf16BigEndian : .utf16LittleEndian
    guard bytes.count.isMultiple(of: 2) else {
      throw TextEncodingError(byteOffset: bytes.count - 1, encoding: encoding)
    }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for index in stride(from: 0, to: bytes.count, by: 2) {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
    }
    let mark = units.first == 0xFEFF ? 1 : 0
    var utf8: [UInt8] = []
    utf8.reserveCapacity(units.count)
    let isBroken = transcode(
      units[mark...].makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true,
      into: { utf8.append($0) })
    if isBroken {
      throw TextEncodingError(
        byteOffset: 2 * (mark + String(decoding: utf8, as: UTF8.self).utf16.count), encoding: encoding)
    }
    return utf8
  }

  /// Unicode scalars of the bytes 80 to 9F (Microsoft's table cp1252); the five that are not assigned stand for themselves.
  private static let upperControls: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x8D,
    0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
    0x203A,
    0x0153, 0x9D, 0x017E, 0x0178,
  ]

  private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      if byte < 0x80 {
        utf8.append(byte)
        continue
      }
      let code = byte < 0xA0 ? upperControls[Int(byte) - 0x80] : UInt32(byte)
      // All of them lie below the surrogates.
      if let scalar = Unicode.Scalar(code) { utf8.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
    }
    return utf8
  }

  private static func endLinesWithLF(_ bytes: inout [UInt8]) {
    let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
    if bytes.contains(lf) || !bytes.contains(cr) { return }
    bytes.withUnsafeMutableBufferPointer { bytes in
      for index in bytes.indices where bytes[index] == cr { bytes[index] = lf }
    }
  }
}
