// A little TCP client that blocks its thread, for the health check and for tests.

import Glibc

/// A connection to a server whose every call returns or fails before one deadline.
///
/// It blocks the calling thread: never use it on an event loop or in a task.
public struct BlockingConnection: ~Copyable, Sendable {
  private let socket: StreamSocket
  private let deadline: ContinuousClock.Instant

  /// Connects within `timeout`, which also bounds everything after.
  ///
  /// `receiveBuffer` is the kernel's in octets; left out, the kernel sizes it by itself.
  /// Errors: `ECONNREFUSED`, `ENETUNREACH` and the like, `ETIMEDOUT` at the deadline.
  public init(
    to address: SocketAddress, timeout: Duration, receiveBuffer: Int32? = nil
  ) throws(SystemError) {
    let deadline = ContinuousClock.now + timeout
    let descriptor = try FileDescriptor.streamSocket(family: address.family)
    if let receiveBuffer { try descriptor.setOption(level: SOL_SOCKET, SO_RCVBUF, to: receiveBuffer) }
    let number = descriptor.number
    do throws(SystemError) {
      try system("connect") { address.withKernelForm { connect(number, $0, $1) } }
    } catch {
      // A non-blocking connect has begun and reports its outcome when the socket becomes writable.
      guard error.code == EINPROGRESS else { throw error }
      try descriptor.wait(for: POLLOUT, until: deadline)
      try descriptor.throwPendingError(of: "connect")
    }
    self.deadline = deadline
    socket = StreamSocket(descriptor: descriptor, peer: address)
  }

  /// Sends all bytes.
  ///
  /// Errors: `EPIPE`, `ECONNRESET`, or `ETIMEDOUT` at the deadline.
  public func send(_ bytes: [UInt8]) throws(SystemError) {
    var sent = 0
    while sent < bytes.count {
      if let count = try socket.send(bytes.span.bytes.extracting(sent...)) {
        sent += count
      } else {
        try socket.descriptor.wait(for: POLLOUT, until: deadline)
      }
    }
  }

  /// The next bytes, at least one; empty when the peer has finished sending.
  ///
  /// Errors: `ECONNRESET`, or `ETIMEDOUT` at the deadline.
  public func receive(maximum: Int = 65_536) throws(SystemError) -> [UInt8] {
    while true {
      var received = Received.wouldBlock
      var failure: SystemError?
      let bytes = [UInt8](unsafeUninitializedCapacity: maximum) { buffer, count in
        do throws(SystemError) {
          received = try socket.receive(into: UnsafeMutableRawBufferPointer(buffer))
          if case .bytes(let n) = received { count = n }
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      if received != .wouldBlock { return bytes }
      try socket.descriptor.wait(for: POLLIN, until: deadline)
    }
  }

  /// Everything until the peer finishes sending, but no more than `limit` bytes.
  public func receiveAll(limit: Int) throws(SystemError) -> [UInt8] {
    var all: [UInt8] = []
    while all.count < limit {
      let bytes = try receive(maximum: min(65_536, limit - all.count))
      if bytes.isEmpty { break }
      all += bytes
    }
    return all
  }

  /// Sends FIN; the peer's bytes still arrive.
  public func finishSending() throws(SystemError) {
    try socket.finishSending()
  }

  /// Makes the end of the connection a reset (RST).
  package func resetWhenClosed() throws(SystemError) {
    try socket.resetWhenClosed()
  }
}

extension FileDescriptor {
  /// Waits until the descriptor is ready or failed; `ETIMEDOUT` at the deadline.
  fileprivate func wait(for events: Int32, until deadline: ContinuousClock.Instant) throws(SystemError) {
    let (seconds, attoseconds) = (deadline - .now).components
    // Rounded up, so that the deadline has passed when the wait ends.
    let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    var entry = pollfd(fd: number, events: Int16(events), revents: 0)
    let count = try system("poll") { poll(&entry, 1, Int32(clamping: max(0, milliseconds))) }
    if count == 0 { throw SystemError(call: "poll", code: ETIMEDOUT) }
  }

  /// The outcome of a call that went on in the background.
  fileprivate func throwPendingError(of call: String) throws(SystemError) {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    try system("getsockopt") { getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) }
    if code != 0 { throw SystemError(call: call, code: code) }
  }
}
