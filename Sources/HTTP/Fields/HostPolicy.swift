// Which hosts this server answers for: the defence against DNS rebinding.

/// The hosts that are ours. A request for another one gets 421 (RFC 9110 §7.4, §15.5.20).
///
/// A page of another site can make its own name resolve to this machine and then call this service as if it were
/// its own; it cannot make the browser send another Host.
public struct HostPolicy: Sendable {
  /// Names and addresses, in lower case, IPv6 in brackets; with a port they hold for that port only.
  private let hosts: Set<String>
  private let allowsLoopback: Bool

  /// - Parameters:
  ///   - hosts: `example.org`, `example.org:8080`, `[2001:db8::1]`; entries that are no host are ignored.
  ///   - allowsLoopback: Whether `localhost`, its subdomains, `127.0.0.0/8` and `[::1]` are ours, on any port.
  public init(hosts: [String], allowsLoopback: Bool = true) {
    self.hosts = Set(hosts.compactMap { Authority(parsing: $0)?.description })
    self.allowsLoopback = allowsLoopback
  }

  /// Whether a request for `authority` is meant for us. An HTTP/1.0 request without host is.
  public func allows(_ authority: Authority?) -> Bool {
    guard let authority else { return true }
    return hosts.contains(authority.description) || hosts.contains(authority.host)
      || allowsLoopback && authority.isLoopback
  }
}

extension Authority {
  /// Whether the host can only be this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
  public var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
    return isAddress && host.hasPrefix("127.")
  }

  /// Whether the host is an address and no name.
  public var isAddress: Bool { host.hasPrefix("[") || Self.isIPv4(ArraySlice(host.utf8)) }
}
