// What a server's session does with peers that err or attack.

import COpenSSL
import TLS
import Testing

@Suite struct HostileTests {
  private static func server() throws -> TLSSession {
    TLSSession(server: try TLSContext(identities: [TestCertificate().identity()]))
  }

  /// The two octets of an alert in clear (RFC 8446 §6); nil if the last record is none.
  private static func alert(in ciphertext: [UInt8]) -> [UInt8]? {
    ciphertext.count >= 7 && ciphertext[ciphertext.count - 7] == 21 ? Array(ciphertext.suffix(2)) : nil
  }

  @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "\0", "SSH-2.0-OpenSSH_9.2\r\n"])
  func `what is no handshake is recognised by its first octet and not answered`(_ text: String) throws {
    let server = try Self.server()
    let input = server.feed(Array(text.utf8))
    #expect(server.failure == .notTLS)
    #expect(input == TLSSession.Input())
  }

  @Test func `garbage in the shape of a record is refused with an alert`() throws {
    let server = try Self.server()
    let input = server.feed([22, 3, 1, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(server.failure != nil)
    #expect(Self.alert(in: input.ciphertext)?.first == 2)
    #expect(server.feed([22, 3, 1, 0, 1, 1]) == TLSSession.Input(), "nothing more is read")
    #expect(server.shutdown() == [])
  }

  @Test func `TLS 1.1 is refused by its name`() throws {
    let server = try Self.server()
    let hello: [UInt8] =
      [3, 2] + [UInt8](repeating: 7, count: 32) + [0] + [0, 4, 0xC0, 0x13, 0xC0, 0x09] + [1, 0] + [0, 0]
    let message = [1, 0, 0, UInt8(hello.count)] + hello
    let input = server.feed([22, 3, 1, 0, UInt8(message.count)] + message)
    #expect(server.failure == .incompatible(reason: "unsupported protocol"))
    #expect(Self.alert(in: input.ciphertext) == [2, 70])
  }

  @Test func `a handshake that does not end is cut off at 64 KiB`() throws {
    let server = try Self.server()
    // One message of 100,000 octets, of which only some ever come.
    var record: [UInt8] = [22, 3, 1, 0x40, 0] + [1, 0x01, 0x86, 0xA0] + [UInt8](repeating: 0, count: 16_380)
    var fed = 0
    while server.failure == nil, fed < 1 << 20 {
      _ = server.feed(record)
      fed += record.count
      record[5] = 0
    }
    #expect(server.failure == .handshakeTooLong(octets: fed) || fed < 64 * 1024)
    #expect(fed <= 64 * 1024 + record.count)
  }

  @Test(arguments: [TLSVersion.v12, .v13])
  func `a record beyond the maximum is refused`(_ version: TLSVersion) throws {
    let wire = try Wire.open(version...version)
    let length = 16 * 1024 + 2049
    _ = wire.server.feed(
      [23, 3, 3, UInt8(length >> 8), UInt8(length & 255)] + [UInt8](repeating: 0, count: length))
    #expect(wire.server.failure != nil)
  }

  @Test(arguments: [TLSVersion.v12, .v13])
  func `a changed octet ends the session`(_ version: TLSVersion) throws {
    let wire = try Wire.open(version...version)
    var ciphertext = wire.client.write("transfer 100")
    ciphertext[ciphertext.count - 1] ^= 1
    let input = wire.server.feed(ciphertext)
    #expect(input.plaintext.isEmpty)
    #expect(!input.ciphertext.isEmpty, "an alert")
    #expect(wire.server.failure != nil)
    #expect(wire.server.write("answer") == [])
  }

  @Test func `every beginning of a ClientHello leaves the handshake waiting`() throws {
    let certificate = TestCertificate()
    let context = try TLSContext(identities: [certificate.identity()])
    let hello = TLSSession(
      client: try TLSContext(trusting: .certificates(certificate.pem)), name: "localhost"
    )
    .start()
    for length in 1..<hello.count {
      let server = TLSSession(server: context)
      #expect(server.feed(Array(hello[..<length])) == TLSSession.Input())
      #expect(server.state == .handshaking)
      server.endOfTransport()
      #expect(server.failure == .endedInHandshake)
    }
  }

  @Test func `a changed octet anywhere in a ClientHello never opens the session by itself`() throws {
    let certificate = TestCertificate()
    let context = try TLSContext(identities: [certificate.identity()])
    let hello = TLSSession(
      client: try TLSContext(trusting: .certificates(certificate.pem)), name: "localhost"
    )
    .start()
    for place in 1..<hello.count {
      let server = TLSSession(server: context)
      var changed = hello
      changed[place] ^= 0xFF
      _ = server.feed(changed)
      #expect(server.state != .open)
    }
  }

  @Test func `renegotiation is refused and the session goes on`() throws {
    let wire = try Wire.open(.v12 ... .v12)
    SSL_clear_options(wire.client.pointer, SSL_get_options(wire.client.pointer) & (1 << 30))
    #expect(SSL_renegotiate(wire.client.pointer) == 1)
    SSL_do_handshake(wire.client.pointer)
    let hello = wire.client.pendingCiphertext()
    #expect(hello.first == 22, "the client has begun anew")
    let answer = wire.server.feed(hello)
    #expect(answer.ciphertext.first == 21, "no_renegotiation")
    #expect(wire.server.failure == nil)
    #expect(wire.server.write("more").first == 23)
  }

  @Test func `keys may be updated, but not endlessly`() throws {
    let wire = try Wire.open(.v13 ... .v13)
    let start = ContinuousClock.now
    var now = start
    func update(times: Int) {
      for _ in 0..<times where wire.server.failure == nil {
        SSL_key_update(wire.client.pointer, SSL_KEY_UPDATE_NOT_REQUESTED)
        let octets = wire.client.write("x")
        let input = octets.withUnsafeBytes { wire.server.feed($0, now: now) }
        wire.serverRead += input.plaintext
      }
    }
    update(times: 32)
    #expect(wire.server.failure == nil)
    now = start + .seconds(61)
    update(times: 30)
    #expect(wire.server.failure == nil, "another minute")
    #expect(wire.serverRead.count == 62)
    update(times: 5)
    #expect(wire.server.failure == .tooManyHandshakeMessages)
  }

  @Test func `a failure of one session leaves the others of the thread alone`() throws {
    let wire = try Wire.open()
    let broken = try Self.server()
    _ = broken.feed([22, 3, 1, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF])
    wire.toServer(wire.client.write("fine"))
    #expect(wire.serverRead == Array("fine".utf8))
  }
}
