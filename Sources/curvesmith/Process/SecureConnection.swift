// A blocking HTTPS client as small as the health check needs it.

import Net
package import TLS

/// A TLS connection that blocks its thread; every call ends by the deadline of the connection below.
package final class SecureConnection {
  private let connection: BlockingConnection
  private let session: TLSSession

  /// Connects and completes the handshake; `timeout` bounds all that follows, too.
  ///
  /// - Parameter name: the name, or address, that the certificate must be for; nil where the certificate itself is
  ///   trusted.
  /// - Throws: `TLSFailure` or `SystemError`.
  package init(to host: String, port: UInt16, timeout: Duration, trusting trust: TLSTrust, name: String?)
    throws
  {
    connection = try BlockingConnection(to: host, port: port, timeout: timeout)
    session = TLSSession(client: try TLSContext(trusting: trust), name: name)
    try connection.send(session.start())
    while session.state == .handshaking {
      let input = take(try connection.receive())
      try connection.send(input.ciphertext)
    }
    if case .failed(let failure) = session.state { throw failure }
  }

  /// Enciphers and sends all bytes.
  package func send(_ bytes: [UInt8]) throws {
    try connection.send(bytes.withUnsafeBytes { session.write($0) })
  }

  /// Everything until the server says that this is all, but no more than about `limit` bytes.
  package func receiveAll(limit: Int) throws -> [UInt8] {
    var all: [UInt8] = []
    while all.count < limit, !session.inputHasEnded {
      all += take(try connection.receive()).plaintext
      if case .failed(let failure) = session.state { throw failure }
    }
    return all
  }

  private func take(_ octets: [UInt8]) -> TLSSession.Input {
    if octets.isEmpty {
      session.endOfTransport()
      return TLSSession.Input()
    }
    return octets.withUnsafeBytes { session.feed($0) }
  }
}

extension BlockingConnection {
  /// Connects to the first address of a host.
  init(to host: String, port: UInt16, timeout: Duration) throws {
    guard let address = try SocketAddress.resolve(host: host, port: port).first else {
      throw CommandFailure(message: "\(host) has no address")
    }
    try self.init(to: address, timeout: timeout)
  }
}
