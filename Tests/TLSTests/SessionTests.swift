// Sessions as a server has them: handshakes, octets both ways, and the end.

import COpenSSL
import TLS
import Testing

@Suite struct SessionTests {
  @Test(arguments: [TLSVersion.v12, .v13], Cut.allCases)
  func `octets pass both ways however they are cut`(_ version: TLSVersion, _ cut: Cut) throws {
    let wire = try Wire.open(version...version, cut: cut)
    #expect(wire.server.version == (version == .v12 ? "TLSv1.2" : "TLSv1.3"))
    let sent = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    wire.toServer(wire.client.write(sent))
    wire.toClient(wire.server.write(sent.reversed()))
    #expect(wire.serverRead == sent)
    #expect(wire.clientRead == sent.reversed())
  }

  @Test func `a request that comes with the end of the handshake is read`() throws {
    let certificate = TestCertificate()
    let wire = Wire(
      try TLSContext(trusting: .certificates(certificate.pem)),
      try TLSContext(identities: [certificate.identity()]))
    let flight = wire.server.feed(wire.client.start()).ciphertext
    let finished = wire.client.feed(flight).ciphertext
    let input = wire.server.feed(finished + wire.client.write("GET"))
    #expect(wire.server.state == .open)
    #expect(input.plaintext == Array("GET".utf8))
  }

  @Test func `a record has at most 16 KiB of plaintext`() throws {
    let wire = try Wire.open()
    let ciphertext = wire.server.write([UInt8](repeating: 7, count: 100_000))
    var place = 0
    while place < ciphertext.count {
      let length = Int(ciphertext[place + 3]) << 8 + Int(ciphertext[place + 4])
      #expect(length <= 16 * 1024 + 256)
      place += 5 + length
    }
    #expect(place == ciphertext.count)
  }

  // MARK: - What is settled

  @Test func `http 1.1 is agreed upon among other protocols`() throws {
    let wire = try offering(["h2", "http/1.1"])
    #expect(wire.server.applicationProtocol == "http/1.1")
    #expect(wire.client.applicationProtocol == "http/1.1")
  }

  @Test func `a client that offers no protocol is served`() throws {
    let wire = try offering([])
    #expect(wire.server.state == .open)
    #expect(wire.server.applicationProtocol == nil)
  }

  @Test(arguments: [["h2"], ["h2", "http/1.0"], ["http/1.11"]])
  func `a client without http 1.1 is refused`(_ protocols: [String]) throws {
    let wire = try offering(protocols)
    #expect(wire.server.failure == .incompatible(reason: "no application protocol"))
    #expect(wire.client.failure != nil, "the alert has reached it")
  }

  private func offering(_ protocols: [String]) throws -> Wire {
    let certificate = TestCertificate()
    let wire = Wire(
      try TLSContext(trusting: .certificates(certificate.pem), protocols: protocols),
      try TLSContext(identities: [certificate.identity()]))
    wire.shakeHands()
    return wire
  }

  @Test func `the modern profile speaks TLS 1.3 alone`() throws {
    let certificate = TestCertificate()
    let server = try TLSContext(identities: [certificate.identity()], profile: .modern)
    let trust = TLSTrust.certificates(certificate.pem)
    let old = Wire(try TLSContext(trusting: trust, versions: .v12 ... .v12), server)
    old.shakeHands()
    #expect(old.server.failure == .incompatible(reason: "unsupported protocol"))
    let new = Wire(try TLSContext(trusting: trust), server)
    new.shakeHands()
    #expect(new.server.version == "TLSv1.3")
  }

  @Test func `suites without forward secrecy are refused`() throws {
    let certificate = TestCertificate(.init(rsaBits: 2048))
    let wire = Wire(
      try TLSContext(
        trusting: .certificates(certificate.pem), versions: .v12 ... .v12, suites: "AES128-GCM-SHA256"),
      try TLSContext(identities: [certificate.identity()]))
    wire.shakeHands()
    #expect(wire.server.failure == .incompatible(reason: "no shared cipher"))
  }

  @Test(arguments: [TLSVersion.v12, .v13])
  func `a ticket resumes a session`(_ version: TLSVersion) throws {
    let certificate = TestCertificate()
    let client = try TLSContext(trusting: .certificates(certificate.pem), versions: version...version)
    let server = try TLSContext(identities: [certificate.identity()])
    let first = Wire(client, server)
    first.shakeHands()
    #expect(!first.server.isResumed)
    let ticket = SSL_get1_session(first.client.pointer)
    defer { SSL_SESSION_free(ticket) }

    let second = Wire(client, server)
    SSL_set_session(second.client.pointer, ticket)
    second.shakeHands()
    #expect(second.server.state == .open)
    #expect(second.server.isResumed)

    let other = Wire(client, try TLSContext(identities: [certificate.identity()]))
    SSL_set_session(other.client.pointer, ticket)
    other.shakeHands()
    #expect(other.server.state == .open)
    #expect(!other.server.isResumed, "another context has another key")
  }

  // MARK: - The end

  @Test(arguments: [TLSVersion.v12, .v13])
  func `each side says by itself that it will write no more`(_ version: TLSVersion) throws {
    let wire = try Wire.open(version...version)
    wire.toServer(wire.client.shutdown())
    #expect(wire.server.inputHasEnded)
    #expect(wire.server.state == .open)
    if version == .v13 {
      // Since TLS 1.3 the other direction goes on (RFC 8446 §6.1).
      wire.toClient(wire.server.write("still here"))
      #expect(wire.clientRead == Array("still here".utf8))
    }
    wire.toClient(wire.server.shutdown())
    #expect(wire.client.inputHasEnded)
    #expect(!wire.client.hasTruncatedInput)
    #expect(wire.server.shutdown() == [])
  }

  @Test func `what arrives after our own end is read`() throws {
    let wire = try Wire.open()
    let end = wire.server.shutdown()
    wire.toServer(wire.client.write("late"))
    #expect(wire.serverRead == Array("late".utf8))
    #expect(wire.server.state == .closing)
    wire.toClient(end)
    #expect(wire.server.write("nothing") == [])
  }

  @Test func `the end of the connection without close_notify is seen`() throws {
    let wire = try Wire.open()
    wire.client.endOfTransport()
    #expect(wire.client.inputHasEnded)
    #expect(wire.client.hasTruncatedInput)
    let early = TLSSession(server: try TLSContext(identities: [TestCertificate().identity()]))
    early.endOfTransport()
    #expect(early.failure == .endedInHandshake)
    #expect(early.shutdown() == [])
  }
}
