// What the server does to clients that are slow, many, or gone.

import Glibc
import HTTP
import Net
import Server
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct LimitTests {
  @Test func `a head that does not end in time is answered with 408 and the end`() async throws {
    try await withServer(.path, .with { $0.timeouts.head = 0.05 }) { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send("GET / HTT")
        #expect(try client.reply()?.status == 408)
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test func `a body that stops arriving is answered with 408 and the end`() async throws {
    try await withServer(.path, .with { $0.timeouts.bodyStall = 0.05 }) { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf")
        #expect(try client.reply()?.status == 408)
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test func `an idle connection ends without a word`() async throws {
    try await withServer(.path, .with { $0.timeouts.idle = 0.05 }) { _, port in
      try await onThread {
        let client = try Client(port: port)
        #expect(try client.get("/")?.status == 200)
        #expect(try client.reply() == nil)
      }
    }
  }

  @Test func `a client that does not take its response loses the connection`() async throws {
    let large = TestResponder { _ in .bytes([UInt8](repeating: 7, count: 20_000_000)) }
    try await withServer(large, .with { $0.timeouts.writeStall = 0.05 }) { _, port in
      try await onThread {
        let client = try Client(port: port, receiveBuffer: 65_536)
        try client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        // The server would wait 30 s for the response to leave; that this ends at once is the write timer's
        // doing.
        try client.waitUntilReset()
      }
    }
  }

  @Test func `with all connections taken, the next one waits until one ends`() async throws {
    let paths = Record<String>()
    let responder = TestResponder { request in
      paths.add(request.target.segments.joined())
      return .text("")
    }
    try await withServer(responder, .with { $0.maximumConnections = 1 }) { _, port in
      try await onThread {
        var first: Client? = try Client(port: port)
        #expect(try first?.get("/first")?.status == 200)
        let second = try Client(port: port)
        try second.send("GET /second HTTP/1.1\r\nHost: test\r\n\r\n")
        for _ in 0..<20 { #expect(try first?.get("/first")?.status == 200) }
        #expect(!paths.all.contains("second"))
        first = nil
        #expect(try second.reply()?.status == 200)
      }
    }
  }

  @Test func `a quota counts clients apart, an IPv6 network as one, and forgets who has gone`() {
    let quota = ConnectionQuota(maximum: 4, maximumPerClient: 2)
    let network = (0..<3).map { IPAddress.v6(high: 1, low: $0, scope: 0) }
    let full = [network[0], network[1], network[2], .v4(1), .v4(2), .v4(3)].map { quota.admit($0) }
    #expect(full == [true, true, false, true, true, false])
    #expect(quota.isFull)
    quota.release(network[0])
    #expect(quota.total == 3)
    let again = [network[2], .v4(3)].map { quota.admit($0) }
    #expect(again == [true, false])
  }

  @Test(arguments: [IPAddress.v4(0x7F00_0001), .v4(0x7FFF_FFFE), .v6(high: 0, low: 1, scope: 0)])
  func `the machine itself, where a reverse proxy may be, has no share of its own`(peer: IPAddress) {
    let quota = ConnectionQuota(maximum: 3, maximumPerClient: 1)
    let admitted = (0..<4).map { _ in quota.admit(peer) }
    #expect(admitted == [true, true, true, false])
  }

  @Test func `resets at any moment leave the server serving`() async throws {
    try await withServer(.echo) { _, port in
      try await onThread {
        let starts = [
          "", "GET", "GET / HTTP/1.1\r\nHost: test\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nab",
          String(repeating: "GET / HTTP/1.1\r\nHost: test\r\n\r\n", count: 100),
        ]
        for _ in 0..<20 {
          for start in starts {
            let client = try Client(port: port)
            try client.send(start)
            try client.resetAtEnd()
          }
        }
        #expect(try Client(port: port).post("/", [1])?.body == [1])
      }
    }
  }

  @Test func `the work for a client that vanishes is cancelled, and its answer dropped`() async throws {
    let record = Record<String>()
    let responder = TestResponder { request in
      guard request.target.segments == ["wait"] else { return .text("ok") }
      record.add("began")
      try? await Task.sleep(for: .seconds(3600))
      record.add(Task.isCancelled ? "cancelled" : "slept")
      return .text("late")
    }
    try await withServer(responder) { _, port in
      let client = try await onThread {
        try HeldConnection(port: port, "GET /wait HTTP/1.1\r\nHost: test\r\n\r\n")
      }
      await record.reached(1)
      try await onThread { try client.reset() }
      await record.reached(2)
      #expect(record.all == ["began", "cancelled"])
      #expect(try await onThread { try Client(port: port).get("/")?.status } == 200)
    }
  }

  @Test func `without free descriptors new connections are closed, and old ones are served`() async {
    await #expect(processExitsWith: .success) {
      try await withServer { _, port in
        try await onThread {
          var limit = rlimit(rlim_cur: 128, rlim_max: 128)
          setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
          let old = try Client(port: port)
          #expect(try old.get("/")?.status == 200)
          var taken: [Int32] = []
          while case let descriptor = open("/dev/null", O_RDONLY), descriptor >= 0 {
            taken.append(descriptor)
          }
          // One for the client's own socket; then the server has none but its reserve.
          close(taken.removeLast())
          for _ in 0..<10 { try #require(isClosedAtOnce(port: port)) }
          try #require(try old.get("/")?.status == 200)
          for descriptor in taken { close(descriptor) }
          try #require(try Client(port: port).get("/")?.status == 200)
        }
      }
    }
  }
}

/// Whether the server ends a new connection instead of answering.
///
/// The one free descriptor may be missing for a moment: accept(2) takes one before it looks whether anybody is waiting.
private func isClosedAtOnce(port: Int) -> Bool {
  for _ in 0..<10_000 {
    do {
      return try Client(port: port).get("/") == nil
    } catch let error as SystemError where error.code == ECONNRESET || error.code == EPIPE {
      return true
    } catch let error as SystemError where error.code == EMFILE {
      sched_yield()
    } catch {
      Issue.record(error)
      return false
    }
  }
  Issue.record("no descriptor became free")
  return false
}

/// A connection that outlives the thread that made it.
private final class HeldConnection: Sendable {
  private let connection: Mutex<BlockingConnection?>

  init(port: Int, _ request: String) throws {
    let address = SocketAddress(host: .v4(0x7F00_0001), port: UInt16(port))
    let connection = try BlockingConnection(to: address, timeout: .seconds(50))
    try connection.send(Array(request.utf8))
    self.connection = Mutex(connection)
  }

  func reset() throws {
    try connection.withLock { connection in
      try connection?.resetWhenClosed()
      connection = nil
    }
  }
}
