// What leaves the server, read back by an independent parser.

import HTTP
import HTTPTypes
import Testing

@Suite struct ResponseEncoderTests {
  private func encoded(
    _ response: Response, isHead: Bool = false, persistence: ResponseEncoder.Persistence = .persistent
  ) -> [UInt8] {
    let (head, content) = ResponseEncoder.encode(
      response, isHead: isHead, persistence: persistence, date: Peer.date)
    return head + content
  }

  @Test func `a response to the octet`() {
    let response = Response(
      status: .ok, fields: [.contentType: "text/plain"], body: .bytes(Array("hello".utf8)))
    #expect(
      text(encoded(response, persistence: .close))
        == "HTTP/1.1 200 OK~Date: \(Peer.date)~Content-Type: text/plain~Content-Length: 5~Connection: close~~hello"
    )
  }

  @Test(arguments: [200, 204, 304, 404, 503])
  func `9110 §6.6.1: Date is on every final response`(_ code: Int) {
    let bytes = encoded(Response(status: .init(code: code)))
    #expect(parseResponses(bytes)[0]["Date"] == [Peer.date])
  }

  @Test(arguments: [204, 304])
  func `9110 §8.6: no Content-Length and no content in 204 and 304`(_ code: Int) {
    let response = parseResponses(encoded(Response(status: .init(code: code), body: .bytes([1, 2]))))
    #expect(response.count == 1)
    #expect(response[0]["Content-Length"].isEmpty && response[0]["Transfer-Encoding"].isEmpty)
  }

  @Test func `9112 §6.3: a response without content says so`() {
    #expect(parseResponses(encoded(Response(status: .notFound)))[0]["Content-Length"] == ["0"])
  }

  @Test func `9110 §9.3.2: HEAD keeps the length of GET`() {
    let bytes = encoded(Response(status: .ok, body: .bytes(Array("hello".utf8))), isHead: true)
    #expect(text(bytes).hasSuffix("Content-Length: 5~~"))
  }

  @Test func `9112 §6: there is exactly one framing, whatever the responder sets`() throws {
    let transferEncoding = try #require(HTTPField.Name("Transfer-Encoding"))
    let response = Response(
      status: .ok,
      fields: [
        .contentLength: "99", transferEncoding: "chunked", .date: "yesterday", .connection: "upgrade",
        .server: "s",
      ],
      body: .bytes([UInt8(ascii: "x")]))
    let parsed = parseResponses(encoded(response))[0]
    #expect(parsed["Content-Length"] == ["1"])
    #expect(parsed["Transfer-Encoding"].isEmpty && parsed["Connection"].isEmpty)
    #expect(parsed["Date"] == [Peer.date] && parsed["Server"] == ["s"])
    #expect(parsed.body == "x")
  }

  @Test func `9112 §4: the space before an empty reason stays`() {
    #expect(parseResponses(encoded(Response(status: .init(code: 299))))[0].statusLine == "HTTP/1.1 299 ")
  }

  @Test(arguments: ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b"])
  func `9112 §11.1: no value can begin a line of its own`(_ value: String) {
    var bytes: [UInt8] = []
    ResponseEncoder.append(value, to: &bytes)
    #expect(bytes.count == value.utf8.count)
    #expect(!bytes.contains { $0 == 0 || $0 == 10 || $0 == 13 })

    let response = Response(status: .init(code: 200, reasonPhrase: value), fields: [.location: value])
    let parsed = parseResponses(encoded(response))
    #expect(parsed.count == 1)
    #expect(parsed[0].fields.map(\.name) == ["Date", "Location", "Content-Length"])
  }

  @Test(arguments: [[1], [16, 255, 0, 256], [70000, 1]])
  func `9112 §7.1: a stream of chunks reads back as what went in`(_ sizes: [Int]) throws {
    let contents = sizes.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) } }
    // A request's parser decodes the same coding.
    var parser = RequestParser()
    parser.append(octets("POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~"))
    for content in contents { parser.append(ResponseEncoder.chunk(content)) }
    let name = try #require(HTTPField.Name("X-T"))
    parser.append(ResponseEncoder.lastChunk(trailers: [name: "y", .contentLength: "1"]))
    var received: [UInt8] = []
    var trailers: HTTPFields?
    while trailers == nil {
      switch try parser.next() {
      case .needMore: throw Unfinished()
      case .head: break
      case .body(let bytes): received += bytes
      case .end(let fields): trailers = fields
      }
    }
    #expect(received == contents.flatMap { $0 })
    #expect(trailers.map { $0.map(\.name) } == [name])
  }

  @Test func `9112 §7.1: no content makes no chunk, since an empty one would be the last`() {
    #expect(ResponseEncoder.chunk([]).isEmpty)
    #expect(text(ResponseEncoder.lastChunk()) == "0~~")
  }

  @Test func `9112 §6.1: a stream is chunked to HTTP/1.1 and ends with the connection to HTTP/1.0`() {
    for (isHTTP11, coding) in [(true, ["chunked"]), (false, [])] {
      let head = ResponseEncoder.head(
        status: .ok, fields: [:], framing: .stream(isHTTP11: isHTTP11), persistence: .close, date: Peer.date)
      let parsed = parseResponses(head)[0]
      #expect(parsed["Transfer-Encoding"] == coding)
      #expect(parsed["Content-Length"].isEmpty)
    }
  }

  @Test func `9110 §15.2: the interim response is a status line and an empty line`() {
    #expect(text(ResponseEncoder.continueResponse) == "HTTP/1.1 100 Continue~~")
  }
}
