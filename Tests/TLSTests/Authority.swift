// Certificates as the tests need them, with every fault that a real one may have.

import COpenSSL
import Glibc
import TLS

/// A key and a certificate for it that an issuer, or itself, has signed.
final class TestCertificate {
  /// What a certificate is made of.
  struct Recipe {
    var names = ["localhost"]
    /// Bits of an RSA key; nil for one on P-256.
    var rsaBits: Int32?
    var isAuthority = false
    var usesSHA1 = false
    /// Seconds since 1970.
    var validity: ClosedRange<Int64> = (TestCertificate.now - 3600)...(TestCertificate.now + 90 * 86_400)
  }

  /// The time of the tests: now, since the library judges by its own clock.
  static let now = Int64(time(nil))

  let key: OpaquePointer
  private let certificate: OpaquePointer

  init(_ recipe: Recipe = Recipe(), issuer: TestCertificate? = nil) {
    key = Self.makeKey(rsaBits: recipe.rsaBits)
    certificate = X509_new()
    X509_set_version(certificate, 2)
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1 ... .max))
    ASN1_TIME_set(X509_getm_notBefore(certificate), Int(recipe.validity.lowerBound))
    ASN1_TIME_set(X509_getm_notAfter(certificate), Int(recipe.validity.upperBound))
    let name = "\(recipe.isAuthority ? "authority" : "server") \(Int.random(in: 1 ... .max))"
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, name, -1, -1, 0)
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer?.certificate ?? certificate))
    X509_set_pubkey(certificate, key)
    add(recipe.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE", NID_basic_constraints)
    if !recipe.names.isEmpty {
      add(recipe.names.map { "DNS:\($0)" }.joined(separator: ","), NID_subject_alt_name)
    }
    let size = X509_sign(certificate, issuer?.key ?? key, recipe.usesSHA1 ? EVP_sha1() : EVP_sha256())
    precondition(size > 0)
  }

  deinit {
    X509_free(certificate)
    EVP_PKEY_free(key)
  }

  var pem: [UInt8] { Self.text { PEM_write_bio_X509($0, certificate) } }
  var keyPEM: [UInt8] { Self.text { PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) } }
  var encryptedKeyPEM: [UInt8] {
    Self.text { PEM_write_bio_PKCS8PrivateKey($0, key, EVP_aes_128_cbc(), "secret", 6, nil, nil) }
  }

  /// The certificate alone with its key, as a server has it.
  func identity() throws -> TLSIdentity {
    try TLSIdentity(certificates: pem, key: keyPEM, now: Self.now)
  }

  private func add(_ value: String, _ identifier: Int32) {
    let part = X509V3_EXT_nconf_nid(nil, nil, identifier, value)
    X509_add_ext(certificate, part, -1)
    X509_EXTENSION_free(part)
  }

  private static func makeKey(rsaBits: Int32?) -> OpaquePointer {
    guard let rsaBits else { return co_new_p256_key() }
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    EVP_PKEY_keygen_init(context)
    EVP_PKEY_CTX_set_rsa_keygen_bits(context, rsaBits)
    EVP_PKEY_keygen(context, &key)
    guard let key else { preconditionFailure("no RSA key") }
    return key
  }

  private static func text(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
    guard let pipe = co_new_pipe() else { preconditionFailure("no memory") }
    defer { BIO_free(pipe) }
    precondition(write(pipe) == 1)
    var text = [UInt8](repeating: 0, count: co_waiting(pipe))
    BIO_read(pipe, &text, Int32(text.count))
    return text
  }
}
