// The orderly end: what runs is finished, what is idle is closed, and nothing lasts beyond the grace.

import Glibc
import HTTP
import Net
import Server
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(10))) struct ShutdownTests {
  @Test func `a running request gets its full response, and an idle connection ends`() async throws {
    let began = Record<Void>()
    let goOn = Record<Void>()
    let responder = TestResponder { request in
      if request.target.segments == ["wait"] {
        began.add(())
        await goOn.reached(1)
      }
      return .text("done")
    }
    try await withServer(responder) { server, port in
      async let running = onThread {
        let client = try Client(port: port)
        let reply = try client.get("/wait")
        return (reply, try client.reply())
      }
      await began.reached(1)
      let idleIsReady = Record<Void>()
      async let idle = onThread {
        let client = try Client(port: port)
        #expect(try client.get("/")?.status == 200)
        idleIsReady.add(())
        return try client.reply()
      }
      await idleIsReady.reached(1)
      async let shutdown: Void = server.shutdown(grace: 30)
      let afterIdle = try await idle
      #expect(afterIdle == nil)
      await #expect(throws: SystemError(call: "connect", code: ECONNREFUSED)) {
        try await onThread { _ = try Client(port: port) }
      }
      goOn.add(())
      let (reply, end) = try await running
      #expect(reply?.text == "done")
      #expect(reply?.fields["connection"] == "close")
      #expect(end == nil)
      await shutdown
    }
  }

  @Test func `what does not finish within the grace is cut off and cancelled`() async throws {
    let record = Record<String>()
    let responder = TestResponder { _ in
      record.add("began")
      try? await Task.sleep(for: .seconds(3600))
      record.add("cancelled")
      return .text("late")
    }
    try await withServer(responder) { server, port in
      async let cut = onThread {
        do { return try Client(port: port).get("/") == nil } catch is SystemError { return true }
      }
      await record.reached(1)
      await server.shutdown(grace: 0.05)
      let wasCut = try await cut
      #expect(wasCut)
      await record.reached(2)
      #expect(record.all == ["began", "cancelled"])
    }
  }

  @Test func `under load every request that the responder saw is answered in full, and none is reset`()
    async throws
  {
    let seen = Record<Void>()
    let responder = TestResponder { _ in
      seen.add(())
      return .bytes([UInt8](repeating: 1, count: 10_000))
    }
    var answered = 0
    try await withServer(responder) { server, port in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<16 {
          group.addTask { try await onThread { try requestUntilRefused(port: port) } }
        }
        await seen.reached(500)
        await server.shutdown(grace: 30)
        for try await count in group { answered += count }
      }
    }
    #expect(answered >= 500)
    #expect(answered == seen.all.count)
  }

  @Test func `the address is free again afterwards, and taken in between`() async throws {
    var configuration = ServerConfiguration.with { _ in }
    let first = HTTPServer(configuration: configuration, responder: TestResponder.path, log: .silent)
    configuration.port = UInt16(try first.start().address.port)
    let second = HTTPServer(configuration: configuration, responder: TestResponder.path, log: .silent)
    let error = #expect(throws: ListenError.self) { try second.start() }
    #expect(error?.description.hasSuffix("bind: Address already in use") == true)
    await first.shutdown(grace: 30)
    await first.shutdown(grace: 30)
    let third = HTTPServer(configuration: configuration, responder: TestResponder.path, log: .silent)
    #expect(try third.start().address.description == "127.0.0.1:\(configuration.port)")
    await third.shutdown(grace: 30)
  }
}

/// Sends requests over short-lived connections until the server is gone; how many were answered in full.
private func requestUntilRefused(port: Int) throws -> Int {
  var answered = 0
  while true {
    var repliesOfConnection = 0
    do {
      let client = try Client(port: port)
      while repliesOfConnection < 10 {
        // The end in place of a reply is the server's right between two requests.
        guard let reply = try client.get("/") else { break }
        #expect(reply.body.count == 10_000)
        repliesOfConnection += 1
        answered += 1
      }
    } catch let error as SystemError where error.code == ECONNREFUSED {
      return answered
    } catch let error as SystemError where repliesOfConnection == 0 && error.code == ECONNRESET {
      // The handshake ended just when the listening socket closed: this connection was never accepted.
      continue
    }
  }
}
