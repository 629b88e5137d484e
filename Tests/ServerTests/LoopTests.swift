// Several loops on one address: connections are dealt out among them, and they count, end and fail as one server.

import HTTP
import HTTPTypes
import Net
import Server
import Testing

@Suite(.timeLimit(.minutes(10))) struct LoopTests {
  @Test func `connections are dealt out among the loops`() async throws {
    let names = Record<String>()
    let responder = TestResponder { request in
      names.add(request.head.path ?? "")
      return .text("ok")
    }
    try await withServer(responder, .with { $0.loops = 4 }) { _, port in
      try await onThread {
        let clients = try (0..<64).map { _ in try Client(port: port) }
        for (index, client) in clients.enumerated() {
          #expect(try client.get("/\(index)")?.text == "ok")
          #expect(try client.get("/\(index)")?.text == "ok")
        }
      }
    }
    #expect(names.all.count == 128 && Set(names.all).count == 64)
  }

  @Test func `all loops together hold no more connections than may be open`() async throws {
    let configuration = ServerConfiguration.with {
      $0.loops = 3
      $0.maximumConnections = 6
    }
    try await withServer(.path, configuration) { _, port in
      try await onThread {
        var clients = try (0..<6).map { _ in try Client(port: port) }
        for client in clients { #expect(try client.get("/")?.status == 200) }
        // It waits to be accepted, on whichever loop, until one of the others has gone.
        let last = try Client(port: port)
        try last.send("GET /last HTTP/1.1\r\nHost: test\r\n\r\n")
        clients.removeFirst()
        #expect(try last.reply()?.text == "/last")
        for client in clients { #expect(try client.get("/")?.status == 200) }
      }
    }
  }

  @Test func `a port that another server has is refused, however many loops there are`() async throws {
    try await withServer(.path, .with { $0.loops = 2 }) { _, port in
      for loops in [1, 2] {
        let second = HTTPServer(
          configuration: .with {
            $0.port = UInt16(port)
            $0.loops = loops
          }, responder: TestResponder.path, clock: FixedClock(), log: .silent)
        let error = #expect(throws: ListenError.self) { _ = try second.start() }
        #expect(error?.isAddressInUse == true)
      }
    }
  }
}
