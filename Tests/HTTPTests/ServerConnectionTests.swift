// One connection from its opening to its close, without a socket.

import HTTP
import HTTPTypes
import Testing

private let get = "GET /a HTTP/1.1~Host: h~~"

@Suite struct ConnectionOrderTests {
  @Test func `9112 §9.3: a connection persists by default`() {
    var peer = Peer()
    peer.send(get)
    peer.send("POST /b HTTP/1.1~Host: h~Content-Length: 2~~hi")
    #expect(peer.responses == ["200 GET /a ", "200 POST /b hi"])
    #expect(!peer.isEnding)
    #expect(peer.connection.isIdle)
  }

  @Test func `9112 §9.3.2: a server MUST send its responses in the order of the requests`() {
    var peer = Peer()
    peer.send((0..<50).map { "POST /\($0) HTTP/1.1~Host: h~Transfer-Encoding: chunked~~1~x~0~~" }.joined())
    #expect(peer.responses == (0..<50).map { "200 POST /\($0) x" })
  }

  @Test func `one request at a time is given to the responder`() {
    var peer = Peer(answersAtOnce: false)
    peer.send("GET /1 HTTP/1.1~Host: h~~GET /2 HTTP/1.1~Host: h~~")
    #expect(peer.pending.map(\.head.path) == ["/1"])
    peer.answerNext()
    #expect(peer.pending.map(\.head.path) == ["/2"])
    #expect(peer.responses == ["200 GET /1 "])
  }

  @Test func `the next request waits until the response before it was taken by the socket`() {
    var peer = Peer()
    peer.takesWrites = false
    peer.send(get + get)
    #expect(peer.responses.count == 1)
    peer.flush(leaving: 10)
    #expect(peer.responses.count == 1)
    peer.flush()
    #expect(peer.responses.count == 2)
  }

  @Test func `a client that sends without waiting is no longer read, and read again when it is answered`() {
    var limits = ConnectionLimits()
    limits.readAhead = 100
    var peer = Peer(limits: limits, answersAtOnce: false)
    peer.send(get)
    peer.send(get)
    #expect(peer.isReading)
    peer.send(get + get + get)
    #expect(!peer.isReading)
    peer.answerNext()
    #expect(peer.isReading)
    while !peer.pending.isEmpty { peer.answerNext() }
    #expect(peer.responses.count == 5)
  }

  @Test func `garden #45: a valid request is answered before the garbage behind it is refused`() {
    var peer = Peer()
    peer.send(get + "GARBAGE~~" + get)
    #expect(peer.responses == ["200 GET /a ", "400! malformed_request_line"])
    #expect(peer.isHalfClosed)
  }

  @Test func `9112 §9.6: no request is processed after the client said close`() {
    var peer = Peer()
    peer.send("GET /a HTTP/1.1~Host: h~Connection: close~~" + get)
    #expect(peer.responses == ["200! GET /a "])
    peer.send(get)
    #expect(peer.responses.count == 1)
    #expect(peer.isHalfClosed)
  }

  @Test func `9112 §9.6: a response that says close ends the connection`() {
    var peer = Peer()
    peer.send("GET /goodbye HTTP/1.1~Host: h~~" + get)
    #expect(peer.responses == ["200!"])
    #expect(peer.isHalfClosed)
  }

  @Test func `9112 §9.3: HTTP/1.0 persists only with keep-alive, which is echoed`() {
    var peer = Peer()
    peer.send("GET /a HTTP/1.0~Connection: keep-alive~~")
    #expect(parseResponses(peer.received)[0]["Connection"] == ["keep-alive"])
    #expect(!peer.isEnding)
    peer.send("GET /b HTTP/1.0~~")
    #expect(peer.responses == ["200 GET /a ", "200! GET /b "])
    #expect(peer.isHalfClosed)
  }

  @Test func `the last request that a connection may carry is answered with close`() {
    var limits = ConnectionLimits()
    limits.keepAliveRequests = 3
    var peer = Peer(limits: limits)
    peer.send(get + get + get + get)
    #expect(peer.responses == ["200 GET /a ", "200 GET /a ", "200! GET /a "])
  }

  @Test func `9110 §9.3.2: HEAD has GET's fields and no content`() {
    var peer = Peer()
    peer.send("HEAD /a HTTP/1.1~Host: h~~" + get)
    let responses = parseResponses(peer.received, methods: ["HEAD", "GET"])
    #expect(responses.map(\.body) == ["", "GET /a "])
    #expect(responses[0]["Content-Length"] == ["8"])
  }

  @Test func `9110 §9.3.2: an error in a HEAD request has no content either`() {
    var peer = Peer()
    peer.send("HEAD /a HTTP/1.1~Host: h~A : b~~")
    #expect(text(peer.received).hasSuffix("Connection: close~~"))
    #expect(peer.exchanges.first?.method == "HEAD")
  }
}

@Suite struct ConnectionBodyTests {
  private let post = "POST /b HTTP/1.1~Host: h~Content-Length: 5~Expect: 100-continue~~"

  @Test func `9110 §10.1.1: the server sends 100 when it wants the content, then the final response`() {
    var peer = Peer()
    peer.send(post)
    #expect(text(peer.received) == "HTTP/1.1 100 Continue~~")
    peer.send("hello")
    #expect(peer.responses == ["100", "200 POST /b hello"])
  }

  @Test func `9110 §10.1.1: 100 MAY be omitted when content has come already`() {
    var peer = Peer()
    peer.send(post + "hello")
    #expect(peer.responses == ["200 POST /b hello"])
  }

  @Test(arguments: [
    "GET /b HTTP/1.1~Host: h~Expect: 100-continue~~",
    "GET /b HTTP/1.0~Expect: 100-continue~Connection: keep-alive~~",
  ])
  func `9110 §10.1.1: no 100 without content, and none to HTTP/1.0`(_ fixture: String) {
    var peer = Peer()
    peer.send(fixture)
    #expect(peer.responses == ["200 GET /b "])
  }

  @Test
  func `9110 §10.1.1: a final status from the head alone, with close, since the body may or may not follow`()
  {
    var peer = Peer()
    peer.send("POST /missing HTTP/1.1~Host: h~Content-Length: 5~Expect: 100-continue~~")
    #expect(peer.responses == ["404! no"])
    #expect(peer.isHalfClosed)
  }

  @Test(arguments: [
    "Content-Length: \(octets(get).count)~~\(get)",
    "Transfer-Encoding: chunked~~\(String(octets(get).count, radix: 16))~\(get)~0~~",
  ])
  func `9112 §9.3: the body of a refused request is read past, and is no request`(_ rest: String) {
    var peer = Peer()
    peer.send("POST /missing HTTP/1.1~Host: h~\(rest)GET /next HTTP/1.1~Host: h~~")
    #expect(peer.responses == ["404 no", "200 GET /next "])
    #expect(peer.timers == [.idle: ConnectionTimeouts().idle])
  }

  @Test func `a refused body that is too long to skip closes the connection at once`() {
    var limits = ConnectionLimits()
    limits.drain = 10
    var peer = Peer(limits: limits)
    peer.send("POST /missing HTTP/1.1~Host: h~Content-Length: 11~~")
    #expect(peer.responses == ["404! no"])

    peer = Peer(limits: limits)
    peer.send("POST /missing HTTP/1.1~Host: h~Transfer-Encoding: chunked~~6~abcdef~")
    #expect(peer.responses.isEmpty)
    peer.send("6~abcdef~")
    #expect(peer.responses == ["404! no"])
  }

  @Test func `a refused body that does not come, or breaks its framing, closes the connection`() {
    var peer = Peer()
    peer.send("POST /missing HTTP/1.1~Host: h~Content-Length: 5~~he")
    #expect(peer.timers[.drain] == ConnectionTimeouts().drain)
    peer.fire(.drain)
    #expect(peer.responses == ["404! no"])

    peer = Peer()
    peer.send("POST /missing HTTP/1.1~Host: h~Transfer-Encoding: chunked~~x~")
    #expect(peer.responses == ["404! no"])
  }

  @Test func `9110 §15.5.14: a body that is too large is refused by its announced length`() {
    var peer = Peer()
    peer.send("POST /b HTTP/1.1~Host: h~Expect: 100-continue~Content-Length: 65~~")
    #expect(peer.responses == ["413! body_too_large"])
  }

  @Test func `9112 §7.1: a chunked body is held to the same limit`() {
    var peer = Peer()
    peer.send("POST /b HTTP/1.1~Host: h~Transfer-Encoding: chunked~~40~\(String(repeating: "x", count: 64))~")
    #expect(peer.responses.isEmpty)
    peer.send("1~x~0~~")
    #expect(peer.responses == ["413! body_too_large"])
  }

  @Test(arguments: [
    "Content-Length: 5~~hell", "Transfer-Encoding: chunked~~5~hello~",
    "Transfer-Encoding: chunked~~5~hello~0~",
  ])
  func `9112 §8: an incomplete body has no effect`(_ rest: String) {
    var peer = Peer(answersAtOnce: false)
    peer.send("POST /b HTTP/1.1~Host: h~\(rest)")
    peer.feed(.endOfInput)
    #expect(peer.pending.isEmpty)
    #expect(peer.responses == ["400! incomplete_body"])
    #expect(peer.isClosed)
  }

  @Test func `the responder gets the request whole: identifier, fields, target and body`() throws {
    var peer = Peer(answersAtOnce: false)
    peer.send("POST /a%20b?c=d HTTP/1.1~Host: H:1~X-Request-Id: abc-1~Transfer-Encoding: chunked~~2~hi~0~~")
    let request = try #require(peer.pending.first)
    #expect(request.id == "abc-1")
    #expect(request.target.segments == ["a b"])
    #expect(request.target.queryValue("c") == "d")
    #expect(request.authority == Authority(host: "h", port: 1))
    #expect(request.body == Array("hi".utf8))
    #expect(!request.fields.contains { $0.name.canonicalName == "host" })
  }

  @Test(arguments: [
    ("abc.DEF_1-2", "abc.DEF_1-2"), ("a b", "made"), ("", "made"),
    (String(repeating: "a", count: 129), "made"),
  ])
  func `every response carries the request's identifier, or a fresh one if that is not safe`(
    _ sent: String, _ echoed: String
  ) {
    var peer = Peer()
    peer.send("GET /a HTTP/1.1~Host: h~X-Request-Id: \(sent)~~")
    #expect(parseResponses(peer.received)[0]["X-Request-Id"] == [echoed])
    #expect(peer.exchanges.first?.requestID == echoed)
  }
}

@Suite struct ConnectionEndTests {
  @Test(arguments: invalidFixtures)
  func `every violation is answered once with its status and close, cut anywhere`(_ fixture: ParserFixture) {
    let bytes = octets(fixture.input)
    var whole = Peer()
    whole.feed(.received(bytes))
    let code = String(fixture.log.last?.dropFirst("error ".count) ?? "")
    let responses = parseResponses(whole.received, methods: whole.exchanges.map(\.method))
    #expect(responses.count == 1)
    #expect(responses.last?["Connection"] == ["close"])
    #expect(responses.last?.body == (whole.exchanges.last?.method == "HEAD" ? "" : code))
    #expect(whole.exchanges.map(\.error?.code) == [code])
    for cut in 0...bytes.count {
      var peer = Peer()
      peer.feed(.received(Array(bytes[..<cut])))
      peer.feed(.received(Array(bytes[cut...])))
      #expect(peer.received == whole.received, "cut at \(cut)")
      #expect(peer.isHalfClosed)
      peer.send(get)
      #expect(peer.received.count == whole.received.count)
    }
  }

  @Test(arguments: validFixtures)
  func `every valid message is answered the same however it is cut`(_ fixture: ParserFixture) {
    let bytes = octets(fixture.input)
    var whole = Peer()
    whole.feed(.received(bytes))
    #expect(whole.responses.count { !$0.hasPrefix("100") } == fixture.log.count { $0 == "end" })
    #expect(!whole.responses.contains { $0.hasPrefix("4") || $0.hasPrefix("5") })
    for cut in 0...bytes.count {
      var peer = Peer()
      peer.feed(.received(Array(bytes[..<cut])))
      peer.feed(.received(Array(bytes[cut...])))
      #expect(peer.received == whole.received, "cut at \(cut)")
    }
  }

  @Test func `9112 §9.6: a client that half-closed still gets every response that it asked for`() {
    var peer = Peer(answersAtOnce: false)
    peer.send(get + get)
    peer.feed(.endOfInput)
    #expect(!peer.isEnding)
    peer.answerNext()
    #expect(!peer.isEnding)
    peer.answerNext()
    #expect(peer.responses == ["200 GET /a ", "200! GET /a "])
    #expect(peer.isClosed)
  }

  @Test func `a connection that ends between requests closes without a word`() {
    var peer = Peer()
    peer.feed(.endOfInput)
    #expect(peer.received.isEmpty)
    #expect(peer.isClosed)
  }

  @Test func `a connection that ends inside a head gets 400`() {
    var peer = Peer()
    peer.send("GET / HTTP/1.1~Host: h~")
    peer.feed(.endOfInput)
    #expect(peer.responses == ["400! incomplete_head"])
    #expect(peer.isClosed)
  }

  @Test
  func
    `9112 §9.6: after the last response the server shuts down sending, reads on, and closes when the peer does`()
  {
    var peer = Peer()
    peer.send("X~")
    #expect(peer.isHalfClosed && !peer.isClosed && peer.isReading)
    #expect(peer.timers == [.linger: ConnectionTimeouts().linger])
    peer.send("more of what nobody reads")
    #expect(!peer.isClosed)
    peer.feed(.endOfInput)
    #expect(peer.isClosed)
  }

  @Test func `lingering ends after its time, or after its octets`() {
    var peer = Peer()
    peer.send("X~")
    peer.fire(.linger)
    #expect(peer.isClosed)

    var limits = ConnectionLimits()
    limits.linger = 10
    peer = Peer(limits: limits)
    peer.send("X~")
    peer.send("0123456789")
    #expect(!peer.isClosed)
    peer.send("0")
    #expect(peer.isClosed)
  }

  @Test func `the sending side is shut down only when the whole response was taken`() {
    var peer = Peer()
    peer.takesWrites = false
    peer.send("X~")
    #expect(!peer.isHalfClosed)
    peer.flush(leaving: 1)
    #expect(!peer.isHalfClosed)
    peer.flush()
    #expect(peer.isHalfClosed)
  }

  @Test func `each response is reported for the access log, with its octets`() throws {
    var peer = Peer()
    peer.send("POST /b?c HTTP/1.1~Host: h~Content-Length: 2~~hiNONSENSE~")
    #expect(peer.exchanges.map(\.status) == [200, 400])
    #expect(peer.exchanges.map(\.path) == ["/b?c", nil])
    #expect(peer.exchanges.map(\.receivedBody) == [2, 0])
    #expect(peer.exchanges.map(\.error) == [nil, .malformedRequestLine])
    #expect(peer.exchanges.map(\.sent).reduce(0, +) == peer.received.count)
  }
}
