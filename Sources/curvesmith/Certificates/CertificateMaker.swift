// The certificate that `curvesmith keygen --tls` makes, to try HTTPS on one's own machine.

import Glibc
import TLS
import Telemetry

/// Writes a certificate that has signed itself, and its key.
enum CertificateMaker {
  /// Makes `certificate.pem` and `key.pem` in a folder, which is made if it is not there.
  ///
  /// - Returns: what to tell the user.
  /// - Throws: `CommandFailure`; nothing that is there is replaced.
  static func make(in folder: String, now: Timestamp) throws(CommandFailure) -> String {
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw CommandFailure(message: "cannot make \(folder): \(lastSystemError())")
    }
    let own = SelfSignedCertificate(now: now.milliseconds / 1000)
    let (certificate, key) = ("\(folder)/certificate.pem", "\(folder)/key.pem")
    for path in [certificate, key] where access(path, F_OK) == 0 {
      throw CommandFailure(message: "\(path) is there already; remove it, or name another folder")
    }
    try write(own.key, to: key)
    try write(own.certificate, to: certificate)
    return """
      \(certificate) and \(key) are for \(SelfSignedCertificate.loopbackNames.joined(separator: ", ")), 90 days
      SHA-256 \(own.fingerprint)
      serve: curvesmith serve --tls-certificate \(certificate) --tls-key \(key)
      ask:   curl --cacert \(certificate) https://localhost:8080/readyz

      """
  }

  /// Only the user may read it, and it did not exist before.
  private static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CommandFailure(message: "cannot write \(path): \(lastSystemError())")
    }
    let written = Glibc.write(descriptor, bytes, bytes.count)
    let reason = lastSystemError()
    guard Glibc.close(descriptor) == 0, written == bytes.count else {
      unlink(path)
      throw CommandFailure(message: "cannot write \(path): \(reason)")
    }
  }
}
