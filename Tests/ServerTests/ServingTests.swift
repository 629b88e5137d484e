// What a client gets over a real socket: order, framing, size and the fields that the server adds.

import HTTP
import Net
import Server
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(10))) struct ServingTests {
  @Test func `requests on one connection are answered one after the other, with Date and request id`()
    async throws
  {
    try await withServer { _, port in
      try await onThread {
        let client = try Client(port: port)
        for index in 0..<20 {
          let reply = try #require(try client.get("/\(index)", fields: "X-Request-Id: r\(index)\r\n"))
          #expect(reply.status == 200)
          #expect(reply.text == "/\(index)")
          #expect(reply.fields["date"] == "Thu, 01 Jan 2026 00:00:00 GMT")
          #expect(reply.fields["x-request-id"] == "r\(index)")
        }
      }
    }
  }

  @Test func `a request without an id gets a fresh one of 32 hexadecimal digits`() async throws {
    try await withServer { _, port in
      let ids = try await onThread {
        let client = try Client(port: port)
        return try (0..<50).map { _ in try client.get("/")?.fields["x-request-id"] ?? "" }
      }
      #expect(Set(ids).count == 50)
      #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
  }

  @Test func `pipelined requests are answered in order, and close ends the connection`() async throws {
    try await withServer { _, port in
      try await onThread {
        let client = try Client(port: port)
        let requests = (0..<200).map { "GET /\($0) HTTP/1.1\r\nHost: test\r\n\r\n" }
        try client.send(requests.joined() + "GET /last HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        for index in 0..<200 { #expect(try client.reply()?.text == "/\(index)") }
        #expect(try client.reply()?.fields["connection"] == "close")
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test func `a request is understood however its octets arrive`() async throws {
    try await withServer(.echo) { _, port in
      try await onThread {
        let client = try Client(port: port)
        let request =
          "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
        for octet in request.utf8 { try client.send([octet]) }
        #expect(try client.reply()?.text == "abcdefg")
        #expect(try client.post("/", Array("next".utf8))?.text == "next")
      }
    }
  }

  @Test func `10 MB go up and come down unchanged, while others are served although the reader is slow`()
    async throws
  {
    let body = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    try await withServer(.echo) { _, port in
      let echoed = try await onThread {
        let slow = try Client(port: port, receiveBuffer: 65_536)
        try slow.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\r\n")
        try slow.send(body)
        // Nothing of the large response has been read yet, and far more waits than the kernel's buffers hold.
        let other = try Client(port: port)
        for _ in 0..<20 { #expect(try other.post("/", [1, 2, 3])?.body == [1, 2, 3]) }
        return try slow.reply()?.body
      }
      #expect(echoed == body)
    }
  }

  @Test func `a client that asks before it sends its body is told to go on, or why not`() async throws {
    try await withServer(.echo) { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.reply()?.status == 100)
        try client.send("body")
        #expect(try client.reply()?.text == "body")
        try client.send(
          "POST /refuse HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.reply()?.status == 403)
      }
    }
  }

  @Test func `a client that has finished sending still gets its responses, then the end`() async throws {
    try await withServer { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send("GET /a HTTP/1.1\r\nHost: test\r\n\r\nGET /b HTTP/1.1\r\nHost: test\r\n\r\n")
        try client.finishSending()
        #expect(try client.reply()?.text == "/a")
        #expect(try client.reply()?.text == "/b")
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test func `an error response survives the octets that the client goes on sending`() async throws {
    try await withServer { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send("NOT HTTP\r\n\r\n")
        for _ in 0..<50 { try client.send([UInt8](repeating: 0x78, count: 10_000)) }
        #expect(try client.reply()?.status == 400)
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test func `two hundred connections are served at the same time`() async throws {
    try await withServer(.path) { _, port in
      try await onThread {
        let clients = try (0..<200).map { _ in try Client(port: port) }
        for round in 0..<3 {
          for (index, client) in clients.enumerated() {
            try client.send("GET /\(round)/\(index) HTTP/1.1\r\nHost: test\r\n\r\n")
          }
          for (index, client) in clients.enumerated().reversed() {
            #expect(try client.reply()?.text == "/\(round)/\(index)")
          }
        }
      }
    }
  }

  @Test func `the log has one line per exchange, without the query`() async throws {
    let lines = Record<String>()
    let log = Logger(label: "http") { label in
      LineLogHandler(label: label, level: .info, format: .text, clock: FixedClock()) { line in
        if line.contains(": request ") { lines.add(line) }
      }
    }
    try await withServer(.echo, log: log) { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send(
          "POST /a?token=secret HTTP/1.1\r\nHost: test\r\nX-Request-Id: r1\r\nContent-Length: 5\r\n\r\nhello")
        #expect(try client.reply()?.text == "hello")
        try client.send("GET /\u{1B} HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try client.reply()?.status == 400)
      }
    }
    #expect(lines.all.count == 2)
    let first = try #require(lines.all.first)
    for part in ["method=POST", "path=/a ", "status=200", "bytes_in=5", "request_id=r1", "peer=127.0.0.1:"] {
      #expect(first.contains(part))
    }
    #expect(!first.contains("secret"))
    #expect(first.firstMatch(of: #/duration_us=[0-9]+ /#) != nil)
    let second = try #require(lines.all.last)
    #expect(second.contains("status=400"))
    #expect(second.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }
}
