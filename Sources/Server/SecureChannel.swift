// TLS between a connection's socket and its machine: what arrives is deciphered, what leaves is enciphered.

import Net
import TLS

/// The session of one connection, and its ciphertext on the way to the socket.
///
/// Belongs to its connection, and like it to one loop.
final class SecureChannel {
  private let session: TLSSession
  /// When the connection was opened.
  private let began = EventLoop.clock()
  private var ciphertext = WriteQueue()
  /// What came in clear, as long as it may be the beginning of a request line.
  private var clear: [UInt8] = []

  /// Octets of ciphertext that may wait for the socket: more would only be memory, since the session refuses none.
  private static let ahead = 64 * 1024

  init(_ context: TLSContext) {
    session = TLSSession(server: context)
  }

  /// What came of octets from the socket.
  enum Arrival {
    /// The handshake goes on.
    case nothing
    /// What the client has written. `opens` if the handshake has just been completed, `ends` if the client will write
    /// no more.
    case plaintext([UInt8], opens: Bool, ends: Bool)
    /// A request line came in clear.
    case request
    /// The session has failed. What it has to say about that is waiting to be sent.
    case failure(TLSFailure)
  }

  var isOpen: Bool { session.state == .open }
  var isShakingHands: Bool { session.state == .handshaking || session.state == .failed(.notTLS) }
  /// Octets that wait for the socket.
  var waiting: Int { ciphertext.count }
  /// `TLSv1.3`, for the log.
  var version: String { session.version }
  /// The handshake that has just been completed, as it is counted.
  var completion: HandshakeOutcome {
    .complete(
      version: version, isResumed: session.isResumed, seconds: Double(EventLoop.clock() - began) * 1e-9)
  }

  /// Takes what the socket gave.
  func received(_ octets: UnsafeRawBufferPointer) -> Arrival {
    if !clear.isEmpty { return judge(octets) }
    let wasOpen = !isShakingHands
    let input = session.feed(octets)
    ciphertext.append(input.ciphertext)
    if case .failed(let failure) = session.state {
      return failure == .notTLS ? judge(octets) : .failure(failure)
    }
    if isShakingHands { return .nothing }
    return .plaintext(input.plaintext, opens: !wasOpen, ends: session.inputHasEnded)
  }

  /// The socket's octets have ended, in the handshake or later.
  func endOfTransport() { session.endOfTransport() }

  /// Whether octets in clear begin a request line: a method in capitals and a space.
  private func judge(_ octets: UnsafeRawBufferPointer) -> Arrival {
    clear += octets.prefix(16)
    let method = clear.prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    guard method.count < 16 else { return .failure(.notTLS) }
    // Perhaps the rest of the method is still under way.
    if method.count == clear.count { return .nothing }
    return !method.isEmpty && clear[method.count] == UInt8(ascii: " ") ? .request : .failure(.notTLS)
  }

  /// Enciphers what waits in `plaintext`, as far as the socket takes the ciphertext; whether it took anything.
  ///
  /// - Parameter record: room for the plaintext of one record, of no use afterwards.
  func flush(
    _ plaintext: inout WriteQueue, to socket: borrowing StreamSocket, by record: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> Bool {
    var hasMoved = false
    while true {
      while isOpen, !plaintext.isEmpty, ciphertext.count < Self.ahead {
        ciphertext.append(plaintext.takeFirst(record) { session.write($0) })
      }
      guard try ciphertext.flush(to: socket) else { return hasMoved }
      hasMoved = true
      if !ciphertext.isEmpty || plaintext.isEmpty { return true }
    }
  }

  /// Says that nothing more will be written (close_notify).
  func shutdown() { ciphertext.append(session.shutdown()) }
}
