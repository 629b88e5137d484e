// What can be wrong with a certificate and its key, found when they are loaded and not by the first client.

/// Why a pair of certificate and key cannot be used.
package enum CertificateFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text holds no certificate in PEM.
  case noCertificate
  /// The certificate at this place, from 1, is not one.
  case malformedCertificate(position: Int, reason: String)
  /// The text holds no private key in PEM.
  case noKey
  /// The key is encrypted, and nobody is there to be asked for its passphrase.
  case encryptedKey
  /// The key is not one.
  case malformedKey(reason: String)
  /// The key is that of another certificate.
  case mismatch
  /// The key is that of the certificate at this place, from 1, and the first should be the server's own.
  case leafNotFirst(position: Int)
  /// The certificate at this place, from 1, was valid until then.
  case expired(position: Int, date: String)
  /// The certificate at this place, from 1, is valid from then on.
  case notYetValid(position: Int, date: String)
  /// The RSA key of the certificate at this place, from 1, has so many bits; 2048 are the least.
  case shortKey(position: Int, bits: Int)
  /// The certificate at this place, from 1, is signed over SHA-1 or MD5.
  case weakSignature(position: Int)
  /// The library refuses the pair, in its words.
  case refused(reason: String)

  /// What is wrong and what is right, as a clause.
  package var description: String {
    switch self {
    case .noCertificate: "there is no certificate in PEM (-----BEGIN CERTIFICATE-----)"
    case .malformedCertificate(let position, let reason):
      "\(Self.certificate(position)) cannot be read: \(reason)"
    case .noKey: "there is no private key in PEM (-----BEGIN PRIVATE KEY-----)"
    case .encryptedKey:
      "the private key is encrypted; write it without a passphrase: openssl pkey -in KEY -out NEWKEY"
    case .malformedKey(let reason): "the private key cannot be read: \(reason)"
    case .mismatch: "the private key is not that of the certificate"
    case .leafNotFirst(let position):
      "the private key is that of certificate \(position); the server's own certificate comes first"
    case .expired(let position, let date): "\(Self.certificate(position)) expired at \(date)"
    case .notYetValid(let position, let date): "\(Self.certificate(position)) is valid from \(date) on"
    case .shortKey(let position, let bits):
      "\(Self.certificate(position)) has an RSA key of \(bits) bits; at least 2048 are needed"
    case .weakSignature(let position):
      "\(Self.certificate(position)) is signed over SHA-1 or MD5; SHA-256 is needed"
    case .refused(let reason): "OpenSSL refuses the certificate: \(reason)"
    }
  }

  private static func certificate(_ position: Int) -> String {
    position == 1 ? "the certificate" : "certificate \(position) of the chain"
  }
}

/// What is unwise about a certificate that can be used.
package enum CertificateWarning: Sendable, Hashable, CustomStringConvertible {
  /// So many whole days are left.
  case expiresSoon(days: Int)
  /// Clients look for names where this certificate has none.
  case noNames
  /// The certificate is valid for so many days in all; browsers trust none beyond 398.
  case longLived(days: Int)
  /// The certificate at this place, from 1, did not sign the one before.
  case brokenChain(position: Int)

  /// The warning as a clause.
  package var description: String {
    switch self {
    case .expiresSoon(let days): "the certificate expires in \(days) \(days == 1 ? "day" : "days")"
    case .noNames: "the certificate has no subjectAltName, so that no client accepts it for any name"
    case .longLived(let days): "the certificate is valid for \(days) days; browsers refuse long lifetimes"
    case .brokenChain(let position):
      "certificate \(position) did not sign the one before it; clients may find no way to a root"
    }
  }
}
