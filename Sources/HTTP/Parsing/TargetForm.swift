// The forms of a request target, taken apart and decoded.

/// A request target as it was sent (RFC 9112 §3.2): origin-form, absolute-form or asterisk-form.
package struct TargetForm: Sendable {
  /// The decoded path and query.
  package private(set) var target: Target
  /// The path and query as sent, or `*`.
  package private(set) var raw: String
  /// The host of an absolute-form target, which replaces that of the Host field (RFC 9112 §3.2.2).
  package private(set) var authority: Authority?

  init(_ bytes: ArraySlice<UInt8>, scheme: String, isOptions: Bool) throws(ProtocolError) {
    if bytes.elementsEqual([.asterisk]) {
      guard isOptions else { throw .asteriskWithoutOptions }
      self = .asterisk
    } else if bytes.first == .slash {
      try self.init(origin: bytes)
    } else {
      let (authority, rest) = try Self.splitAbsolute(bytes, scheme: scheme)
      if rest.isEmpty && isOptions {
        // RFC 9112 §3.2.4: OPTIONS on a URI with neither path nor query asks about the server itself.
        self = .asterisk
      } else {
        try self.init(origin: rest.first == .slash ? rest : ArraySlice([.slash] + rest))
      }
      self.authority = authority
    }
  }

  private static let asterisk = TargetForm(target: Target(isAsterisk: true), raw: "*")

  private init(target: Target, raw: String) {
    self.target = target
    self.raw = raw
  }

  /// `origin-form = absolute-path [ "?" query ]`.
  private init(origin bytes: ArraySlice<UInt8>) throws(ProtocolError) {
    let question = bytes.firstIndex(of: .question)
    let path = bytes[..<(question ?? bytes.endIndex)]
    target = Target(segments: try Self.segments(path))
    if let question { target.query = try Self.query(bytes[(question + 1)...]) }
    raw = String(decoding: bytes, as: UTF8.self)
  }

  /// Splits `absolute-URI` into its authority and what follows it.
  private static func splitAbsolute(
    _ bytes: ArraySlice<UInt8>, scheme: String
  ) throws(ProtocolError) -> (Authority, ArraySlice<UInt8>) {
    var scanner = FieldScanner(bytes)
    let name = scanner.run { Octet.isAlphanumeric($0) || $0 == .plus || $0 == .hyphen || $0 == .dot }
    guard let first = name.first, Octet.isAlpha(first), scanner.take(.colon), scanner.take(.slash),
      scanner.take(.slash)
    else { throw .invalidTarget }
    // A secured connection serves what was asked for in clear too: so a proxy asks that secures what it passes on. The other
    // way round a client would believe to be secured that is not.
    let asked = String(decoding: name, as: UTF8.self).lowercased()
    guard asked == scheme || asked == "http" else { throw .schemeNotServed }
    let host = scanner.run { $0 != .slash && $0 != .question }
    guard let authority = Authority(parsing: host) else { throw .invalidHost }
    return (authority, bytes[host.endIndex...])
  }

  /// Splits the path on `/` first and decodes each segment once after, so that `%2F` is never a separator.
  private static func segments(_ path: ArraySlice<UInt8>) throws(ProtocolError) -> [String] {
    guard path.count > 1 else { return [] }
    var segments: [String] = []
    for raw in path.dropFirst().split(separator: .slash, omittingEmptySubsequences: false) {
      let segment = try decode(raw, isQuery: false)
      // Resolving dot segments here while a proxy in front does not is how access rules are bypassed: refuse.
      guard segment != "." && segment != ".." else { throw .dotSegment }
      segments.append(segment)
    }
    return segments
  }

  /// `name=value` pairs separated by `&`; empty pairs are skipped.
  private static func query(_ bytes: ArraySlice<UInt8>) throws(ProtocolError) -> [Target.QueryItem] {
    var items: [Target.QueryItem] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: .equals)
      let name = try decode(pair[..<(equals ?? pair.endIndex)], isQuery: true)
      let value = try equals.map { index throws(ProtocolError) in
        try decode(pair[(index + 1)...], isQuery: true)
      }
      items.append(Target.QueryItem(name: name, value: value ?? ""))
    }
    return items
  }

  /// Decodes percent-encodings once, and `+` in a query; the result has no control characters.
  private static func decode(_ bytes: ArraySlice<UInt8>, isQuery: Bool) throws(ProtocolError) -> String {
    // Nearly every segment: nothing to decode, and no character that could be a control.
    if bytes.allSatisfy({ Octet.isPathCharacter($0) && $0 != .percent && $0 != .plus }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == .percent {
        guard let high = rest.popFirst().flatMap(Octet.hexValue),
          let low = rest.popFirst().flatMap(Octet.hexValue)
        else { throw .invalidPercentEncoding }
        decoded.append(high << 4 | low)
      } else if isQuery && byte == .plus {
        decoded.append(.space)
      } else {
        guard Octet.isPathCharacter(byte) || isQuery && (byte == .slash || byte == .question) else {
          throw .invalidTarget
        }
        decoded.append(byte)
      }
    }
    // Validation, not repair: an overlong or broken UTF-8 sequence must not turn into another character.
    guard let text = String(validating: decoded, as: UTF8.self),
      text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw .invalidPercentEncoding }
    return text
  }
}
