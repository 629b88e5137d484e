// A certificate that nobody has vouched for, to try TLS out on one's own machine.

import COpenSSL

/// A fresh ECDSA key on P-256 and a certificate for it that it has signed itself.
package struct SelfSignedCertificate: Sendable {
  /// The certificate in PEM.
  package let certificate: [UInt8]
  /// The private key in PEM (PKCS #8), not encrypted.
  package let key: [UInt8]
  /// SHA-256 of the certificate, as browsers show it: pairs of digits with colons between them.
  package let fingerprint: String

  /// The names of this machine for itself.
  package static let loopbackNames = ["localhost", "127.0.0.1", "::1"]

  /// - Parameters:
  ///   - names: host names and addresses, of letters, digits, dots, colons, hyphens and `*`.
  ///   - days: how long it is valid.
  ///   - now: from when, in seconds since 1970.
  package init(names: [String] = loopbackNames, days: Int64 = 90, now: Int64) {
    precondition(names.allSatisfy(Self.isName))
    OpenSSLError.clear()
    guard let key = co_new_p256_key(), let certificate = X509_new() else {
      fatalError("OpenSSL cannot make a key: \(OpenSSLError.takeReason())")
    }
    defer {
      EVP_PKEY_free(key)
      X509_free(certificate)
    }
    X509_set_version(certificate, 2)
    // 127 random bits: positive, and its own number as long as anybody counts (RFC 5280 §4.1.2.2).
    let serial = BN_new()
    BN_rand(serial, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY)
    BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate))
    BN_free(serial)
    ASN1_TIME_set(X509_getm_notBefore(certificate), Int(now))
    ASN1_TIME_set(X509_getm_notAfter(certificate), Int(now + days * 86_400))
    let subject = X509_get_subject_name(certificate)
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, names.first ?? "", -1, -1, 0)
    X509_set_issuer_name(certificate, subject)
    X509_set_pubkey(certificate, key)
    Self.add("critical,CA:FALSE", NID_basic_constraints, to: certificate)
    Self.add("critical,digitalSignature", NID_key_usage, to: certificate)
    Self.add("serverAuth", NID_ext_key_usage, to: certificate)
    let kinds = names.map { Self.isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }
    Self.add(kinds.joined(separator: ","), NID_subject_alt_name, to: certificate)
    guard X509_sign(certificate, key, EVP_sha256()) > 0 else {
      fatalError("OpenSSL cannot sign a certificate: \(OpenSSLError.takeReason())")
    }
    self.certificate = Self.text { PEM_write_bio_X509($0, certificate) }
    self.key = Self.text { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) }
    fingerprint = Self.fingerprint(of: certificate)
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { octet in
        switch UInt8(ascii: "A")...UInt8(ascii: "Z") ~= octet ? octet | 0x20 : octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: ".:-*".utf8.contains(octet)
        }
      }
  }

  private static func isAddress(_ name: String) -> Bool {
    let octets = a2i_IPADDRESS(name)
    defer { ASN1_OCTET_STRING_free(octets) }
    OpenSSLError.clear()
    return octets != nil
  }

  private static func add(_ value: String, _ identifier: Int32, to certificate: OpaquePointer) {
    guard let part = X509V3_EXT_nconf_nid(nil, nil, identifier, value) else {
      preconditionFailure("OpenSSL refuses \(value): \(OpenSSLError.takeReason())")
    }
    X509_add_ext(certificate, part, -1)
    X509_EXTENSION_free(part)
  }

  private static func text(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
    let pipe = co_new_pipe()
    defer { BIO_free(pipe) }
    precondition(write(pipe) == 1, "OpenSSL cannot write PEM")
    let count = pipe.map { co_waiting($0) } ?? 0
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
      taken = max(0, Int(BIO_read(pipe, buffer.baseAddress, Int32(count))))
    }
  }

  private static func fingerprint(of certificate: OpaquePointer) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    X509_digest(certificate, EVP_sha256(), &digest, nil)
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
  }
}
