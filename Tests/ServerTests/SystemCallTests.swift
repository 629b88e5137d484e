// What a request costs the event loop in system calls: counts, which no other load on the machine changes.

import HTTP
import HTTPTypes
import Net
import Server
import Testing

/// Notes, on the loop's thread, how many system calls it has made when a request's head is complete.
private struct CountingResponder: Responder {
  let counts = Record<UInt64>()

  func admit(_ head: Request) -> Admission {
    counts.add(systemCallCount)
    return .accept(maximumBody: 1 << 20, handler: RequestHandler { _ in .text("ok") })
  }

  func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
    .text(error.code, status: error.status)
  }
}

@Suite(.timeLimit(.minutes(10))) struct SystemCallTests {
  /// epoll_wait and recv for the request, epoll_wait and send for the response; the thread that responds makes one
  /// more call, to wake the loop.
  private static let perRequest: UInt64 = 4

  @Test func `a small request on an open connection costs its loop four system calls`() async throws {
    let counts = try await counts { client in
      for _ in 0..<100 {
        let reply = try client.get("/")
        #expect(reply?.text == "ok")
      }
    }
    #expect(counts.count == 100)
    for (before, after) in zip(counts, counts.dropFirst()) { #expect(after - before <= Self.perRequest) }
  }

  @Test func `a small body that comes with its head costs nothing more`() async throws {
    let counts = try await counts { client in
      for _ in 0..<100 {
        try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello")
        let reply = try client.reply()
        #expect(reply?.text == "ok")
      }
    }
    #expect(counts.count == 100)
    for (before, after) in zip(counts, counts.dropFirst()) { #expect(after - before <= Self.perRequest) }
  }

  private func counts(_ talk: @escaping @Sendable (Client) throws -> Void) async throws -> [UInt64] {
    let responder = CountingResponder()
    let server = HTTPServer(
      configuration: .with { _ in }, responder: responder, clock: FixedClock(), log: .silent)
    let port = try server.start().address.port
    try await onThread { try talk(try Client(port: port)) }
    await server.shutdown(grace: 30)
    return responder.counts.all
  }
}
