// Everything about the server that an operator may choose, with the defaults.

public import HTTP

/// Where the server listens, and what it allows its clients.
public struct ServerConfiguration: Sendable, Hashable {
  /// An address or a name; the first of the name's addresses that can be bound is taken. `::` is all of
  /// IPv6 and IPv4.
  public var host = "127.0.0.1"
  /// 0 lets the system choose a free port.
  public var port: UInt16 = 8080
  /// Threads that serve connections, each with a listening socket of its own on the same address.
  public var loops = 1
  /// Sizes and counts within one connection.
  public var limits = ConnectionLimits()
  /// Waiting times of one connection.
  public var timeouts = ConnectionTimeouts()
  /// Connections open at one time. Over: new ones wait to be accepted.
  public var maximumConnections = 1024
  /// Connections of one client (an IPv4 address or an IPv6 /64) open at one time. Over: new ones are closed.
  /// Clients on this machine are not held to it, because a reverse proxy is one of them.
  public var maximumConnectionsPerClient = 64
  /// The port of a second listener, on 127.0.0.1 and in clear, beside one with TLS; 0 lets the system choose it.
  public var plainPort: UInt16?
  /// Seconds from a connection's opening to the end of its TLS handshake. Over: it is closed.
  public var handshakeTimeout = 10.0
  /// TLS handshakes of one client under way at one time. Over: new connections are closed.
  public var maximumHandshakesPerClient = 8

  /// The defaults above.
  public init() {}
}

/// Where a server really listens.
public struct BoundAddress: Sendable, Hashable, CustomStringConvertible {
  /// The address in its text form, without brackets.
  public var host: String
  /// The port, which the system chose where 0 was wanted.
  public var port: Int

  /// `127.0.0.1:8080` or `[::1]:8080`, as it stands in a URL (RFC 3986 §3.2.2).
  public var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
