// What OpenSSL says of a call that failed, taken from its queue of errors.

import COpenSSL

/// The queue belongs to the thread, which serves many sessions: it is emptied before every call that may fail.
enum OpenSSLError {
  /// Forgets what earlier calls of this thread have left.
  static func clear() { ERR_clear_error() }

  /// The library's words for the first failure since `clear`, without its codes; the queue is empty afterwards.
  static func takeReason() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    return ERR_reason_error_string(code).map { String(cString: $0) } ?? "an unknown reason"
  }
}
