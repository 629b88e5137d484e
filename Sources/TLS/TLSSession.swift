// One TLS connection as a transform of octets: ciphertext in, plaintext out, and the other way; no socket in sight.

import COpenSSL

/// A session over two buffers in memory (RFC 8446, RFC 5246). It belongs to the thread of its connection.
///
/// Whoever uses it moves the octets: what arrives goes into `feed`, and everything that any call returns as ciphertext
/// is sent, in order. Nothing here waits or refuses to take more, so back-pressure is the caller's.
package final class TLSSession {
  /// Where a session stands.
  package enum State: Sendable, Equatable {
    /// Who speaks to whom, and with which keys, is still being settled.
    case handshaking
    /// Octets may be written.
    case open
    /// We have said that we will write no more; what the peer still sends can be read.
    case closing
    /// It is over. What was returned is still to be sent: it tells the peer why.
    case failed(TLSFailure)
  }

  /// What came out of ciphertext.
  package struct Input: Sendable, Equatable {
    /// What the peer wrote.
    package var plaintext: [UInt8] = []
    /// What is to be sent, such as the next flight of the handshake, an alert or tickets.
    package var ciphertext: [UInt8] = []

    /// Nothing.
    package init() {}
  }

  /// Where the session stands.
  package private(set) var state = State.handshaking
  /// Whether the peer has said that it will write no more (close_notify).
  package private(set) var inputHasEnded = false

  /// The library's session, for what is not offered here.
  package let pointer: OpaquePointer

  private let context: TLSContext
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  private var inputOctets = 0
  /// Handshake messages that have arrived, counted by the library's callback.
  private let messages: UnsafeMutablePointer<UInt32>
  private var window = Window()

  /// Key updates, or attempts to negotiate anew, in a minute.
  private static let messagesPerMinute: UInt32 = 32
  /// The plaintext of one record (RFC 8446 §5.1).
  private static let recordSize = 16 * 1024

  /// The server's side.
  package convenience init(server context: TLSContext) {
    precondition(context.isServer)
    self.init(context)
    SSL_set_accept_state(pointer)
  }

  /// The client's side; `start` gives its first octets.
  ///
  /// - Parameter name: the name, or address, that the server's certificate must be for; nil where the certificate
  ///   itself is trusted, whatever its names.
  package convenience init(client context: TLSContext, name: String?) {
    precondition(!context.isServer)
    self.init(context)
    SSL_set_connect_state(pointer)
    guard let name else { return }
    // An address is not sent as a name (RFC 6066 §3).
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), name) != 1 {
      OpenSSLError.clear()
      let isTaken = co_want_name(pointer, name) == 1 && SSL_set1_host(pointer, name) == 1
      if !isTaken { state = .failed(.refused(reason: OpenSSLError.takeReason())) }
    }
  }

  private init(_ context: TLSContext) {
    guard let session = SSL_new(context.pointer), let incoming = co_new_pipe(), let outgoing = co_new_pipe()
    else { fatalError("OpenSSL cannot make a session: no memory") }
    self.context = context
    self.incoming = incoming
    self.outgoing = outgoing
    pointer = session
    messages = .allocate(capacity: 1)
    messages.initialize(to: 0)
    SSL_set_bio(session, incoming, outgoing)
    co_count_handshake_messages(session, messages)
  }

  deinit {
    // Frees both buffers too.
    SSL_free(pointer)
    messages.deallocate()
  }

  // MARK: - Input

  /// The client's first octets to send.
  package func start() -> [UInt8] {
    shakeHands()
    return takeCiphertext()
  }

  /// Takes octets from the peer; linear in their number.
  ///
  /// The state may have changed: to `.open` when the handshake is complete, to `.failed` at a violation of the
  /// protocol, after which nothing more is read.
  /// - Parameter now: the time by which the rate of key updates is judged.
  package func feed(_ ciphertext: UnsafeRawBufferPointer, now: ContinuousClock.Instant = .now) -> Input {
    var input = Input()
    guard !ciphertext.isEmpty, !hasFailed, !inputHasEnded else { return input }
    // A handshake record has type 22 (RFC 8446 §5.1); anything else at the beginning is no TLS at all.
    if inputOctets == 0, context.isServer, ciphertext[0] != 22 {
      state = .failed(.notTLS)
      return input
    }
    inputOctets += ciphertext.count
    BIO_write(incoming, ciphertext.baseAddress, Int32(clamping: ciphertext.count))
    if state == .handshaking {
      shakeHands()
      if state == .handshaking, inputOctets > TLSContext.handshakeLimit {
        state = .failed(.handshakeTooLong(octets: inputOctets))
      }
      if state == .open { window = Window(began: now, messages: messages.pointee) }
    }
    if state == .open || state == .closing {
      input.plaintext = read()
      if !hasFailed, window.isOver(Self.messagesPerMinute, messages.pointee, now: now) {
        state = .failed(.tooManyHandshakeMessages)
      }
    }
    input.ciphertext = takeCiphertext()
    return input
  }

  /// The connection's octets have ended without close_notify.
  ///
  /// It ends the input, too: whether the last message was whole, its own framing says (RFC 9112 §9.8).
  package func endOfTransport() {
    if state == .handshaking { state = .failed(.endedInHandshake) }
    hasTruncatedInput = !inputHasEnded
    inputHasEnded = true
  }

  /// Whether the connection ended before the peer said that it would write no more.
  package private(set) var hasTruncatedInput = false

  private var hasFailed: Bool {
    if case .failed = state { true } else { false }
  }

  private func shakeHands() {
    guard state == .handshaking else { return }
    OpenSSLError.clear()
    let outcome = SSL_do_handshake(pointer)
    if outcome == 1 { state = .open } else { judge(outcome) }
  }

  private func read() -> [UInt8] {
    var plaintext: [UInt8] = []
    withUnsafeTemporaryAllocation(byteCount: Self.recordSize, alignment: 16) { record in
      while true {
        var count = 0
        OpenSSLError.clear()
        let outcome = SSL_read_ex(pointer, record.baseAddress, record.count, &count)
        guard outcome == 1 else { return judge(outcome) }
        plaintext += record[..<count]
      }
    }
    return plaintext
  }

  /// What it means that a call did not succeed.
  private func judge(_ outcome: Int32) {
    switch SSL_get_error(pointer, outcome) {
    case SSL_ERROR_WANT_READ: return
    case SSL_ERROR_ZERO_RETURN:
      inputHasEnded = true
      if state == .handshaking { state = .failed(.endedInHandshake) }
    default:
      let verdict = SSL_get_verify_result(pointer)
      if !context.isServer, verdict != Int(X509_V_OK) {
        let reason = X509_verify_cert_error_string(verdict).map { String(cString: $0) } ?? "\(verdict)"
        state = .failed(.untrusted(reason: reason))
      } else {
        state = .failed(OpenSSLError.takeFailure())
      }
    }
    OpenSSLError.clear()
  }

  // MARK: - Output

  /// The ciphertext of these octets. Only while the session is open; afterwards nothing.
  package func write(_ plaintext: UnsafeRawBufferPointer) -> [UInt8] {
    precondition(state != .handshaking, "nothing is written before the handshake is complete")
    var rest = plaintext[...]
    while state == .open, !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      var count = 0
      OpenSSLError.clear()
      let outcome = SSL_write_ex(pointer, part.baseAddress, part.count, &count)
      if outcome == 1 {
        rest = rest.dropFirst(count)
      } else {
        // The buffers take everything, and without renegotiation a write needs no input.
        judge(outcome)
        if state == .open { state = .failed(.refused(reason: "a write wants input")) }
      }
    }
    return takeCiphertext()
  }

  /// Says that we will write no more (close_notify); what the peer sends can still be read.
  ///
  /// Nothing during a handshake, after a failure and the second time.
  package func shutdown() -> [UInt8] {
    guard state == .open else { return [] }
    state = .closing
    OpenSSLError.clear()
    SSL_shutdown(pointer)
    OpenSSLError.clear()
    return takeCiphertext()
  }

  /// Whatever the last call left to be sent; asked for after every one, failed or not.
  private func takeCiphertext() -> [UInt8] {
    let count = co_waiting(outgoing)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
      taken = max(0, Int(BIO_read(outgoing, buffer.baseAddress, Int32(clamping: count))))
    }
  }

  // MARK: - What was settled

  /// `TLSv1.3` or `TLSv1.2`.
  package var version: String { String(cString: SSL_get_version(pointer)) }

  /// The suite in OpenSSL's words, such as `TLS_AES_128_GCM_SHA256`.
  package var suite: String {
    SSL_CIPHER_get_name(SSL_get_current_cipher(pointer)).map { String(cString: $0) } ?? ""
  }

  /// Whether keys of an earlier session were taken up.
  package var isResumed: Bool { SSL_session_reused(pointer) == 1 }

  /// The protocol that was agreed upon (RFC 7301); nil where the client offered none.
  package var applicationProtocol: String? {
    var name: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    SSL_get0_alpn_selected(pointer, &name, &length)
    return name.map { String(decoding: UnsafeBufferPointer(start: $0, count: Int(length)), as: UTF8.self) }
  }
}

extension TLSSession {
  /// Counts messages by the minute.
  private struct Window {
    var began = ContinuousClock.now
    /// The count at its beginning.
    var messages: UInt32 = 0

    /// Whether more than `limit` have come since it began; begins anew after a minute.
    mutating func isOver(_ limit: UInt32, _ count: UInt32, now: ContinuousClock.Instant) -> Bool {
      if began.duration(to: now) >= .seconds(60) { self = Window(began: now, messages: count) }
      return count &- messages > limit
    }
  }
}
