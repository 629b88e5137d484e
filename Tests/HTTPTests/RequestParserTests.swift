// The parser against its table, cut and placed in every way, and its limits to the octet.

import HTTP
import HTTPTypes
import Testing

@Suite struct RequestParserTests {
  @Test(arguments: validFixtures + invalidFixtures)
  func `each rule holds when the message arrives whole`(_ fixture: ParserFixture) {
    #expect(parserLog([octets(fixture.input)]) == fixture.log)
  }

  @Test(arguments: validFixtures + invalidFixtures)
  func `each rule holds when the message is cut at any octet`(_ fixture: ParserFixture) {
    let bytes = octets(fixture.input)
    for cut in 0...bytes.count {
      #expect(parserLog([Array(bytes[..<cut]), Array(bytes[cut...])]) == fixture.log, "cut at \(cut)")
    }
  }

  @Test(arguments: validFixtures + invalidFixtures)
  func `each rule holds when the message arrives octet by octet`(_ fixture: ParserFixture) {
    #expect(parserLog(octets(fixture.input).map { [$0] }) == fixture.log)
  }

  @Test(arguments: validFixtures + invalidFixtures)
  func `each rule holds behind a valid request`(_ fixture: ParserFixture) {
    let first = octets("POST /first HTTP/1.1~Host: h~Content-Length: 3~~abc")
    #expect(
      parserLog([first + octets(fixture.input)])
        == ["POST /first", "length(3)", "field Content-Length=3", "body abc", "end"] + fixture.log)
  }

  @Test(arguments: validFixtures)
  func `no proper beginning of a valid message is a whole message`(_ fixture: ParserFixture) {
    let bytes = octets(fixture.input)
    let whole = parserLog([bytes])
    for length in 0..<bytes.count {
      let log = parserLog([Array(bytes[..<length])])
      #expect(log.count { $0 == "end" } <= whole.count { $0 == "end" })
      #expect(!log.contains { $0.hasPrefix("error") })
      #expect(log != whole)
    }
  }

  @Test func `9110 §5.5: obs-text is kept as opaque octets`() throws {
    var parser = RequestParser()
    parser.append(octets("GET / HTTP/1.1~Host: h~A: \u{A0}x\u{85}\u{FF}~~"))
    guard case .head(let head) = try parser.next() else { throw Unfinished() }
    let field = try #require(head.request.headerFields.first)
    #expect(field.withUnsafeBytesOfValue { Array($0) } == [0xA0, UInt8(ascii: "x"), 0x85, 0xFF])
  }

  @Test func `a secured connection serves targets of http too, one in clear none of https`() throws {
    #expect(try request(.get, "https://h/a", scheme: "https").head.scheme == "https")
    #expect(try request(.get, "HTTP://h/a", scheme: "https").head.scheme == "https")
    #expect(throws: ProtocolError.schemeNotServed) { try request(.get, "https://h/a") }
    #expect(throws: ProtocolError.schemeNotServed) { try request(.get, "ftp://h/a", scheme: "https") }
  }
}

@Suite struct ParserLimitTests {
  /// A small set of limits whose edges are near.
  private static var limits: ConnectionLimits {
    var limits = ConnectionLimits()
    limits.requestLine = 50
    limits.headerLine = 30
    limits.headerSection = 100
    limits.headerCount = 4
    limits.trailers = 40
    limits.chunkExtensions = 10
    return limits
  }

  struct Edge: Sendable, CustomTestStringConvertible {
    var what: String
    /// The message with a filler of the given length.
    var message: @Sendable (Int) -> String
    /// The longest filler that is allowed.
    var longest: Int
    var error: ProtocolError
    var testDescription: String { what }
  }

  static let edges: [Edge] = [
    Edge(
      what: "request line", message: { "POST /\(fill($0)) HTTP/1.1~Host: h~~" }, longest: 35,
      error: .requestLineTooLong(maximum: 50)),
    Edge(
      what: "field line", message: { "POST / HTTP/1.1~Host: h~A: \(fill($0))~~" }, longest: 27,
      error: .fieldLineTooLong(maximum: 30)),
    Edge(
      what: "header section",
      message: { "POST / HTTP/1.1~Host: h~A: \(fill(27))~B: \(fill(27))~C: \(fill($0))~~" }, longest: 22,
      error: .fieldSectionTooLarge(maximum: 100)),
    Edge(
      what: "field count", message: { "POST / HTTP/1.1~Host: h~\(String(repeating: "A: b~", count: $0))~" },
      longest: 3,
      error: .tooManyFields(maximum: 4)),
    Edge(
      what: "trailers",
      message: { "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~A: \(fill(20))~B: \(fill($0))~~" },
      longest: 10, error: .trailersTooLarge(maximum: 40)),
    Edge(
      what: "trailer line",
      message: { "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~0~A: \(fill($0))~~" },
      longest: 27, error: .fieldLineTooLong(maximum: 30)),
    Edge(
      what: "one chunk extension",
      message: { "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~1;\(fill($0))~x~0~~" },
      longest: 9, error: .chunkExtensionsTooLong(maximum: 10)),
    Edge(
      what: "chunk extensions in all",
      message: {
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~\(String(repeating: "1;a~x~", count: $0))0~~"
      },
      longest: 5, error: .chunkExtensionsTooLong(maximum: 10)),
    Edge(
      what: "body of a known length",
      message: { "POST / HTTP/1.1~Host: h~Content-Length: \(max($0, 1))~~\(fill(max($0, 1)))" }, longest: 64,
      error: .bodyTooLarge(maximum: 64)),
    Edge(
      what: "chunked body",
      message: {
        "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~\(String(repeating: "1~x~", count: $0))0~~"
      },
      longest: 64, error: .bodyTooLarge(maximum: 64)),
  ]

  private static func fill(_ count: Int) -> String { String(repeating: "a", count: count) }

  @Test(arguments: edges)
  func `a message at the limit is taken, one octet more is refused, however it is cut`(_ edge: Edge) {
    for length in [edge.longest - 1, edge.longest] {
      let log = parserLog([octets(edge.message(length))], limits: Self.limits, maximumBody: 64)
      #expect(log.last == "end", "\(length)")
    }
    let excess = octets(edge.message(edge.longest + 1))
    let error = "error \(edge.error.code)"
    #expect(parserLog([excess], limits: Self.limits, maximumBody: 64).last == error)
    #expect(parserLog(excess.map { [$0] }, limits: Self.limits, maximumBody: 64).last == error)
  }

  @Test func `a line without end is refused as soon as it is too long`() {
    for (beginning, code) in [
      ("", "method_too_long"), ("GET /", "request_line_too_long"),
      ("GET / HTTP/1.1~A", "field_line_too_long"),
      ("POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~1;", "chunk_extensions_too_long"),
      ("POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~", "chunk_size_overflow"),
    ] {
      let endless = octets(beginning) + Array(repeating: UInt8(ascii: "a"), count: 200)
      #expect(parserLog([endless], limits: Self.limits).last == "error \(code)")
    }
  }

  @Test func `9112 §3: request lines of 8000 octets are supported`() {
    let path = "/" + String(repeating: "a", count: 8000 - "GET / HTTP/1.1".count)
    #expect(parserLog([octets("GET \(path) HTTP/1.1~Host: h~~")]) == ["GET \(path)", "end"])
  }

  @Test func `octet-by-octet arrival of a large body costs no more than linear time`() {
    // Quadratic work on a megabyte would be 10^12 steps: the test would not end.
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    var parser = RequestParser()
    parser.append(octets("POST / HTTP/1.1~Host: h~Content-Length: \(body.count)~~"))
    var received = 0
    var ends = 0
    func drain(_ parser: inout RequestParser) throws(ProtocolError) {
      while true {
        switch try parser.next() {
        case .needMore: return
        case .head: continue
        case .body(let bytes): received += bytes.count
        case .end: ends += 1
        }
      }
    }
    #expect(throws: Never.self) {
      try drain(&parser)
      for byte in body {
        parser.append([byte])
        try drain(&parser)
      }
      // And one portion that holds many small requests, taken one after the other.
      parser.append(Array(repeating: octets("GET / HTTP/1.1~Host: h~~"), count: 20000).flatMap { $0 })
      try drain(&parser)
    }
    #expect(received == body.count)
    #expect(ends == 20001)
  }
}
