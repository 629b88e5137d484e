// The files with the service's certificates and keys: read together, and recognised when they have changed.

import Glibc
package import TLS

/// Pairs of a certificate chain and its key, by path, in the order of preference.
package struct CertificateFiles: Sendable {
  /// Two files that belong together, each in PEM.
  package struct Pair: Sendable {
    /// The chain, the server's own certificate first.
    package var certificate: String
    /// Its private key.
    package var key: String

    /// Two paths.
    package init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// How a file looks from outside. A link is followed: whoever renews certificates moves links.
  struct Mark: Equatable, Sendable {
    var device: UInt
    var node: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// What was read.
  struct Loaded: Sendable {
    var context: TLSContext
    /// Sentences about what is unwise.
    var warnings: [String]
    /// When each pair's certificates expire, in seconds since 1970, with the file that they are in.
    var expiries: [(file: String, seconds: Int64)]
    /// How the files looked before they were read.
    var marks: [Mark?]
  }

  private let pairs: [Pair]
  private let profile: TLSProfile

  /// At least one pair.
  package init(_ pairs: [Pair], profile: TLSProfile) {
    precondition(!pairs.isEmpty)
    self.pairs = pairs
    self.profile = profile
  }

  /// Reads every pair and checks it as of `now`, in seconds since 1970.
  ///
  /// - Throws: `CommandFailure` with status 2 that names the file and what is wrong with it.
  func load(now: Int64) throws(CommandFailure) -> Loaded {
    let marks = marks()
    var identities: [TLSIdentity] = []
    var warnings: [String] = []
    for pair in pairs {
      let certificates = try Self.read(pair.certificate, "the certificate")
      let key = try Self.read(pair.key, "the key")
      do throws(CertificateFault) {
        let identity = try TLSIdentity(certificates: certificates, key: key, now: now)
        warnings += identity.warnings.map { "\(pair.certificate): \($0)" }
        identities.append(identity)
      } catch {
        throw CommandFailure(
          message: "\(Self.place(of: error, in: pair)): \(error)", status: CommandFailure.usage)
      }
      if Self.isOpenToOthers(pair.key) {
        warnings.append("\(pair.key): others on this machine may read the private key; chmod 600 \(pair.key)")
      }
    }
    do throws(CertificateFault) {
      let context = try TLSContext(identities: identities, profile: profile)
      return Loaded(
        context: context, warnings: warnings,
        expiries: zip(pairs.map(\.certificate), identities.map(\.expiry)).map { ($0, $1) }, marks: marks)
    } catch {
      throw CommandFailure(message: "\(pairs[0].certificate): \(error)", status: CommandFailure.usage)
    }
  }

  /// How the files look now; nil for one that is not there.
  func marks() -> [Mark?] {
    pairs.flatMap { [$0.certificate, $0.key] }.map { path in
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      return Mark(
        device: UInt(facts.st_dev), node: UInt(facts.st_ino), size: Int(facts.st_size),
        seconds: facts.st_mtim.tv_sec, nanoseconds: facts.st_mtim.tv_nsec)
    }
  }

  private static func read(_ path: String, _ purpose: String) throws(CommandFailure) -> [UInt8] {
    do {
      return try readFile(path, purpose: purpose)
    } catch {
      throw CommandFailure(message: error.message, status: CommandFailure.usage)
    }
  }

  /// The file that a fault is in; both where they do not fit.
  private static func place(of fault: CertificateFault, in pair: Pair) -> String {
    switch fault {
    case .noKey, .encryptedKey, .malformedKey: pair.key
    case .mismatch, .leafNotFirst: "\(pair.certificate) and \(pair.key)"
    default: pair.certificate
    }
  }

  private static func isOpenToOthers(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & 0o077 != 0
  }
}
