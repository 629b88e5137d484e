// A cursor over one field value: tokens, quoted strings and blanks, from which every field grammar is built.

/// Reads the elements of RFC 9110 §5.6 from left to right. Each method consumes what it returns, or nothing.
struct FieldScanner {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  init(_ text: String) { rest = ArraySlice(text.utf8) }

  var isAtEnd: Bool { rest.isEmpty }

  /// Skips `OWS` or `BWS`.
  mutating func skipBlanks() {
    while let first = rest.first, Octet.isBlank(first) { rest.removeFirst() }
  }

  /// Consumes `byte` if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  /// Consumes the longest run of octets in a class; may be empty.
  mutating func run(while belongs: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let run = rest.prefix(while: belongs)
    rest = rest[run.endIndex...]
    return run
  }

  /// `token = 1*tchar` (RFC 9110 §5.6.2).
  mutating func token() -> String? {
    let run = run(while: Octet.isToken)
    return run.isEmpty ? nil : String(decoding: run, as: UTF8.self)
  }

  /// `quoted-string` (RFC 9110 §5.6.4), without its quotes and escapes.
  mutating func quotedString() -> String? {
    var scan = rest
    guard scan.popFirst() == .quote else { return nil }
    var content: [UInt8] = []
    while let byte = scan.popFirst() {
      switch byte {
      case .quote:
        rest = scan
        return String(decoding: content, as: UTF8.self)
      case .backslash:
        guard let escaped = scan.popFirst(), Octet.isFieldContent(escaped) else { return nil }
        content.append(escaped)
      default:
        guard Octet.isFieldContent(byte) else { return nil }
        content.append(byte)
      }
    }
    return nil
  }

  /// `token / quoted-string`.
  mutating func word() -> String? { token() ?? quotedString() }

  /// `*( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )` (RFC 9110 §5.6.6), names in lower case.
  ///
  /// Returns `nil` for a malformed or repeated parameter.
  mutating func parameters() -> [(name: String, value: String)]? {
    var parameters: [(name: String, value: String)] = []
    while true {
      skipBlanks()
      guard take(.semicolon) else { return parameters }
      skipBlanks()
      guard let name = token()?.lowercased() else { continue }
      guard take(.equals), let value = word(), !parameters.contains(where: { $0.name == name }) else {
        return nil
      }
      parameters.append((name, value))
    }
  }

  /// Splits a comma-separated list (RFC 9110 §5.6.1.2) outside quoted strings; blank elements are dropped.
  static func list(_ text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var elements: [ArraySlice<UInt8>] = []
    var start = 0
    var isQuoted = false
    var index = 0
    while index <= bytes.count {
      if index == bytes.count || bytes[index] == .comma && !isQuoted {
        let element = Octet.trimmingBlanks(bytes[start..<index])
        if !element.isEmpty { elements.append(element) }
        start = index + 1
      } else if bytes[index] == .quote {
        isQuoted.toggle()
      } else if bytes[index] == .backslash && isQuoted && index + 1 < bytes.count {
        index += 1
      }
      index += 1
    }
    return elements
  }
}
