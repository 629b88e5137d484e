// What the sessions of a server or a client share: versions, suites, certificates, tickets.

import COpenSSL

/// The settings of sessions, immutable once made. To change a certificate, make another context: new sessions use it,
/// and those that are open keep theirs.
///
/// `@unchecked Sendable`: the library's object is only read after `init`, and its count is atomic.
package final class TLSContext: @unchecked Sendable {
  /// The certificates of a server, the default one first; none for a client.
  package let identities: [TLSIdentity]

  let pointer: OpaquePointer
  let isServer: Bool

  /// Octets of input within which a handshake is complete. A hybrid ClientHello is about 1.8 kB, a chain of a client
  /// is not asked for.
  static let handshakeLimit = 64 * 1024

  /// A server with at least one identity. A client that names a server gets the identity with that name, then one
  /// with a fitting wildcard, then the first; identities of several kinds of keys for one name serve together.
  ///
  /// The key of its session tickets lives in this context alone: make a new one each day, for what a ticket protects
  /// is as safe as its key.
  /// - Throws: `.refused`, for what the system's own policy does not allow.
  package init(
    identities: [TLSIdentity], profile: TLSProfile = .intermediate
  ) throws(CertificateFault) {
    precondition(!identities.isEmpty, "a server has a certificate")
    self.identities = identities
    isServer = true
    pointer = Self.make(TLS_server_method())
    OpenSSLError.clear()
    Self.set(co_set_versions(pointer, profile.leastVersion, 0))
    Self.set(SSL_CTX_set_cipher_list(pointer, TLSProfile.suites))
    Self.set(SSL_CTX_set_ciphersuites(pointer, TLSProfile.suites13))
    Self.set(co_set_groups(pointer, TLSLibrary.groups))
    let name = Array("curvesmith".utf8)
    Self.set(SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count)))
    co_keep_no_sessions(pointer)
    co_speak_http11_alone(pointer)
    for identity in identities.first.map({ Self.company(of: $0, in: identities) }) ?? [] {
      guard SSL_CTX_use_cert_and_key(pointer, identity.leaf, identity.key, identity.stack, 1) == 1 else {
        throw .refused(reason: OpenSSLError.takeReason())
      }
    }
    guard identities.count > 1 else { return }
    // The sessions, which alone call it, hold this context.
    co_choose_by_name(
      pointer,
      { session, _, argument in
        guard let session, let argument else { return SSL_TLSEXT_ERR_NOACK }
        return Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue().choose(for: session)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// A client that believes in `trust`.
  ///
  /// - Parameters:
  ///   - protocols: what it offers to speak, most wanted first (RFC 7301).
  ///   - versions: the versions that it offers.
  ///   - suites: the suites of TLS 1.2 that it offers, in OpenSSL's syntax.
  package init(
    trusting trust: TLSTrust, protocols: [String] = ["http/1.1"],
    versions: ClosedRange<TLSVersion> = .v12 ... .v13, suites: String? = nil
  ) throws(CertificateFault) {
    identities = []
    isServer = false
    pointer = Self.make(TLS_client_method())
    OpenSSLError.clear()
    Self.set(co_set_versions(pointer, versions.lowerBound.number, versions.upperBound.number))
    Self.set(SSL_CTX_set_cipher_list(pointer, suites ?? TLSProfile.suites))
    let names = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    // Of all functions here the only one with 0 for success.
    Self.set(SSL_CTX_set_alpn_protos(pointer, names, UInt32(names.count)) == 0 ? 1 : 0)
    SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    switch trust {
    case .system:
      // A machine without roots trusts nobody, which the handshake will say.
      SSL_CTX_set_default_verify_paths(pointer)
    case .certificates(let text):
      let store = SSL_CTX_get_cert_store(pointer)
      for certificate in try Certificate.readAll(text) { X509_STORE_add_cert(store, certificate.pointer) }
      // A certificate that is trusted by itself needs no root above it.
      X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }
  }

  deinit { SSL_CTX_free(pointer) }

  // MARK: - Making one

  private static func make(_ method: OpaquePointer?) -> OpaquePointer {
    guard let context = SSL_CTX_new(method) else { fatalError("OpenSSL cannot make a context: no memory") }
    co_set_modes_and_options(context)
    return context
  }

  /// For settings that are ours and fail only where the library is not the one we know.
  private static func set(_ outcome: Int32) {
    precondition(outcome == 1, "OpenSSL refuses a setting: \(OpenSSLError.takeReason())")
  }

  // MARK: - Choosing a certificate

  /// Gives the session the identities for the name that its client wants.
  private func choose(for session: OpaquePointer) -> Int32 {
    guard let text = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name),
      let chosen = identity(for: String(cString: text))
    else { return SSL_TLSEXT_ERR_NOACK }
    if chosen !== identities[0] {
      SSL_certs_clear(session)
      for identity in Self.company(of: chosen, in: identities) {
        SSL_use_cert_and_key(session, identity.leaf, identity.key, identity.stack, 1)
      }
    }
    return SSL_TLSEXT_ERR_OK
  }

  /// The identity with this name, else one with a fitting wildcard.
  private func identity(for host: String) -> TLSIdentity? {
    let fits = identities.map { $0.chain[0].fit(for: host) }
    return (fits.firstIndex(of: .exact) ?? fits.firstIndex(of: .wildcard)).map { identities[$0] }
  }

  /// The identity and those for the same names with another kind of key.
  private static func company(of first: TLSIdentity, in all: [TLSIdentity]) -> [TLSIdentity] {
    var kinds = [first.keyKind]
    var company = [first]
    for other in all where other.names == first.names && !kinds.contains(other.keyKind) {
      kinds.append(other.keyKind)
      company.append(other)
    }
    return company
  }
}

/// Whose certificates a client believes.
package enum TLSTrust: Sendable {
  /// Those of the roots that the system keeps.
  case system
  /// These certificates in PEM, and those that they have signed.
  case certificates([UInt8])
}

/// A version of the protocol that is still spoken.
package enum TLSVersion: Sendable, Comparable {
  case v12, v13

  var number: Int32 {
    switch self {
    case .v12: TLS1_2_VERSION
    case .v13: TLS1_3_VERSION
    }
  }
}
