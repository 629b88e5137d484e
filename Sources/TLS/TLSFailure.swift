// Why a session came to nothing.

/// The end of a session that did not go well. The other side may have been told by an alert.
package enum TLSFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The first octet is not that of a handshake: whoever sent it does not speak TLS.
  case notTLS
  /// So many octets came, and the handshake is not complete.
  case handshakeTooLong(octets: Int)
  /// More changes of keys, or attempts to negotiate anew, than anybody needs.
  case tooManyHandshakeMessages
  /// The connection ended in the handshake.
  case endedInHandshake
  /// The server's certificate does not say who it should be, in the library's words.
  case untrusted(reason: String)
  /// The sides have no version, suite or protocol in common, in the library's words.
  case incompatible(reason: String)
  /// The other side gave up and said so, as one does that does not trust the certificate; in the library's words.
  case alerted(reason: String)
  /// The library gave up for another reason, in its words.
  case refused(reason: String)

  /// The failure as the end of a sentence.
  package var description: String {
    switch self {
    case .notTLS: "the first octet is not that of a TLS handshake"
    case .handshakeTooLong(let octets): "the handshake is not complete after \(octets) octets"
    case .tooManyHandshakeMessages: "there were too many handshake messages after the handshake"
    case .endedInHandshake: "the connection ended in the TLS handshake"
    case .untrusted(let reason): "the server's certificate is not trusted: \(reason)"
    case .incompatible(let reason), .alerted(let reason), .refused(let reason): "TLS failed: \(reason)"
    }
  }

  /// A stable name in snake_case, for logs and metrics.
  package var code: String {
    switch self {
    case .notTLS: "not_tls"
    case .handshakeTooLong: "handshake_too_long"
    case .tooManyHandshakeMessages: "too_many_handshake_messages"
    case .endedInHandshake: "ended_in_handshake"
    case .untrusted: "untrusted"
    case .incompatible: "incompatible"
    case .alerted: "alerted"
    case .refused: "refused"
    }
  }
}
