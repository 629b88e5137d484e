// A bound TCP socket from which connections are taken.

import CLinux
import Glibc

/// A non-blocking socket that listens, closed when its owner lets go of it.
public struct ListeningSocket: ~Copyable, Sendable {
  /// The socket's descriptor, closed with it.
  package let descriptor: FileDescriptor
  /// Octets that the kernel takes for a connection beyond what it may send now. Left to itself it takes megabytes for a peer
  /// that does not read, which nobody counts; a fast peer is served as fast with this.
  private static let unsentOctets: Int32 = 256 * 1024

  /// Where it listens, with the port that the kernel chose if port 0 was asked for.
  public let address: SocketAddress

  /// Binds and listens. `::` takes IPv4 connections too.
  ///
  /// - Parameters:
  ///   - sharesPort: whether other sockets of this user that say the same may listen there too; the kernel then deals the
  ///     connections out among them.
  ///   - backlog: how many finished handshakes wait to be accepted; the kernel lowers it to `net.core.somaxconn`.
  public init(
    on wanted: SocketAddress, sharesPort: Bool = false, backlog: Int32 = 1024
  ) throws(SystemError) {
    let descriptor = try FileDescriptor.streamSocket(family: wanted.family)
    // A restarted server must get its port although connections of its predecessor still wait in TIME_WAIT.
    try descriptor.setOption(level: SOL_SOCKET, SO_REUSEADDR, to: Int32(1))
    if sharesPort { try descriptor.setOption(level: SOL_SOCKET, SO_REUSEPORT, to: Int32(1)) }
    if case .v6 = wanted.host {
      try descriptor.setOption(level: Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: Int32(0))
    }
    // Accepted sockets have it from here.
    try descriptor.setOption(level: Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, to: Self.unsentOctets)
    let number = descriptor.number
    try system("bind") { wanted.withKernelForm { bind(number, $0, $1) } }
    try system("listen") { listen(number, backlog) }
    var bound = AddressBuffer()
    try system("getsockname") { bound.withPointers { getsockname(number, $0, $1) } }
    self.descriptor = descriptor
    self.address = bound.address
  }

  /// Listens on the first of these addresses that can be bound; fails as the last of them does.
  ///
  /// `addresses` must not be empty.
  public init(onFirstOf addresses: [SocketAddress], backlog: Int32 = 1024) throws(SystemError) {
    precondition(!addresses.isEmpty, "a socket needs an address")
    for address in addresses.dropLast() {
      do throws(SystemError) {
        self = try ListeningSocket(on: address, backlog: backlog)
        return
      } catch {
        continue
      }
    }
    self = try ListeningSocket(on: addresses[addresses.count - 1], backlog: backlog)
  }

  /// Runs `handler` on the loop whenever connections wait.
  public func register(
    with loop: EventLoop, handler: @escaping () -> Void
  ) throws(SystemError) -> Registration {
    try loop.register(descriptor, for: .readable) { _ in handler() }
  }

  /// Takes one connection; nil when none waits.
  ///
  /// Errors: `EMFILE` and `ENFILE` when descriptors have run out (the connection goes on waiting),
  /// `ECONNABORTED` when the client gave up first, and errors of the network, which also concern this one
  /// connection alone (accept(2)).
  public func accept() throws(SystemError) -> StreamSocket? {
    var peer = AddressBuffer()
    let number = try nonBlocking("accept4") { peer.withPointers { cl_accept(descriptor.number, $0, $1) } }
    guard let number else { return nil }
    return StreamSocket(descriptor: FileDescriptor(owning: number), peer: peer.address)
  }
}
