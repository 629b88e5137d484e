// HTTPS over real sockets: what holds in clear holds with TLS, and what TLS adds at the beginning and the end.

import Glibc
import HTTP
import HTTPTypes
import Net
import Server
import TLS
import Telemetry
import Testing

/// Ends after some pieces, well or not.
private struct Ending: ContentProducer {
  struct Failure: Error {}

  let fails: Bool
  let pieces = Record<Int>()

  func next() async throws -> [UInt8]? {
    if pieces.all.count == 3 {
      if fails { throw Failure() }
      return nil
    }
    pieces.add(1)
    return Array("piece".utf8)
  }
}

@Suite(.timeLimit(.minutes(10))) struct SecureTests {
  private func serve(
    _ responder: TestResponder = .path, _ configuration: ServerConfiguration = .with { _ in },
    _ body: @escaping @Sendable (_ port: Int, _ trust: TLSTrust) throws -> Void
  ) async throws {
    let secured = Secured()
    let trust = secured.trust
    try await withServer(responder, configuration, security: secured.context()) { _, port in
      try await onThread { try body(port, trust) }
    }
  }

  @Test func `pipelined requests are answered in order, and the end is said`() async throws {
    try await serve { port, trust in
      let client = try Client(port: port, trusting: trust)
      let requests = (0..<200).map { "GET /\($0) HTTP/1.1\r\nHost: test\r\n\r\n" }
      try client.send(requests.joined() + "GET /last HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
      for index in 0..<200 { #expect(try client.reply()?.text == "/\(index)") }
      #expect(try client.reply()?.text == "/last")
      #expect(try client.reply() == nil)
      #expect(client.session?.inputHasEnded == true)
      #expect(client.session?.hasTruncatedInput == false, "close_notify came first (RFC 9112 §9.8)")
    }
  }

  @Test func `10 MB go up and come down unchanged, while others are served although the reader is slow`()
    async throws
  {
    let body = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    try await serve(.echo) { port, trust in
      let slow = try Client(port: port, receiveBuffer: 65_536, trusting: trust)
      try slow.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\r\n")
      try slow.send(body)
      let other = try Client(port: port, trusting: trust)
      for _ in 0..<20 { #expect(try other.post("/", [1, 2, 3])?.body == [1, 2, 3]) }
      #expect(try slow.reply()?.body == body)
    }
  }

  /// One or more requests of each kind, whose last one ends the connection.
  private static let conversations = [
    "GET /a HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
    "\r\nGET /a?b=%20 HTTP/1.1\r\nHost: test\r\n\r\nGET /b HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=\"y\"\r\nabc\r\n0\r\nX: y\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nhi",
    "OPTIONS * HTTP/1.0\r\n\r\n", "POST /refuse HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
    "GET /a HTTP/1.1\r\n\r\n", "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET  /a HTTP/1.1\r\nHost: test\r\n\r\n",
    "GET /a HTTP/2.0\r\nHost: test\r\n\r\n", "GET /a HTTP/1.1\nHost: test\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost : test\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n", "GET /../a HTTP/1.1\r\nHost: test\r\n\r\n",
  ]

  @Test(arguments: conversations)
  func `records of one octet each get the answers that the whole gets`(
    _ conversation: String
  ) async throws {
    /// What comes back but for the identifiers of the requests.
    @Sendable func answers(_ port: Int, _ trust: TLSTrust?, byOctet: Bool) throws -> [Reply] {
      let client = try Client(port: port, trusting: trust)
      if byOctet {
        // The server may have ended the connection before the last of them.
        for octet in conversation.utf8 { try? client.send([octet]) }
      } else {
        try client.send(conversation)
      }
      var replies: [Reply] = []
      while var reply = try client.reply() {
        reply.fields["x-request-id"] = nil
        replies.append(reply)
      }
      return replies
    }
    let secured = Secured()
    let trust = secured.trust
    try await withServer(.path, .with { _ in }, security: secured.context()) { _, port in
      try await onThread {
        let whole = try answers(port, trust, byOctet: false)
        let single = try answers(port, trust, byOctet: true)
        // A client whose content is on its way need not be asked for it.
        #expect(single.filter { $0.status >= 200 } == whole.filter { $0.status >= 200 })
        #expect(!whole.isEmpty)
      }
    }
  }

  @Test func `a target may be of https or http, as a proxy passes it on, and of nothing else`() async throws {
    try await serve { port, trust in
      let client = try Client(port: port, trusting: trust)
      try client.send("GET https://test/secure HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(try client.reply()?.text == "/secure")
      try client.send("GET http://test/clear HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(try client.reply()?.text == "/clear")
      try client.send("GET ftp://test/other HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(try client.reply()?.status == 421)
    }
  }

  @Test func `a client that has said its last word still gets its answer`() async throws {
    try await serve { port, trust in
      let client = try Client(port: port, trusting: trust)
      try client.send("GET /answer HTTP/1.1\r\nHost: test\r\n\r\n")
      try client.shutdown()
      #expect(try client.reply()?.text == "/answer")
      #expect(try client.reply() == nil)
      #expect(client.session?.hasTruncatedInput == false)
    }
  }

  @Test(arguments: [false, true])
  func `a body that breaks off is not said to be whole`(_ fails: Bool) async throws {
    let responder = TestResponder { _ in
      Response(status: .ok, body: .stream(ContentStream(Ending(fails: fails))))
    }
    try await serve(responder) { port, trust in
      let client = try Client(port: port, trusting: trust)
      // Without chunks the end of the connection is the end of the content: only TLS tells whole from broken.
      try client.send("GET / HTTP/1.0\r\nHost: test\r\n\r\n")
      #expect(try client.head() == 200)
      #expect(try client.rest() == Array("piecepiecepiece".utf8))
      #expect(client.session?.hasTruncatedInput == fails)
    }
  }

  // MARK: - The beginning

  @Test func `a request in clear is answered in clear that the port speaks https`() async throws {
    try await serve { port, _ in
      for pieces in [
        ["GET / HTTP/1.1\r\nHost: test\r\n\r\n"], ["P", "OST", " / HTTP/1.1\r\nHost: test\r\n\r\n"],
      ] {
        let client = try Client(port: port)
        for piece in pieces { try client.send(piece) }
        let reply = try #require(try client.reply())
        #expect(reply.status == 400)
        #expect(reply.text == "https_expected")
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test(arguments: ["\0\0\0\0", "get / HTTP/1.1\r\n\r\n", "AAAAAAAAAAAAAAAAAAAAAAAA", "EHLO\r\n"])
  func `what is neither TLS nor HTTP is closed without an answer`(_ text: String) async throws {
    try await serve { port, _ in
      let client = try Client(port: port)
      try client.send(text)
      #expect(try client.reply() == nil)
    }
  }

  @Test func `a handshake that fails is answered with an alert`() async throws {
    try await serve { port, _ in
      let connection = try BlockingConnection(
        to: SocketAddress(host: .v4(0x7F00_0001), port: UInt16(port)), timeout: .seconds(50))
      try connection.send([22, 3, 1, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF])
      let answer = try connection.receiveAll(limit: 100)
      #expect(answer.first == 21 && answer.count == 7)
    }
  }

  @Test(arguments: [[], [22, 3, 1]] as [[UInt8]])
  func `a handshake has its time`(_ beginning: [UInt8]) async throws {
    try await serve(.path, .with { $0.handshakeTimeout = 0.05 }) { port, _ in
      let client = try Client(port: port)
      try client.send(beginning)
      #expect(try client.reply() == nil)
    }
  }

  @Test func `the time of the handshake ends with it`() async throws {
    let configuration = ServerConfiguration.with {
      $0.handshakeTimeout = 0.5
      $0.timeouts.idle = 1
    }
    try await serve(.path, configuration) { port, trust in
      let client = try Client(port: port, trusting: trust)
      #expect(try client.get("/")?.status == 200)
      // The server says the end after the idle time and not before.
      let began = ContinuousClock.now
      #expect(try client.reply() == nil)
      #expect(began.duration(to: .now) > .milliseconds(900))
      #expect(client.session?.hasTruncatedInput == false)
    }
  }

  @Test func `aborted handshakes leave the server as it was`() async throws {
    try await serve(.path, .with { $0.maximumConnections = 20 }) { port, trust in
      for index in 0..<200 {
        let client = try Client(port: port)
        if index % 2 == 0 { try client.send([22, 3, 1, 2, 0, 1, 0, 1, 0xFC]) }
        if index % 4 < 2 { try client.resetAtEnd() }
      }
      // Each of them counted against 20, for as long as it was there.
      #expect(try Client(port: port, trusting: trust).get("/")?.status == 200)
    }
  }

  // MARK: - The server's certificates and listeners

  @Test func `new connections get the new certificate, and old ones go on`() async throws {
    let (old, new) = (Secured(), Secured())
    try await withServer(security: old.context()) { server, port in
      let (oldTrust, newTrust) = (old.trust, new.trust)
      let before = try await onThread { try Held(Client(port: port, trusting: oldTrust)) }
      try server.use(new.context())
      try await onThread { () throws in
        #expect(try Client(port: port, trusting: newTrust).get("/")?.status == 200)
        #expect(throws: TLSFailure.self) { try Client(port: port, trusting: oldTrust) }
        #expect(try before.client.get("/old")?.text == "/old")
      }
    }
  }

  @Test func `a listener in clear stands beside the one with TLS`() async throws {
    let secured = Secured()
    let server = HTTPServer(
      configuration: .with { $0.plainPort = 0 }, responder: TestResponder.path, clock: FixedClock(),
      log: .silent, security: try secured.context())
    let (address, plain) = try server.start()
    let plainPort = try #require(plain?.port)
    let trust = secured.trust
    try await onThread { () throws in
      #expect(try Client(port: address.port, trusting: trust).get("/a")?.text == "/a")
      #expect(try Client(port: plainPort).get("/b")?.text == "/b")
    }
    await server.shutdown(grace: 30)
  }

  @Test func `the end of the service is said to whoever is connected`() async throws {
    let secured = Secured()
    let trust = secured.trust
    try await withServer(security: secured.context()) { server, port in
      let idle = try await onThread {
        let client = try Client(port: port, trusting: trust)
        #expect(try client.get("/")?.status == 200)
        return Held(client)
      }
      let silent = try await onThread { try Held(Client(port: port)) }
      async let stopped: Void = server.shutdown(grace: 30)
      try await onThread { () throws in
        #expect(try idle.client.reply() == nil)
        #expect(idle.client.session?.hasTruncatedInput == false)
        #expect(try silent.client.reply() == nil)
      }
      await stopped
    }
  }
}

/// A client between two threads, of which one at a time uses it.
private struct Held: @unchecked Sendable {
  let client: Client

  init(_ client: Client) { self.client = client }
}
