// An address and port: its text, its form for the kernel, and its finding by name.

import Glibc

/// Where a TCP socket listens or connects: an internet address and a port.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
  /// The address of the machine.
  public var host: IPAddress
  /// The TCP port; 0 lets the system choose when it is bound.
  public var port: UInt16

  /// An address and a port.
  public init(host: IPAddress, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:8080` or `[::1]:8080`. Source: RFC 3986 §3.2.2.
  public var description: String {
    switch host {
    case .v4: "\(host):\(port)"
    case .v6: "[\(host)]:\(port)"
    }
  }

  /// The addresses of a host name, or the one address that `host` writes out, in the resolver's order;
  /// never empty.
  ///
  /// Blocks while the resolver asks the network.
  public static func resolve(host: String, port: UInt16) throws(ResolutionError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &first)
    guard code == 0 else { throw ResolutionError(host: host, code: code) }
    defer { freeaddrinfo(first) }
    let found = sequence(first: first) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
      entry.flatMap { $0.pointee.ai_addr.flatMap { SocketAddress($0, port: port) } }
    }
    guard !found.isEmpty else { throw ResolutionError(host: host, code: EAI_NONAME) }
    return found
  }
}

/// A host name without an address.
public struct ResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name or address that was looked up.
  public var host: String
  /// A code of getaddrinfo, for example `EAI_NONAME`.
  public var code: Int32

  /// `nowhere.example: Name or service not known`.
  public var description: String {
    "\(host): \(String(cString: gai_strerror(code)))"
  }
}
