// A server's certificate for tests, and what its clients trust.

import Glibc
import TLS

/// A certificate for 127.0.0.1, and what a server and its clients make of it.
struct Secured {
  let certificate = SelfSignedCertificate(now: Int64(time(nil)))

  var trust: TLSTrust { .certificates(certificate.certificate) }

  func context() throws -> TLSContext {
    let identity = try TLSIdentity(
      certificates: certificate.certificate, key: certificate.key, now: Int64(time(nil)))
    return try TLSContext(identities: [identity])
  }
}
