// A web origin: what a browser says of where a request comes from.

/// Scheme, host and port of a page (RFC 6454 §4, §6.1). Two origins are the same or they are not; there is no pattern.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
  /// `http` or `https`.
  public let scheme: String
  /// The host, with the port where it is not the scheme's own.
  public let authority: Authority

  /// The origin of a text such as `https://tools.example.org`; nil for `null`, `*`, other schemes, and whatever has a path.
  public init?(_ text: String) {
    let ports = ["http": 80, "https": 443]
    let lowercased = text.lowercased()
    guard let scheme = ports.keys.first(where: { lowercased.hasPrefix("\($0)://") }),
      var authority = Authority(parsing: String(lowercased.dropFirst(scheme.count + 3)))
    else { return nil }
    if authority.port == ports[scheme] { authority.port = nil }
    self.scheme = scheme
    self.authority = authority
  }

  /// As a browser writes it.
  public var description: String { "\(scheme)://\(authority)" }

  /// The port that it is reached at.
  var port: Int { authority.port ?? (scheme == "https" ? 443 : 80) }
}
