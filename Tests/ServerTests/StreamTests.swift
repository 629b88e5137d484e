// Streams over real sockets: whole, no faster than they are read, and let go of when the client is gone.

import HTTP
import HTTPTypes
import Server
import Synchronization
import Testing

/// Gives pieces of content and keeps account of it.
private final class Pieces: ContentProducer {
  struct Account {
    var given = 0
    var isGivingUp = false
  }

  let account = Mutex(Account())
  let size: Int
  let count: Int?
  let ended: Record<String>

  /// - Parameter count: pieces; nil: until the client is gone.
  init(size: Int, count: Int?, ended: Record<String> = Record()) {
    self.size = size
    self.count = count
    self.ended = ended
  }

  var given: Int { account.withLock { $0.given } }

  func next() async throws -> [UInt8]? {
    if Task.isCancelled { ended.add("cancelled") }
    let given = given
    if let count, given == count { return nil }
    account.withLock { $0.given += 1 }
    return [UInt8](repeating: UInt8(given % 251), count: size)
  }

  deinit { ended.add("released") }
}

@Suite(.timeLimit(.minutes(10))) struct StreamTests {
  private func responder(_ make: @escaping @Sendable () -> Response.Body) -> TestResponder {
    TestResponder { request in
      request.target.segments == ["whole"] ? .text("whole") : Response(status: .ok, body: make())
    }
  }

  @Test func `a long stream comes whole, and the connection goes on`() async throws {
    try await withServer(responder { .stream(ContentStream(Pieces(size: 100_000, count: 60))) }) { _, port in
      try await onThread {
        let client = try Client(port: port)
        for _ in 0..<2 {
          let reply = try #require(try client.get("/"))
          #expect(reply.fields["transfer-encoding"] == "chunked")
          #expect(reply.body == (0..<60).flatMap { [UInt8](repeating: UInt8($0), count: 100_000) })
          #expect(try client.get("/whole")?.text == "whole")
        }
      }
    }
  }

  @Test func `a client that does not read holds its producer up, and nobody else`() async throws {
    let pieces = Pieces(size: 16_384, count: 4096)
    try await withServer(responder { .stream(ContentStream(length: 16_384 * 4096, pieces)) }) { _, port in
      try await onThread {
        let client = try Client(port: port, receiveBuffer: 65_536)
        try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try client.head() == 200)
        let other = try Client(port: port)
        // Once the kernel's buffers are full nothing more is made.
        var (last, same) = (-1, 0)
        while same < 200 {
          #expect(try other.get("/whole")?.text == "whole")
          let given = pieces.given
          (last, same) = (given, given == last ? same + 1 : 0)
        }
        // At most what the kernel holds for a socket (4 MiB each way by default), far from the 64 MiB of the whole.
        #expect(last < 1024, "\(last) pieces were made")
      }
    }
  }

  @Test func `a client that goes away ends what was made for it`() async throws {
    let ended = Record<String>()
    try await withServer(
      responder { .stream(ContentStream(endsWithInput: true, Pieces(size: 100, count: nil, ended: ended))) }
    ) { _, port in
      for finishes in [true, false] {
        try await onThread {
          let client = try Client(port: port)
          try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
          #expect(try client.head() == 200)
          #expect(try client.chunk()?.count == 100)
          if finishes {
            try client.finishSending()
            while (try? client.chunk()) != nil {}
          }
        }
        await ended.reached(1)
      }
      while ended.all.count(where: { $0 == "released" }) < 2 { await ended.reached(ended.all.count + 1) }
    }
  }
}
