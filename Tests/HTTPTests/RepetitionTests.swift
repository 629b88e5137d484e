// Answers that are given again: the client cannot tell, and nothing is given again that would be answered otherwise.

import HTTP
import HTTPTypes
import Testing

@Suite struct RepetitionTests {
  private static let request = "GET /a HTTP/1.1~Host: h~~"

  private func peer(
    limits: ConnectionLimits = ConnectionLimits(), repeats: Bool = true,
    holds: @escaping @Sendable () -> Bool = { true }
  ) -> Peer {
    var peer = Peer(limits: limits, responder: Echo(holds: holds))
    peer.repeats = repeats
    return peer
  }

  @Test(arguments: validFixtures)
  func `a request that is sent again and again is answered as if each were the first`(
    _ fixture: ParserFixture
  ) {
    var (asked, repeated) = (peer(repeats: false), peer())
    for _ in 0..<4 {
      asked.send(fixture.input)
      repeated.send(fixture.input)
    }
    #expect(text(repeated.received) == text(asked.received))
    #expect(repeated.exchanges == asked.exchanges)
    #expect(repeated.timers == asked.timers)
    #expect(repeated.isEnding == asked.isEnding)
  }

  @Test(arguments: 0..<8)
  func `whatever is sent before and after, in whatever portions, the octets that come back are the same`(
    _ seed: Int
  ) {
    // Mostly what may be given again.
    let parts =
      Array(repeating: Self.request, count: 40) + [
        "GET /b HTTP/1.1~Host: h~X-Request-Id: mine~~", "~~", "~",
        "HEAD /a HTTP/1.1~Host: h~~", "GET /a HTTP/1.0~Connection: keep-alive~~", "GET /a HTTP/1.1~Ho",
        "st: h~~",
        "POST /a HTTP/1.1~Host: h~Content-Length: 2~~hi", "GET /missing HTTP/1.1~Host: h~~",
        Self.request + Self.request, "GET /a HTTP/1.1~Host: h~Content-Length: 1~~", "x",
      ]
    var random = SeededGenerator(seed: UInt64(seed) &+ 5000)
    var repetitions = 0
    for _ in 0..<100 {
      var limits = ConnectionLimits()
      limits.keepAliveRequests = Int.random(in: 3...40, using: &random)
      var (asked, repeated) = (peer(limits: limits, repeats: false), peer(limits: limits))
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        let portion = octets(parts.randomElement(using: &random) ?? "")
        asked.receive(portion)
        repeated.receive(portion)
        #expect(repeated.timers == asked.timers)
      }
      #expect(text(repeated.received) == text(asked.received))
      #expect(repeated.exchanges == asked.exchanges)
      #expect(repeated.isEnding == asked.isEnding)
      repetitions += repeated.repetitions
    }
    #expect(repetitions > 100)
  }

  @Test(arguments: [
    "POST /a HTTP/1.1~Host: h~Content-Length: 2~~hi", "GET /a HTTP/1.1~Host: h~Connection: close~~",
    "GET /a HTTP/1.0~~", "GET /missing HTTP/1.1~Host: h~~",
    "GET / HTTP/1.1~Host: h~~GET / HTTP/1.1~Host: h~~",
    "GET /\(String(repeating: "a", count: 2048)) HTTP/1.1~Host: h~~",
  ])
  func `it is not remembered with content, at the end, refused, in company or when it is long`(
    _ request: String
  ) {
    var peer = peer()
    peer.send(request)
    #expect(peer.remembered.isEmpty)
  }

  @Test func `it is not remembered in parts, and not without the responder's word`() {
    var parts = peer()
    parts.send("GET /a HTTP/1.1~")
    parts.send("Host: h~~")
    #expect(parts.exchanges.count == 1 && parts.remembered.isEmpty)
    var silent = Peer()
    silent.send(Self.request)
    #expect(silent.exchanges.count == 1 && silent.remembered.isEmpty)
  }

  @Test func `what does not hold any more is asked anew`() {
    var peer = peer(holds: { false })
    for _ in 0..<3 { peer.send(Self.request) }
    #expect(peer.repetitions == 0 && peer.exchanges.count == 3)
  }

  @Test func `a client that does not read has the time of any answer, and the next request waits`() {
    var peer = peer()
    peer.send(Self.request)
    peer.takesWrites = false
    peer.send(Self.request)
    #expect(peer.repetitions == 1)
    #expect(peer.timers == [.writeStall: ConnectionTimeouts().writeStall])
    peer.send(Self.request)
    #expect(peer.exchanges.count == 2)
    peer.takesWrites = true
    peer.flush()
    #expect(peer.exchanges.count == 3)
    #expect(peer.responses == Array(repeating: "200 GET /a ", count: 3))
  }

  @Test func `the last request of a connection, and one during a drain, are asked and told of the end`() {
    var limits = ConnectionLimits()
    limits.keepAliveRequests = 3
    var peer = peer(limits: limits)
    for _ in 0..<3 { peer.send(Self.request) }
    #expect(peer.responses == ["200 GET /a ", "200 GET /a ", "200! GET /a "])
    #expect(peer.isHalfClosed)
  }

  @Test func `the date and the identifier are renewed, and nothing else`() throws {
    var machine = ServerConnection(
      responder: Echo(holds: { true }), makeRequestID: { "0123456789abcdef0123456789abcdef" })
    _ = machine.on(.opened, date: Peer.date)
    var (actions, answers) = (
      machine.on(.received(octets(Self.request)), date: Peer.date), [RepeatableAnswer]()
    )
    for action in actions {
      guard case .respond(let request, _) = action else { continue }
      actions = machine.on(.responded(Echo(holds: { true }).answer(request)), date: Peer.date)
    }
    for action in actions { if case .remember(let answer) = action { answers.append(answer) } }
    var answer = try #require(answers.first)
    let before = text(answer.head)
    answer.renew(date: "Mon, 07 Nov 1994 09:00:00 GMT") {
      $0.copyBytes(from: octets(String(repeating: "f", count: 32)))
    }
    let wanted = before.replacing(Peer.date, with: "Mon, 07 Nov 1994 09:00:00 GMT")
      .replacing("0123456789abcdef0123456789abcdef", with: String(repeating: "f", count: 32))
    #expect(text(answer.head) == wanted && wanted != before)
    #expect(answer.renewedExchange.requestID == String(repeating: "f", count: 32))
    #expect(answer.renewedExchange.sent == answer.exchange.sent)
  }
}
