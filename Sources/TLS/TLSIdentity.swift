// A certificate with its chain and private key, read from PEM and checked.

import COpenSSL

/// Who a server is: a certificate chain, the server's own first, and its private key.
///
/// `@unchecked Sendable`: the library's objects are only read after `init`, and their counts are atomic.
package final class TLSIdentity: @unchecked Sendable {
  /// What is unwise about it, at the time of loading.
  package let warnings: [CertificateWarning]
  /// When the first certificate of the chain expires, in seconds since 1970.
  package let expiry: Int64

  let chain: [Certificate]
  let key: OpaquePointer
  /// The chain above the server's own certificate, as the library wants it; it holds what `chain` owns.
  let stack: OpaquePointer?
  /// The names of the server's own certificate, as they are encoded in it.
  let names: [UInt8]

  /// Reads a chain and a key, each in PEM, and checks them as of `now`, in seconds since 1970.
  package init(certificates: [UInt8], key: [UInt8], now: Int64) throws(CertificateFault) {
    OpenSSLError.clear()
    chain = try Certificate.readAll(certificates)
    self.key = try Self.readKey(key)
    do throws(CertificateFault) {
      try Self.check(chain, key: self.key, now: now)
    } catch {
      // What is not whole is not deinitialised.
      EVP_PKEY_free(self.key)
      throw error
    }
    expiry = chain.map(\.notAfter).min() ?? 0
    names = chain[0].encodedNames
    stack = OPENSSL_sk_new_null()
    for certificate in chain.dropFirst() { OPENSSL_sk_push(stack, UnsafeRawPointer(certificate.pointer)) }
    warnings = Self.warnings(of: chain, now: now)
  }

  deinit {
    EVP_PKEY_free(key)
    OPENSSL_sk_free(stack)
  }

  var leaf: OpaquePointer { chain[0].pointer }
  /// The kind of key, of which a server has one for a name.
  var keyKind: Int32 { EVP_PKEY_get_base_id(key) }

  // MARK: - Reading

  private static func readKey(_ text: [UInt8]) throws(CertificateFault) -> OpaquePointer {
    // The library calls a text without a key unsupported, as it does a key of an unknown kind.
    guard String(decoding: text, as: UTF8.self).contains("PRIVATE KEY-----") else { throw .noKey }
    let source = BIO_new_mem_buf(text, Int32(clamping: text.count))
    defer { BIO_free(source) }
    var isEncrypted = false
    // Called for a key that needs a passphrase, which nobody is there to type.
    let key = withUnsafeMutablePointer(to: &isEncrypted) { flag in
      PEM_read_bio_PrivateKey(
        source, nil,
        { _, _, _, flag in
          flag?.assumingMemoryBound(to: Bool.self).pointee = true
          return -1
        }, flag)
    }
    guard let key else {
      defer { OpenSSLError.clear() }
      throw isEncrypted ? .encryptedKey : .malformedKey(reason: OpenSSLError.takeReason())
    }
    return key
  }

  // MARK: - Checking

  private static func check(
    _ chain: [Certificate], key: OpaquePointer, now: Int64
  ) throws(CertificateFault) {
    defer { OpenSSLError.clear() }
    guard X509_check_private_key(chain[0].pointer, key) == 1 else {
      let owner = chain.firstIndex { X509_check_private_key($0.pointer, key) == 1 }
      throw owner.map { .leafNotFirst(position: $0 + 1) } ?? .mismatch
    }
    for (position, certificate) in zip(1..., chain) {
      if let bits = certificate.rsaBits, bits < 2048 { throw .shortKey(position: position, bits: bits) }
      // Nobody verifies the signature of a root, which every client has of its own.
      if certificate.hasWeakSignature, position == 1 || !certificate.isSelfIssued {
        throw .weakSignature(position: position)
      }
      guard certificate.notAfter > now else {
        throw .expired(position: position, date: Certificate.dateText(certificate.notAfter))
      }
      guard certificate.notBefore <= now else {
        throw .notYetValid(position: position, date: Certificate.dateText(certificate.notBefore))
      }
    }
  }

  private static func warnings(of chain: [Certificate], now: Int64) -> [CertificateWarning] {
    let day: Int64 = 86_400
    let leaf = chain[0]
    var warnings: [CertificateWarning] = []
    let left = Int((leaf.notAfter - now) / day)
    let lifetime = Int((leaf.notAfter - leaf.notBefore) / day)
    // A short certificate is renewed late in its life, and its owner knows.
    if left < min(14, lifetime / 3) { warnings.append(.expiresSoon(days: left)) }
    if !leaf.hasNames { warnings.append(.noNames) }
    if lifetime > 366 { warnings.append(.longLived(days: lifetime)) }
    for (position, pair) in zip(2..., zip(chain, chain.dropFirst())) where !pair.1.hasIssued(pair.0) {
      warnings.append(.brokenChain(position: position))
    }
    return warnings
  }
}
