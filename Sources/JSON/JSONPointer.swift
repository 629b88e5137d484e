// The path from a document's root to one of its values.

/// A JSON Pointer (RFC 6901).
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// The reference tokens, unescaped; none is the whole document.
  public private(set) var tokens: [String] = []

  /// The whole document.
  public init() {}

  /// The pointer to a member of what this one points to.
  public func appending(_ key: String) -> JSONPointer {
    var longer = self
    longer.tokens.append(key)
    return longer
  }

  /// The pointer to an element of what this one points to.
  public func appending(_ index: Int) -> JSONPointer {
    appending(String(index))
  }

  /// The pointer to what `path` leads to from what this one points to.
  public func appending(_ path: JSONPointer) -> JSONPointer {
    var longer = self
    longer.tokens += path.tokens
    return longer
  }

  /// The string form (§3): `/a~1b/0`, empty for the whole document.
  public var description: String {
    String(decoding: escapedBytes, as: UTF8.self)
  }

  /// The URI fragment form (§6): `#/a~1b/0`, percent-encoded as RFC 3986 §3.5 asks.
  public var fragment: String {
    let hexDigits = Array("0123456789ABCDEF".utf8)
    var bytes = Array("#".utf8)
    for byte in escapedBytes {
      if Self.isFragmentByte(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var escapedBytes: [UInt8] {
    var bytes: [UInt8] = []
    for token in tokens {
      bytes.append(UInt8(ascii: "/"))
      for byte in token.utf8 {
        switch byte {
        case UInt8(ascii: "~"): bytes += Array("~0".utf8)
        case UInt8(ascii: "/"): bytes += Array("~1".utf8)
        default: bytes.append(byte)
        }
      }
    }
    return bytes
  }

  /// RFC 3986 §3.5: pchar, "/" and "?".
  private static func isFragmentByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default:
      "-._~!$&'()*+,;=:@/?".utf8.contains(byte)
    }
  }
}
