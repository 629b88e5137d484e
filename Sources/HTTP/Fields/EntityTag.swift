// Entity tags and the conditional request that saves a transfer.

public import HTTPTypes

/// `entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE` (RFC 9110 §8.8.3).
public struct EntityTag: Sendable, Hashable, CustomStringConvertible {
  /// Whether it says equivalent rather than equal (RFC 9110 §8.8.1).
  public var isWeak: Bool
  /// The octets between the quotes.
  public var opaque: String

  /// - Precondition: `opaque` has only `etagc`: no quotes, blanks or controls.
  public init(_ opaque: String, isWeak: Bool = false) {
    precondition(
      opaque.utf8.allSatisfy(Self.isTagCharacter), "an entity tag has a character that is not allowed")
    self.opaque = opaque
    self.isWeak = isWeak
  }

  /// Parses one tag; an unquoted text is none.
  public init?(parsing text: String) {
    isWeak = text.hasPrefix("W/")
    let quoted = text.utf8.dropFirst(isWeak ? 2 : 0)
    let inner = quoted.dropFirst().dropLast()
    guard quoted.count >= 2, quoted.first == .quote, quoted.last == .quote,
      inner.allSatisfy(Self.isTagCharacter)
    else { return nil }
    opaque = String(decoding: Array(inner), as: UTF8.self)
  }

  /// `"x"` or `W/"x"`, as it stands in a field.
  public var description: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }

  /// Weak comparison (RFC 9110 §8.8.3.2): the opaque parts are equal.
  public func weaklyMatches(_ other: EntityTag) -> Bool { opaque == other.opaque }

  /// `etagc = %x21 / %x23-7E / obs-text`.
  private static func isTagCharacter(_ byte: UInt8) -> Bool {
    byte > .space && byte != .quote && byte != 0x7F
  }
}

/// The If-None-Match field (RFC 9110 §13.1.2).
public enum IfNoneMatch: Sendable, Hashable {
  /// `*`: any current representation.
  case any
  case tags([EntityTag])

  /// Reads the field of a request; `nil` if there is none. An element that is no entity tag matches nothing.
  public init?(_ fields: HTTPFields) {
    let elements = fields.list(.ifNoneMatch)
    guard !elements.isEmpty else { return nil }
    self = elements == ["*"] ? .any : .tags(elements.compactMap(EntityTag.init(parsing:)))
  }

  /// Whether the representation with tag `current` is one of those named, by weak comparison.
  public func matches(_ current: EntityTag) -> Bool {
    switch self {
    case .any: true
    case .tags(let tags): tags.contains { $0.weaklyMatches(current) }
    }
  }
}

extension Response {
  /// This response, or 304 in its place if the client's If-None-Match names its ETag (RFC 9110 §13.1.2, §15.4.5).
  ///
  /// Only a successful answer to GET or HEAD is replaced: a precondition never hides an error (§13.2.1).
  public func revalidated(for request: Request) -> Response {
    guard request.method == .get || request.method == .head, status.kind == .successful,
      let tag = fields.value(of: .eTag).flatMap(EntityTag.init(parsing:)),
      IfNoneMatch(request.fields)?.matches(tag) == true
    else { return self }
    var kept = HTTPFields()
    for name in [HTTPField.Name.eTag, .cacheControl, .contentLocation, .expires, .vary] {
      kept[fields: name] = fields[fields: name]
    }
    var response = Response(status: .notModified, fields: kept)
    response.holds = holds
    return response
  }
}
