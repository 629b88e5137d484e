// Certificates: faults that are found at loading, the choice by name, and those that sign themselves.

import TLS
import Testing

@Suite struct CertificateTests {
  private func load(_ certificates: [UInt8], _ key: [UInt8]) throws(CertificateFault) -> TLSIdentity {
    try TLSIdentity(certificates: certificates, key: key, now: TestCertificate.now)
  }

  private func fault(_ certificates: [UInt8], _ key: [UInt8]) -> CertificateFault? {
    do throws(CertificateFault) {
      _ = try load(certificates, key)
      return nil
    } catch { return error }
  }

  // MARK: - Faults

  @Test func `a pair without fault loads without warning`() throws {
    let certificate = TestCertificate()
    #expect(try load(certificate.pem, certificate.keyPEM).warnings == [])
    #expect(try load(certificate.pem, certificate.keyPEM).expiry == TestCertificate.now + 90 * 86_400)
  }

  @Test func `texts without certificate or key are told apart from broken ones`() {
    let good = TestCertificate()
    let text = Array("hello\n".utf8)
    #expect(fault(text, good.keyPEM) == .noCertificate)
    #expect(fault([], good.keyPEM) == .noCertificate)
    #expect(fault(good.pem, text) == .noKey)
    #expect(fault(good.pem, good.pem) == .noKey)
    let cut = good.pem.prefix(good.pem.count / 2) + Array("\n-----END CERTIFICATE-----\n".utf8)
    guard case .malformedCertificate(position: 2, _) = fault(good.pem + cut, good.keyPEM) else {
      Issue.record("the second certificate is cut")
      return
    }
    let broken = Array("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".utf8)
    guard case .malformedKey = fault(good.pem, broken) else {
      Issue.record("the key is broken")
      return
    }
  }

  @Test func `an encrypted key is named so`() {
    let good = TestCertificate()
    #expect(fault(good.pem, good.encryptedKeyPEM) == .encryptedKey)
  }

  @Test func `a key of another certificate is a mismatch, of a later one a wrong order`() {
    let authority = TestCertificate(.init(isAuthority: true))
    let server = TestCertificate(issuer: authority)
    #expect(fault(server.pem, TestCertificate().keyPEM) == .mismatch)
    #expect(fault(authority.pem + server.pem, server.keyPEM) == .leafNotFirst(position: 2))
    #expect(fault(server.pem + authority.pem, server.keyPEM) == nil)
  }

  @Test func `dates are judged by the given time`() throws {
    let certificate = TestCertificate(.init(validity: 1_000_000_000...1_002_000_000))
    let load = { (now: Int64) throws(CertificateFault) in
      _ = try TLSIdentity(certificates: certificate.pem, key: certificate.keyPEM, now: now)
    }
    #expect(throws: CertificateFault.notYetValid(position: 1, date: "2001-09-09 01:46:40 UTC")) {
      try load(999_999_999)
    }
    try load(1_000_000_000)
    try load(1_001_999_999)
    #expect(throws: CertificateFault.expired(position: 1, date: "2001-10-02 05:20:00 UTC")) {
      try load(1_002_000_000)
    }
  }

  @Test func `short keys and weak signatures are refused anywhere in the chain`() {
    let short = TestCertificate(.init(rsaBits: 1024))
    #expect(fault(short.pem, short.keyPEM) == .shortKey(position: 1, bits: 1024))
    let enough = TestCertificate(.init(rsaBits: 2048))
    #expect(fault(enough.pem, enough.keyPEM) == nil)
    let weak = TestCertificate(.init(usesSHA1: true))
    #expect(fault(weak.pem, weak.keyPEM) == .weakSignature(position: 1))

    let shortAuthority = TestCertificate(.init(rsaBits: 1024, isAuthority: true))
    let below = TestCertificate(issuer: shortAuthority)
    #expect(fault(below.pem + shortAuthority.pem, below.keyPEM) == .shortKey(position: 2, bits: 1024))
    let root = TestCertificate(.init(isAuthority: true, usesSHA1: true))
    let middle = TestCertificate(.init(isAuthority: true, usesSHA1: true), issuer: root)
    let leaf = TestCertificate(issuer: middle)
    #expect(fault(leaf.pem + middle.pem, leaf.keyPEM) == .weakSignature(position: 2))
    let direct = TestCertificate(issuer: root)
    #expect(fault(direct.pem + root.pem, direct.keyPEM) == nil, "nobody verifies a root's own signature")
  }

  @Test func `every fault is a clause that names what is wrong`() {
    let faults: [CertificateFault] = [
      .noCertificate, .noKey, .encryptedKey, .mismatch, .leafNotFirst(position: 2),
      .shortKey(position: 2, bits: 1024), .weakSignature(position: 1),
    ]
    #expect(Set(faults.map(\.description)).count == faults.count)
    #expect(
      CertificateFault.shortKey(position: 2, bits: 1024).description
        == "certificate 2 of the chain has an RSA key of 1024 bits; at least 2048 are needed")
  }

  // MARK: - Warnings

  @Test func `what is unwise is said`() throws {
    let now = TestCertificate.now
    func warnings(_ recipe: TestCertificate.Recipe) throws -> [CertificateWarning] {
      let certificate = TestCertificate(recipe)
      return try load(certificate.pem, certificate.keyPEM).warnings
    }
    #expect(
      try warnings(.init(validity: (now - 80 * 86_400)...(now + 10 * 86_400 + 60))) == [
        .expiresSoon(days: 10)
      ])
    #expect(try warnings(.init(names: [])) == [.noNames])
    #expect(try warnings(.init(validity: now...(now + 1000 * 86_400))) == [.longLived(days: 1000)])
    #expect(try warnings(.init(validity: now...(now + 6 * 86_400))) == [], "as short as its owner wants it")
    let server = TestCertificate()
    let stranger = TestCertificate(.init(isAuthority: true))
    #expect(try load(server.pem + stranger.pem, server.keyPEM).warnings == [.brokenChain(position: 2)])
  }

  // MARK: - The choice by name

  @Test(arguments: [
    ("a.example.org", 1), ("A.EXAMPLE.ORG", 1), ("b.example.org", 2), ("x.b.example.org", 0),
    ("example.org", 0), ("localhost", 0), ("unknown.test", 0),
  ])
  func `the certificate is the one with the name, then with a wildcard, then the first`(
    _ name: String, _ expected: Int
  ) throws {
    let certificates = [["localhost"], ["a.example.org"], ["*.example.org"]].map {
      TestCertificate(.init(names: $0))
    }
    let server = try TLSContext(identities: [
      certificates[0].identity(), certificates[2].identity(), certificates[1].identity(),
    ])
    for (index, certificate) in certificates.enumerated() {
      // Trusts one certificate alone, and asks for the name without checking the certificate's.
      let wire = Wire(try TLSContext(trusting: .certificates(certificate.pem)), server, name: nil)
      wire.client.want(name)
      wire.shakeHands()
      #expect((wire.client.state == .open) == (index == expected), "certificate \(index)")
    }
  }

  @Test func `keys of two kinds for one name serve together`() throws {
    let curve = TestCertificate()
    let rsa = TestCertificate(.init(rsaBits: 2048))
    let server = try TLSContext(identities: [curve.identity(), rsa.identity()])
    for (suite, certificate) in [
      ("ECDHE-ECDSA-AES128-GCM-SHA256", curve), ("ECDHE-RSA-AES128-GCM-SHA256", rsa),
    ] {
      let trust = TLSTrust.certificates(certificate.pem)
      let wire = Wire(try TLSContext(trusting: trust, versions: .v12 ... .v12, suites: suite), server)
      wire.shakeHands()
      #expect(wire.client.state == .open)
      #expect(wire.server.suite == suite)
    }
  }

  // MARK: - Trust

  @Test(arguments: ["localhost", "127.0.0.1", "::1"])
  func `a certificate of one's own is good for this machine`(_ name: String) throws {
    let own = SelfSignedCertificate(now: TestCertificate.now)
    let identity = try TLSIdentity(certificates: own.certificate, key: own.key, now: TestCertificate.now)
    #expect(identity.warnings == [])
    #expect(identity.expiry == TestCertificate.now + 90 * 86_400)
    let server = try TLSContext(identities: [identity])
    let wire = Wire(try TLSContext(trusting: .certificates(own.certificate)), server, name: name)
    wire.shakeHands()
    #expect(wire.client.state == .open)
    #expect(own.fingerprint.count == 32 * 3 - 1)
  }

  @Test func `a client refuses other names, and certificates that nobody has vouched for`() throws {
    let own = SelfSignedCertificate(now: TestCertificate.now)
    let identity = try TLSIdentity(certificates: own.certificate, key: own.key, now: TestCertificate.now)
    let server = try TLSContext(identities: [identity])
    for (trust, name, reason) in [
      (TLSTrust.certificates(own.certificate), "example.org", "hostname mismatch"),
      (.certificates(own.certificate), "127.0.0.2", "IP address mismatch"),
      (.certificates(TestCertificate().pem), "localhost", "self-signed certificate"),
      (.system, "localhost", "self-signed certificate"),
    ] {
      let wire = Wire(try TLSContext(trusting: trust), server, name: name)
      wire.shakeHands()
      #expect(wire.client.failure == .untrusted(reason: reason))
      #expect(wire.server.failure != nil, "it was told by an alert")
    }
  }

  @Test func `a chain leads to a root that is trusted`() throws {
    let root = TestCertificate(.init(isAuthority: true))
    let middle = TestCertificate(.init(isAuthority: true), issuer: root)
    let leaf = TestCertificate(issuer: middle)
    let client = try TLSContext(trusting: .certificates(root.pem))
    let whole = Wire(client, try TLSContext(identities: [load(leaf.pem + middle.pem, leaf.keyPEM)]))
    whole.shakeHands()
    #expect(whole.client.state == .open)
    let alone = Wire(client, try TLSContext(identities: [load(leaf.pem, leaf.keyPEM)]))
    alone.shakeHands()
    #expect(alone.client.failure == .untrusted(reason: "unable to get local issuer certificate"))
  }
}
