// What OpenSSL says of a call that failed, taken from its queue of errors.

import COpenSSL

/// The queue belongs to the thread, which serves many sessions: it is emptied before every call that may fail.
enum OpenSSLError {
  /// Forgets what earlier calls of this thread have left.
  static func clear() { ERR_clear_error() }

  /// The library's words for the first failure since `clear`, without its codes; the queue is empty afterwards.
  static func takeReason() -> String { words(for: takeCode()) }

  /// Why the library gave a session up: the first failure since `clear`; the queue is empty afterwards.
  static func takeFailure() -> TLSFailure {
    let code = takeCode()
    let number = ERR_GET_REASON(code)
    let reason = words(for: code)
    // What the peer's alert says comes as its number beyond this one.
    if (SSL_AD_REASON_OFFSET..<SSL_AD_REASON_OFFSET + 256).contains(number) {
      return .alerted(reason: reason)
    }
    return incompatibilities.contains(number) ? .incompatible(reason: reason) : .refused(reason: reason)
  }

  private static let incompatibilities: Set<Int32> = [
    SSL_R_NO_SHARED_CIPHER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_APPLICATION_PROTOCOL,
    SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS,
    SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_VERSION_TOO_LOW, SSL_R_INAPPROPRIATE_FALLBACK,
  ]

  private static func takeCode() -> UInt {
    let code = ERR_get_error()
    ERR_clear_error()
    return code
  }

  private static func words(for code: UInt) -> String {
    ERR_reason_error_string(code).map { String(cString: $0) } ?? "an unknown reason"
  }
}
