// One X.509 certificate as the library holds it: its dates, key, names and signature.

import COpenSSL
import Glibc

/// A certificate that has been read.
///
/// `@unchecked Sendable`: only read after `init`.
final class Certificate: @unchecked Sendable {
  let pointer: OpaquePointer
  /// The bounds of its validity, in seconds since 1970.
  let notBefore: Int64
  let notAfter: Int64

  /// Takes the certificate over; nil, and it is freed, if its dates are not dates.
  private init?(owning pointer: OpaquePointer) {
    self.pointer = pointer
    var first: Int64 = 0
    var last: Int64 = 0
    let isDated =
      co_seconds(X509_get0_notBefore(pointer), &first) == 1
      && co_seconds(X509_get0_notAfter(pointer), &last) == 1
    notBefore = first
    notAfter = last
    guard isDated else { return nil }
  }

  deinit { X509_free(pointer) }

  /// Every certificate of a PEM text, in order; at least one.
  static func readAll(_ text: [UInt8]) throws(CertificateFault) -> [Certificate] {
    let source = BIO_new_mem_buf(text, Int32(clamping: text.count))
    defer { BIO_free(source) }
    var all: [Certificate] = []
    while true {
      OpenSSLError.clear()
      guard let pointer = PEM_read_bio_X509(source, nil, nil, nil) else { break }
      guard let certificate = Certificate(owning: pointer) else {
        throw .malformedCertificate(position: all.count + 1, reason: "its dates are not dates")
      }
      all.append(certificate)
    }
    guard co_is_end_of_pem() == 1 else {
      throw .malformedCertificate(position: all.count + 1, reason: OpenSSLError.takeReason())
    }
    OpenSSLError.clear()
    if all.isEmpty { throw .noCertificate }
    return all
  }

  /// The bits of an RSA key; nil for a key of another kind.
  var rsaBits: Int? {
    let bits = co_rsa_bits(X509_get0_pubkey(pointer))
    return bits > 0 ? Int(bits) : nil
  }

  var hasWeakSignature: Bool { co_has_weak_signature(pointer) == 1 }

  /// Whether issuer and subject are the same.
  var isSelfIssued: Bool { hasIssued(self) }

  func hasIssued(_ other: Certificate) -> Bool {
    X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(other.pointer)) == 0
  }

  /// Whether it names hosts or addresses (subjectAltName, RFC 5280 §4.2.1.6).
  var hasNames: Bool { X509_get_ext_by_NID(pointer, NID_subject_alt_name, -1) >= 0 }

  /// The extension with its names, as it is encoded; nothing where there is none.
  var encodedNames: [UInt8] {
    let place = X509_get_ext_by_NID(pointer, NID_subject_alt_name, -1)
    guard place >= 0, let value = X509_EXTENSION_get_data(X509_get_ext(pointer, place)) else { return [] }
    return Array(
      UnsafeBufferPointer(start: ASN1_STRING_get0_data(value), count: Int(ASN1_STRING_length(value))))
  }

  /// How well a certificate fits a host's name: by the name itself, or by a wildcard for its first label.
  enum Fit { case exact, wildcard }

  /// Nil where the certificate is not for this name (RFC 6125 §6.4).
  func fit(for host: String) -> Fit? {
    let flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
    let isFor = { (more: Int32) in
      X509_check_host(self.pointer, host, host.utf8.count, flags | UInt32(more), nil) == 1
    }
    if isFor(X509_CHECK_FLAG_NO_WILDCARDS) { return .exact }
    return isFor(0) ? .wildcard : nil
  }

  /// `2026-01-31 12:00:00 UTC`.
  static func dateText(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let length = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
    return String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
