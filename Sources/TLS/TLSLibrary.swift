// The library that does the cryptography, as `curvesmith version` shows it.

import COpenSSL

/// OpenSSL as it was found at run time.
package enum TLSLibrary {
  /// Its name and version: `OpenSSL 3.0.19 27 Jan 2026`.
  package static var version: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }

  /// The groups of the key exchange in order of preference: Mozilla's, of which a library before OpenSSL 3.5 lacks
  /// the hybrid that a quantum computer does not break.
  package static let groups: String = {
    let context = SSL_CTX_new(TLS_method())
    defer { SSL_CTX_free(context) }
    let hybrid = "X25519MLKEM768:\(classicalGroups)"
    defer { OpenSSLError.clear() }
    return co_set_groups(context, hybrid) == 1 ? hybrid : classicalGroups
  }()

  private static let classicalGroups = "X25519:prime256v1:secp384r1"
}
