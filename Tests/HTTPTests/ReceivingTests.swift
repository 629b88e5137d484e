// Bodies that go to a sink while they arrive, without a socket.

import HTTP
import HTTPTypes
import Testing

private struct Full: Error, CustomStringConvertible {
  var description: String { "full" }
}

@Suite struct ReceivingTests {
  private let sink = Gathering()
  private let timeouts = ConnectionTimeouts()

  /// A peer whose sink gets what is longer than 10 octets, and that reads on while at most 40 are not taken.
  private func peer(maximumBody: Int = 1000, drain: Int = 50, answersAtOnce: Bool = true) -> Peer {
    var limits = ConnectionLimits()
    (limits.delivery, limits.undelivered, limits.readAhead, limits.drain) = (10, 40, 40, drain)
    return Peer(
      limits: limits, responder: Echo(maximumBody: maximumBody, sink: sink), answersAtOnce: answersAtOnce)
  }

  private static func head(_ length: Int, _ fields: String = "") -> String {
    "POST /b HTTP/1.1~Host: h~Content-Length: \(length)~\(fields)~"
  }

  private static let chunked = "POST /b HTTP/1.1~Host: h~Transfer-Encoding: chunked~~"

  /// So many octets, each of which says where it stands.
  private static func filler(_ count: Int, from start: Int = 0) -> String {
    String(decoding: (start..<start + count).map { UInt8(0x61 + $0 % 26) }, as: UTF8.self)
  }

  @Test(arguments: ["Content-Length: 10~~", "Transfer-Encoding: chunked~~a~"])
  func `a short body goes to its handler whole, and nothing is delivered`(_ rest: String) {
    var peer = peer()
    let end = rest.hasPrefix("T") ? "~0~~" : ""
    peer.send("POST /b HTTP/1.1~Host: h~\(rest)\(Self.filler(10))\(end)")
    #expect(peer.pieces.isEmpty && peer.responses == ["200 POST /b \(Self.filler(10))"])
    #expect(sink.abandonments == 0)
  }

  @Test func `a long body is delivered piece by piece, one at a time, and then answered`() {
    var peer = peer()
    peer.send(Self.head(50) + Self.filler(8))
    #expect(peer.pieces.isEmpty)
    peer.send(Self.filler(4, from: 8))
    #expect(peer.pieces == [12])
    peer.send(Self.filler(10, from: 12))
    peer.send(Self.filler(13, from: 22))
    #expect(peer.pieces == [12])
    peer.deliverNext()
    #expect(peer.pieces == [12, 23], "what came meanwhile is one piece")
    peer.send(Self.filler(15, from: 35))
    peer.deliverNext()
    #expect(peer.pieces == [12, 23, 15] && peer.responses.isEmpty)
    peer.deliverNext()
    #expect(peer.responses == ["200 POST /b \(Self.filler(50))"])
    #expect(peer.exchanges.map(\.receivedBody) == [50] && peer.connection.isIdle)
    #expect(peer.timers == [.idle: timeouts.idle] && sink.abandonments == 0)
  }

  @Test func `the rest of a body is delivered however short it is, and an end that comes alone ends it`() {
    var peer = peer()
    peer.send(Self.chunked + "14~\(Self.filler(20))~1~u~")
    peer.deliverNext()
    #expect(peer.pieces == [20])
    peer.send("0~~")
    #expect(peer.pieces == [20, 1])
    peer.deliverNext()
    #expect(peer.responses == ["200 POST /b \(Self.filler(20))u"])

    peer.send(Self.chunked + "14~\(Self.filler(20))~")
    peer.deliverNext()
    #expect(peer.deliveries.isEmpty && peer.responses.count == 1)
    peer.send("0~~")
    #expect(peer.responses.last == "200 POST /b \(Self.filler(20))")
  }

  @Test func `reading stops while too much is undelivered, and goes on below half of it`() {
    var peer = peer()
    peer.send(Self.head(200) + Self.filler(20))
    peer.send(Self.filler(20, from: 20))
    #expect(peer.isReading && peer.connection.undelivered == 40)
    peer.send(Self.filler(1, from: 40))
    #expect(!peer.isReading && peer.connection.undelivered == 41)
    peer.deliverNext()
    #expect(!peer.isReading && peer.pieces == [20, 21])
    peer.deliverNext()
    #expect(peer.isReading && peer.connection.undelivered == 0)
  }

  @Test func `no time runs against a client that is not read`() {
    var peer = peer()
    peer.send(Self.head(200) + Self.filler(20))
    #expect(peer.timers[.bodyStall] == timeouts.bodyStall && peer.timers[.bodyRate] != nil)
    peer.send(Self.filler(30))
    #expect(peer.timers.isEmpty)
    peer.deliverNext()
    peer.deliverNext()
    #expect(peer.timers == [.bodyStall: timeouts.bodyStall, .bodyRate: timeouts.bodyRateWindow])
    // The rate is judged by what comes from now on.
    peer.fire(.bodyRate)
    #expect(peer.responses == ["408! body_too_slow"] && sink.abandonments == 1)
  }

  @Test func `no time runs when the last octet has come`() {
    var peer = peer()
    peer.send(Self.head(20) + Self.filler(20))
    #expect(peer.timers.isEmpty && peer.deliveries.count == 1)
  }

  @Test(arguments: [ServerConnection.Timer.bodyStall, .bodyRate])
  func `a client that is too slow is told so, and the sink too`(_ timer: ServerConnection.Timer) {
    var peer = peer()
    peer.send(Self.head(200) + Self.filler(20))
    peer.fire(timer)
    #expect(peer.responses.count == 1 && peer.responses[0].hasPrefix("408!"))
    #expect(sink.abandonments == 1)
    peer.deliverNext()
    #expect(peer.responses.count == 1 && peer.isHalfClosed, "what the sink says later is nothing")
  }

  @Test func `9110 §15.5.14: content that grows too large is refused when it does`() {
    var peer = peer(maximumBody: 30)
    peer.send(Self.chunked + "14~\(Self.filler(20))~")
    #expect(peer.pieces == [20])
    peer.send("b~")
    #expect(peer.responses == ["413! body_too_large"] && sink.abandonments == 1)
    peer.deliverNext()
    #expect(peer.pieces == [20] && peer.responses.count == 1)
  }

  @Test func `a length that is too large is refused before the sink gets anything`() {
    var peer = peer(maximumBody: 30)
    peer.send(Self.head(31, "Expect: 100-continue~"))
    #expect(peer.responses == ["413! body_too_large"] && peer.pieces.isEmpty && sink.abandonments == 1)
  }

  @Test func `9112 §7.1: framing that is violated ends the content`() {
    var peer = peer()
    peer.send(Self.chunked + "14~\(Self.filler(20))~zz~")
    #expect(peer.responses == ["400! invalid_chunk_size"] && sink.abandonments == 1)
  }

  @Test func `9110 §10.1.1: 100 is sent before the content, and the final response behind it`() {
    var peer = peer()
    peer.deliversAtOnce = true
    peer.send(Self.head(20, "Expect: 100-continue~"))
    #expect(text(peer.received) == "HTTP/1.1 100 Continue~~")
    peer.send(Self.filler(20))
    #expect(peer.responses == ["100", "200 POST /b \(Self.filler(20))"])
  }

  @Test(arguments: ["GET", "HEAD", "POST"])
  func `a request without content has nothing delivered`(_ method: String) {
    var peer = peer()
    peer.send("\(method) /b HTTP/1.1~Host: h~~")
    #expect(peer.exchanges.map(\.status) == [200] && peer.pieces.isEmpty && sink.abandonments == 0)
  }

  @Test func `requests behind a delivered body wait for its answer`() {
    var peer = peer(answersAtOnce: false)
    let second = Self.head(12) + Self.filler(12)
    peer.send(Self.head(20) + Self.filler(20) + second + "GET /c HTTP/1.1~Host: h~~")
    #expect(peer.pieces == [20] && peer.pending.isEmpty)
    peer.deliverNext()
    #expect(peer.pending.map(\.body.count) == [0] && peer.pieces == [20])
    peer.answerNext()
    #expect(peer.pieces == [20, 12])
    peer.deliverNext()
    peer.answerNext()
    peer.answerNext()
    #expect(
      peer.responses == [
        "200 POST /b \(Self.filler(20))", "200 POST /b \(Self.filler(12))", "200 GET /c ",
      ])
  }

  @Test func `what follows a body that is not taken yet is bounded too`() {
    var limits = ConnectionLimits()
    (limits.delivery, limits.undelivered, limits.readAhead) = (10, 40, 30)
    var peer = Peer(limits: limits, responder: Echo(maximumBody: 1000, sink: sink))
    peer.send(Self.head(60) + Self.filler(60))
    #expect(peer.isReading)
    peer.send("GET /c HTTP/1.1~Host: host~~")
    #expect(!peer.isReading && peer.timers.isEmpty)
    peer.deliverNext()
    #expect(peer.isReading && peer.responses == ["200 POST /b \(Self.filler(60))", "200 GET /c "])
  }

  @Test func `9112 §8: content that the client breaks off is abandoned`() {
    var peer = peer()
    peer.send(Self.head(200) + Self.filler(20))
    peer.feed(.endOfInput)
    #expect(peer.responses == ["400! incomplete_body"] && sink.abandonments == 1 && peer.isClosed)
  }

  @Test func `a client that half-closes behind its content gets its answer`() {
    var peer = peer()
    peer.send(Self.head(20) + Self.filler(20))
    peer.feed(.endOfInput)
    #expect(!peer.isEnding)
    peer.deliverNext()
    #expect(peer.responses == ["200! POST /b \(Self.filler(20))"] && peer.isClosed && sink.abandonments == 0)
  }

  @Test func `a server that ends lets the content come first`() {
    var peer = peer()
    peer.send(Self.head(40) + Self.filler(20))
    peer.feed(.drain)
    peer.send(Self.filler(20, from: 20))
    peer.deliverNext()
    peer.deliverNext()
    #expect(peer.responses == ["200! POST /b \(Self.filler(40))"] && peer.isHalfClosed)
  }

  @Test func `a connection that is lost has a sink to be told`() {
    var peer = peer()
    peer.send(Self.head(40))
    #expect(peer.connection.unfinishedSink != nil)
    peer.send(Self.filler(20))
    #expect(peer.connection.unfinishedSink != nil)
    peer.send(Self.filler(20))
    #expect(peer.connection.unfinishedSink != nil, "nobody answers for it yet")
    peer.deliverNext()
    peer.deliverNext()
    #expect(peer.connection.unfinishedSink == nil && peer.exchanges.count == 1)
  }

  @Test func `a sink that fails is answered for by the handler, behind what is left of a short body`() {
    var peer = peer()
    peer.send(Self.head(60) + Self.filler(20))
    peer.failDelivery(Full())
    #expect(peer.responses.isEmpty && peer.timers == [.drain: timeouts.drain])
    peer.send(Self.filler(40) + "GET /c HTTP/1.1~Host: h~~")
    #expect(peer.responses == ["507 full 0", "200 GET /c "] && peer.pieces == [20])
    #expect(sink.abandonments == 0 && peer.exchanges[0].receivedBody == 60)
  }

  @Test func `a sink that fails with the last piece leaves the connection as it is`() {
    var peer = peer()
    peer.send(Self.head(20) + Self.filler(20))
    peer.failDelivery(Full())
    #expect(peer.responses == ["507 full 0"] && peer.connection.isIdle)
  }

  @Test func `behind a sink that fails a long rest is not read`() {
    var peer = peer()
    peer.send(Self.head(71) + Self.filler(20))
    peer.failDelivery(Full())
    #expect(peer.responses == ["507! full 0"] && peer.isHalfClosed)
  }

  @Test func `chunks are skipped as far as a length is`() {
    var announced = peer()
    announced.send(Self.chunked + "47~\(Self.filler(20))")
    announced.failDelivery(Full())
    #expect(announced.responses == ["507! full 0"])

    var grows = peer()
    grows.send(Self.chunked + "14~\(Self.filler(20))~")
    grows.failDelivery(Full())
    grows.send("32~\(Self.filler(50))~")
    #expect(grows.responses.isEmpty)
    grows.send("1~")
    #expect(grows.responses == ["507! full 0"])

    var fits = peer()
    fits.send(Self.chunked + "1e~\(Self.filler(20))")
    fits.failDelivery(Full())
    fits.send("\(Self.filler(10))~28~\(Self.filler(40))~0~~")
    #expect(fits.responses == ["507 full 0"] && fits.connection.isIdle)
  }

  @Test func `reading goes on for what is skipped`() {
    var peer = peer(drain: 500)
    peer.send(Self.head(300) + Self.filler(100))
    #expect(!peer.isReading && peer.timers.isEmpty)
    peer.failDelivery(Full())
    #expect(peer.isReading && peer.timers == [.drain: timeouts.drain])
    peer.fire(.drain)
    #expect(peer.responses == ["507! full 0"])
  }

  @Test(arguments: 0..<8)
  func `cut in any way and taken in any order, the same content comes to the sink and the same answers back`(
    _ seed: Int
  ) {
    var random = SeededGenerator(seed: UInt64(seed) &+ 4000)
    let chunks = "1e~\(Self.filler(30))~7~\(Self.filler(7))~5a~\(Self.filler(90))~0~~"
    let requests = [
      Self.head(150) + Self.filler(150), Self.chunked + chunks, Self.head(9) + Self.filler(9),
      "GET /c HTTP/1.1~Host: h~~", Self.head(11) + Self.filler(11), Self.chunked + "3~abc~0~~",
    ]
    for _ in 0..<100 {
      let bytes = octets(requests.shuffled(using: &random).joined())
      var whole = peer()
      whole.deliversAtOnce = true
      whole.feed(.received(bytes))
      var cut = peer()
      var rest = bytes[...]
      while !rest.isEmpty || !cut.deliveries.isEmpty {
        if !cut.deliveries.isEmpty, rest.isEmpty || !cut.isReading || Bool.random(using: &random) {
          cut.deliverNext()
          continue
        }
        guard cut.isReading else {
          Issue.record("nothing is read and nothing is under way")
          break
        }
        let portion = rest.prefix(Int.random(in: 1...60, using: &random))
        rest = rest.dropFirst(portion.count)
        cut.feed(.received(Array(portion)))
        #expect(cut.connection.undelivered <= 40 + 60 && cut.deliveries.count <= 1)
      }
      #expect(cut.received == whole.received && whole.responses.count == requests.count)
    }
  }
}
