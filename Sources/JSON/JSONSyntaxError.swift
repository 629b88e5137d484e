// Why and where a byte sequence is not the JSON document that we accept.

import Text

/// The first place at which a document breaks the grammar or a limit.
public struct JSONSyntaxError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// A byte that cannot stand here.
    case unexpectedByte(UInt8, expected: Expectation)
    case unexpectedEnd(expected: Expectation)
    /// RFC 8259 §6 allows no leading zero: `01`.
    case leadingZero
    /// A finite decimal too large for a double.
    case numberOverflow
    case numberTooLong(maximumLength: Int)
    /// A name that the same object already has (RFC 7493 §2.3).
    case duplicateName(String)
    case unknownEscape
    /// `\uD800` without its partner: it encodes no character.
    case loneSurrogate
    /// A raw byte below 0x20 in a string.
    case controlCharacter(UInt8)
    /// Bytes that are not UTF-8 (RFC 3629), overlong forms and surrogates included.
    case invalidUTF8
    case tooDeep(maximumDepth: Int)
    case tooLarge(maximumBytes: Int)
  }

  /// What the grammar allows at some place, in the words of an error message.
  public enum Expectation: String, Sendable {
    case value = "a value"
    case name = "a member name in double quotes"
    case nameOrEnd = "a member name in double quotes or '}'"
    case colon = "':'"
    case commaOrArrayEnd = "',' or ']'"
    case commaOrObjectEnd = "',' or '}'"
    case digit = "a digit"
    case hexDigit = "four hexadecimal digits"
    case closingQuote = "a closing double quote"
    case literal = "true, false or null"
    case endOfDocument = "the end of the document"
  }

  /// What is wrong at the place.
  public var reason: Reason
  /// Bytes before the offending one.
  public var byteOffset: Int
  private var place: TextPlace

  /// 1-based; lines end with LF.
  public var line: Int { place.line }
  /// 1-based, counted in Unicode scalars.
  public var column: Int { place.column }

  init(_ reason: Reason, at offset: Int, in bytes: [UInt8]) {
    self.reason = reason
    byteOffset = offset
    place = TextPlace(of: offset, in: bytes)
  }
}

/// Where something stands in a text, as editors count it.
public struct TextPlace: Equatable, Sendable {
  /// 1-based; lines end with LF.
  public var line: Int
  /// 1-based, counted in Unicode scalars.
  public var column: Int

  /// The place of the byte at `offset`. Linear in the offset.
  init(of offset: Int, in bytes: [UInt8]) {
    line = 1
    column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
  }
}

extension JSONSyntaxError: CustomStringConvertible {
  /// `line 3, column 5: expected a value, got '}'`.
  public var description: String {
    "line \(line), column \(column): \(reason)"
  }
}

extension JSONSyntaxError.Reason: CustomStringConvertible {
  /// What is wrong, as part of a sentence.
  public var description: String {
    switch self {
    case .unexpectedByte(let byte, let expected): "expected \(expected.rawValue), got \(Self.name(of: byte))"
    case .unexpectedEnd(let expected): "expected \(expected.rawValue), but the document ends"
    case .leadingZero: "a number must not begin with a zero and another digit"
    case .numberOverflow: "the number is too large for a 64-bit floating-point value"
    case .numberTooLong(let maximum): "the number has more than \(maximum) characters"
    case .duplicateName(let name): "the member \(quoted(name)) appears twice"
    case .unknownEscape: "unknown escape in a string; allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
    case .loneSurrogate: "a surrogate escape without its partner encodes no character"
    case .controlCharacter(let byte): "\(Self.name(of: byte)) must be escaped in a string"
    case .invalidUTF8: "the bytes are not valid UTF-8"
    case .tooDeep(let maximum): "arrays and objects are nested deeper than \(maximum)"
    case .tooLarge(let maximum): "the document is larger than \(maximum) bytes"
    }
  }

  private static func name(of byte: UInt8) -> String {
    if (0x21...0x7E).contains(byte) { return "'\(Character(UnicodeScalar(byte)))'" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "byte 0x\(byte < 16 ? "0" : "")\(digits)"
  }
}
