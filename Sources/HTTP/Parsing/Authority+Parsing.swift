// The grammar of host and port, strict enough that no two parsers can read two hosts out of one field.

extension Authority {
  /// Longest host name in DNS (RFC 1035 §2.3.4); no address comes near it.
  private static let maximumHost = 255

  /// Parses `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2.2).
  ///
  /// Stricter than the grammar in three points that are only ever attacks: no empty host, no comma, no host of more
  /// than 255 octets. User information is no part of this grammar.
  public init?(parsing text: String) {
    self.init(parsing: ArraySlice(text.utf8))
  }

  init?(parsing bytes: ArraySlice<UInt8>) {
    var host = bytes
    var port: ArraySlice<UInt8>?
    if bytes.first == .openBracket {
      guard let close = bytes.firstIndex(of: .closeBracket) else { return nil }
      host = bytes[...close]
      let rest = bytes[(close + 1)...]
      guard rest.isEmpty || rest.first == .colon else { return nil }
      port = rest.isEmpty ? nil : rest.dropFirst()
      guard Self.isIPv6(host.dropFirst().dropLast()) else { return nil }
    } else {
      if let colon = bytes.firstIndex(of: .colon) {
        host = bytes[..<colon]
        port = bytes[(colon + 1)...]
      }
      guard Self.isRegisteredName(host) else { return nil }
    }
    self.host = String(decoding: host, as: UTF8.self).lowercased()
    self.port = nil
    // "host:" is in the grammar and means the default port.
    if let port, !port.isEmpty {
      guard port.count <= 5, port.allSatisfy(Octet.isDigit),
        let number = Int(String(decoding: port, as: UTF8.self)),
        number <= 65535
      else { return nil }
      self.port = number
    }
  }

  /// `reg-name` or `IPv4address`, not empty.
  private static func isRegisteredName(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard (1...maximumHost).contains(bytes.count) else { return false }
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == .percent {
        guard rest.popFirst().flatMap(Octet.hexValue) != nil, rest.popFirst().flatMap(Octet.hexValue) != nil
        else {
          return false
        }
      } else if !Octet.isUnreservedOrSubDelimiter(byte) || byte == .comma {
        return false
      }
    }
    return true
  }

  /// `IPv6address` (RFC 3986 §3.2.2): eight groups of 16 bits, one `::` for a run of zero groups, and a dotted IPv4
  /// address in place of the last two groups.
  private static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    guard (2...45).contains(bytes.count), !text.hasPrefix(":") || text.hasPrefix("::"),
      !text.hasSuffix(":") || text.hasSuffix("::")
    else { return false }
    let pieces = bytes.split(separator: .colon, omittingEmptySubsequences: false)
    let groups = pieces.filter { !$0.isEmpty }
    // A leading or trailing "::" leaves two empty pieces, one in the middle leaves one, and "::" alone three.
    let gaps = pieces.count - groups.count
    let isCompressed = gaps > 0
    guard gaps <= (text == "::" ? 3 : text.hasPrefix("::") || text.hasSuffix("::") ? 2 : 1) else {
      return false
    }
    var width = 0
    for (index, group) in groups.enumerated() {
      if group.contains(.dot) {
        guard index == groups.count - 1, pieces.last?.isEmpty == false, isIPv4(group) else { return false }
        width += 2
      } else {
        guard group.count <= 4, group.allSatisfy({ Octet.hexValue($0) != nil }) else { return false }
        width += 1
      }
    }
    return isCompressed ? width <= 7 : width == 8
  }

  /// `IPv4address`: four decimal octets.
  static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(separator: .dot, omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy(Octet.isDigit)
          && Int(String(decoding: part, as: UTF8.self)).map { $0 <= 255 } == true
      }
  }
}
