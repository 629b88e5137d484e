// Responses whose content is made while it is sent, without a socket.

import HTTP
import HTTPTypes
import Testing

/// A producer that is never asked: the tests say what it would have given.
struct Silent: ContentProducer {
  func next() async throws -> [UInt8]? { nil }
}

@Suite struct StreamingTests {
  private static let get = "GET /s HTTP/1.1~Host: h~~"

  /// A peer whose responses are streams.
  private func peer(
    length: Int? = nil, endsWithInput: Bool = false, writeAhead: Int? = nil, status: HTTPResponse.Status = .ok
  ) -> Peer {
    Peer(
      responder: Echo(
        stream: ContentStream(
          length: length, endsWithInput: endsWithInput, writeAhead: writeAhead, Silent()),
        streamStatus: status))
  }

  /// What was received behind the head.
  private func content(_ peer: Peer) -> String {
    let received = text(peer.received)
    return received.firstRange(of: "~~").map { String(received[$0.upperBound...]) } ?? "no head: \(received)"
  }

  private func fields(_ peer: Peer) -> String {
    let received = text(peer.received)
    return received.firstRange(of: "~~").map { String(received[..<$0.lowerBound]) } ?? ""
  }

  @Test func `9112 §7.1: what is not known to end is chunked, and the connection stays`() {
    var peer = peer()
    peer.send(Self.get)
    #expect(fields(peer).contains("~Transfer-Encoding: chunked") && !fields(peer).contains("Content-Length"))
    peer.feed(.produced(octets("hello")))
    peer.feed(.produced(octets("0123456789abcdef")))
    #expect(content(peer) == "5~hello~10~0123456789abcdef~" && peer.exchanges.isEmpty)
    peer.feed(.productionEnded)
    #expect(content(peer) == "5~hello~10~0123456789abcdef~0~~")
    #expect(peer.exchanges.map(\.sent) == [peer.received.count] && peer.exchanges[0].isComplete)
    #expect(!peer.isEnding && peer.connection.isIdle)
  }

  @Test func `9112 §6.3: to HTTP/1.0 it ends with the connection, whatever the client wished`() {
    var peer = peer()
    peer.send("GET /s HTTP/1.0~Connection: keep-alive~~")
    #expect(fields(peer).contains("~Connection: close") && !fields(peer).contains("chunked"))
    peer.feed(.produced(octets("hello")))
    peer.feed(.productionEnded)
    #expect(content(peer) == "hello" && peer.isHalfClosed)
  }

  @Test(arguments: ["1.0", "1.1"])
  func `a known length frames it in either version`(version: String) {
    var peer = peer(length: 8)
    peer.send("GET /s HTTP/\(version)~Host: h~Connection: keep-alive~~")
    #expect(fields(peer).contains("~Content-Length: 8"))
    peer.feed(.produced(octets("hell")))
    peer.feed(.produced(octets("o...")))
    peer.feed(.productionEnded)
    #expect(content(peer) == "hello..." && !peer.isEnding)
  }

  @Test(arguments: [3, 5])
  func `less or more than the length ends the connection, and nothing beyond the length is sent`(given: Int) {
    var peer = peer(length: 4)
    peer.send(Self.get)
    peer.feed(.produced([UInt8](repeating: 0x61, count: given)))
    if !peer.isClosed { peer.feed(.productionEnded) }
    #expect(peer.isClosed && peer.exchanges.map(\.isComplete) == [false])
    #expect(content(peer) == (given < 4 ? "aaa" : ""))
  }

  @Test func `9112 §8: content that fails half-way has no last chunk`() {
    var peer = peer()
    peer.send(Self.get)
    peer.feed(.produced(octets("hello")))
    peer.feed(.productionFailed)
    #expect(content(peer) == "5~hello~" && peer.isClosed)
    #expect(peer.exchanges.map(\.isComplete) == [false] && peer.exchanges.map(\.status) == [200])
  }

  @Test func `9110 §9.3.2: HEAD asks for nothing and leaves the connection open`() {
    var peer = peer()
    peer.send("HEAD /s HTTP/1.1~Host: h~~")
    #expect(peer.productions == 0 && content(peer) == "" && !peer.isEnding && peer.connection.isIdle)
    #expect(!fields(peer).contains("Content-Length") && !fields(peer).contains("Transfer-Encoding"))
    var known = self.peer(length: 8)
    known.send("HEAD /s HTTP/1.1~Host: h~~")
    #expect(fields(known).contains("~Content-Length: 8") && known.connection.isIdle)
  }

  @Test(arguments: [HTTPResponse.Status.noContent, .notModified])
  func `9110 §6.4.1: a status without content has none`(status: HTTPResponse.Status) {
    var peer = peer(status: status)
    peer.send(Self.get)
    #expect(peer.productions == 0 && content(peer) == "" && peer.connection.isIdle)
  }

  @Test(arguments: [nil, 16 * 1024])
  func `more is asked for only when little waits to be sent`(writeAhead: Int?) {
    var peer = peer(writeAhead: writeAhead)
    let little = writeAhead ?? 64 * 1024
    peer.takesWrites = false
    peer.send(Self.get)
    #expect(peer.productions == 1)
    peer.feed(.produced([UInt8](repeating: 1, count: 100_000)))
    peer.flush(leaving: little)
    #expect(peer.productions == 1 && peer.timers[.writeStall] != nil)
    peer.flush(leaving: little - 1)
    peer.flush(leaving: 10)
    #expect(peer.productions == 2)
    peer.feed(.productionEnded)
    #expect(peer.exchanges.count == 1 && !peer.connection.isIdle)
    peer.flush()
    #expect(peer.connection.isIdle && peer.timers[.writeStall] == nil)
  }

  @Test func `a producer may take its time, and one that gives nothing is asked again`() {
    var peer = peer()
    peer.send(Self.get)
    #expect(peer.timers[.writeStall] == nil && peer.timers[.idle] == nil)
    peer.feed(.produced([]))
    #expect(peer.productions == 2 && content(peer) == "")
  }

  @Test func `a client that does not read is given up`() {
    var peer = peer()
    peer.takesWrites = false
    peer.send(Self.get)
    peer.feed(.produced(octets("hello")))
    peer.fire(.writeStall)
    #expect(peer.isClosed && peer.connection.unfinished == nil)
  }

  @Test func `a client that leaves ends what lasts as long as it listens, and nothing else`() {
    var listening = peer(endsWithInput: true)
    listening.send(Self.get)
    listening.feed(.produced(octets("hello")))
    listening.feed(.endOfInput)
    #expect(listening.isClosed && listening.exchanges.map(\.isComplete) == [false])
    var reading = peer()
    reading.send(Self.get)
    reading.feed(.endOfInput)
    reading.feed(.produced(octets("hello")))
    reading.feed(.productionEnded)
    #expect(content(reading) == "5~hello~0~~" && reading.isEnding)
  }

  @Test func `the next request waits for the end of the stream`() {
    var peer = peer()
    peer.send(Self.get + Self.get)
    peer.feed(.produced(octets("hello")))
    #expect(peer.productions == 2 && peer.exchanges.isEmpty)
    peer.feed(.productionEnded)
    #expect(peer.exchanges.count == 1 && peer.productions == 3)
    peer.feed(.productionEnded)
    #expect(peer.exchanges.count == 2 && peer.connection.isIdle)
  }

  @Test func `a server that ends lets a stream end first`() {
    var peer = peer()
    peer.send(Self.get)
    peer.feed(.drain)
    peer.feed(.produced(octets("hello")))
    #expect(!peer.isEnding)
    peer.feed(.productionEnded)
    #expect(content(peer) == "5~hello~0~~" && peer.isHalfClosed)
  }

  @Test func `what comes late from a producer is nothing`() {
    var peer = peer()
    peer.send(Self.get)
    peer.feed(.productionEnded)
    let before = peer.received
    peer.feed(.produced(octets("late")))
    peer.feed(.productionEnded)
    peer.feed(.productionFailed)
    #expect(peer.received == before)
  }
}
