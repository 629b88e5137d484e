// The host and port that a request is for.

/// A host and optional port: `uri-host [":" port]` (RFC 9110 §7.2), never empty, never with user information.
public struct Authority: Sendable, Hashable {
  /// The host in lower case; an IPv6 literal keeps its brackets.
  public var host: String
  /// The port, if one was named.
  public var port: Int?

  /// The parts as they are; `init(parsing:)` checks a text.
  public init(host: String, port: Int? = nil) {
    self.host = host
    self.port = port
  }
}
