// One TCP connection of a non-blocking socket: receive, send, half-close.

import Glibc

/// What a non-blocking receive found.
public enum Received: Equatable, Sendable {
  case bytes(Int)
  /// Nothing has arrived yet.
  case wouldBlock
  /// The peer will send no more.
  case end
}

/// A connected non-blocking TCP socket, closed when its owner lets go of it.
public struct StreamSocket: ~Copyable, Sendable {
  /// The socket's descriptor, closed with it.
  package let descriptor: FileDescriptor
  /// The other side's address.
  public let peer: SocketAddress

  init(descriptor: consuming FileDescriptor, peer: SocketAddress) {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Runs `handler` on the loop whenever the socket is ready for what it is watched for.
  public func register(
    with loop: EventLoop, for interest: Readiness, handler: @escaping (Readiness) -> Void
  ) throws(SystemError) -> Registration {
    try loop.register(descriptor, for: interest, handler: handler)
  }

  /// Moves what has arrived into `buffer`, which must not be empty.
  public func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Received {
    let count = try nonBlocking("recv") { recv(descriptor.number, buffer.baseAddress, buffer.count, 0) }
    return switch count {
    case nil: .wouldBlock
    case 0?: .end
    case let count?: .bytes(count)
    }
  }

  /// Gives the kernel as many of `bytes` as it has room for; their number, or nil when it has none.
  ///
  /// Without SIGPIPE: a connection that is gone is `EPIPE` or `ECONNRESET`.
  public func send(_ bytes: RawSpan) throws(SystemError) -> Int? {
    let number = descriptor.number
    return try nonBlocking("send") {
      bytes.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
  }

  /// The same of two pieces, one behind the other, with one call.
  public func send(_ first: RawSpan, _ second: RawSpan) throws(SystemError) -> Int? {
    if second.isEmpty { return try send(first) }
    let number = descriptor.number
    return try nonBlocking("sendmsg") {
      first.withUnsafeBytes { first in
        second.withUnsafeBytes { second in
          var pieces = (piece(first), piece(second))
          return withUnsafeMutableBytes(of: &pieces) { pieces in
            var message = msghdr()
            message.msg_iov = pieces.baseAddress?.assumingMemoryBound(to: iovec.self)
            message.msg_iovlen = 2
            return sendmsg(number, &message, Int32(MSG_NOSIGNAL))
          }
        }
      }
    }
  }

  /// Tells the peer that no more bytes will come (FIN), while its own still arrive.
  public func finishSending() throws(SystemError) {
    try system("shutdown") { shutdown(descriptor.number, Int32(SHUT_WR)) }
  }

  /// Sends small segments at once instead of waiting for the acknowledgement of earlier ones (RFC 896).
  public func disableNagle() throws(SystemError) {
    try descriptor.setOption(level: Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
  }

  /// Makes the end of this socket a reset (RST) that throws away what is unsent.
  public func resetWhenClosed() throws(SystemError) {
    try descriptor.setOption(level: SOL_SOCKET, SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
  }

  /// Sets the kernel's send buffer in octets, which it otherwise sizes by itself.
  package func setSendBuffer(_ octets: Int32) throws(SystemError) {
    try descriptor.setOption(level: SOL_SOCKET, SO_SNDBUF, to: octets)
  }
}

/// Bytes as the kernel gathers them; they are only read.
private func piece(_ bytes: UnsafeRawBufferPointer) -> iovec {
  iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
}

extension FileDescriptor {
  func setOption<Value: BitwiseCopyable>(
    level: Int32, _ name: Int32, to value: Value
  ) throws(SystemError) {
    var value = value
    try system("setsockopt") {
      setsockopt(number, level, name, &value, socklen_t(MemoryLayout<Value>.size))
    }
  }

  static func streamSocket(family: Int32) throws(SystemError) -> FileDescriptor {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return FileDescriptor(owning: try system("socket") { socket(family, kind, 0) })
  }
}
