// The trace that a request belongs to (W3C Trace Context).

public import HTTPTypes

/// The traceparent field: `version "-" trace-id "-" parent-id "-" trace-flags`.
public struct TraceParent: Sendable, Hashable {
  /// 32 hexadecimal digits in lower case, not all zero.
  public var traceID: String
  /// 16 hexadecimal digits in lower case, not all zero: the caller's span.
  public var parentID: String
  /// The flags; 0x01 is "sampled".
  public var flags: UInt8

  /// Reads the field of a request; nil if there is none, more than one, or one that is not valid, and a trace begins anew.
  ///
  /// Of a later version the first 55 characters are read, if they end there or at a hyphen. Source: W3C Trace Context §3.2.
  public init?(_ fields: HTTPFields) {
    let lines = fields[values: .traceparent]
    guard lines.count == 1 else { return nil }
    self.init(parsing: lines[0])
  }

  init?(parsing text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 55, bytes.count == 55 || bytes[55] == .hyphen else { return nil }
    let parts = bytes[..<55].split(separator: .hyphen, omittingEmptySubsequences: false)
    guard parts.map(\.count) == [2, 32, 16, 2], parts.allSatisfy({ $0.allSatisfy(Self.isLowerHexadecimal) }),
      parts[2].contains(where: { $0 != .zero })
    else { return nil }
    let version = String(decoding: parts[0], as: UTF8.self)
    traceID = String(decoding: parts[1], as: UTF8.self)
    guard version != "ff", version != "00" || bytes.count == 55, Self.isTraceID(traceID) else { return nil }
    parentID = String(decoding: parts[2], as: UTF8.self)
    flags = UInt8(String(decoding: parts[3], as: UTF8.self), radix: 16) ?? 0
  }

  /// Whether `text` can name a trace: 32 hexadecimal digits in lower case, not all zero.
  public static func isTraceID(_ text: String) -> Bool {
    text.utf8.count == 32 && text.utf8.allSatisfy(isLowerHexadecimal) && text.utf8.contains { $0 != .zero }
  }

  private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
    Octet.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

extension HTTPField.Name {
  /// `traceparent` (W3C Trace Context §3.2).
  static let traceparent = HTTPField.Name("traceparent")!
}
