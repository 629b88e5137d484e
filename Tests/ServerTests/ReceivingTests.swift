// Bodies that go to a sink over real sockets: whole, with bounded memory, and let go of when the client is gone.

import HTTP
import HTTPTypes
import Server
import Synchronization
import Testing

/// Takes pieces when it may, and keeps account of them.
private final class Gate: ContentSink {
  private struct State {
    var isOpen: Bool
    var waiting: [CheckedContinuation<Void, Never>] = []
    var content: [UInt8] = []
    var sizes: [Int] = []
  }

  struct Failure: Error {}

  private let state: Mutex<State>
  private let record: Record<String>
  private let fails: Bool

  init(_ record: Record<String>, isOpen: Bool = true, fails: Bool = false) {
    state = Mutex(State(isOpen: isOpen))
    self.record = record
    self.fails = fails
  }

  var content: [UInt8] { state.withLock { $0.content } }
  var sizes: [Int] { state.withLock { $0.sizes } }

  func take(_ bytes: [UInt8]) async throws {
    state.withLock { state in
      state.content += bytes
      state.sizes.append(bytes.count)
    }
    record.add("took")
    if fails { throw Failure() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOpen = state.withLock { state in
          if !state.isOpen { state.waiting.append(continuation) }
          return state.isOpen
        }
        if isOpen { continuation.resume() }
      }
    } onCancel: {
      record.add("cancelled")
      open()
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func abandon() { record.add("abandoned") }
}

@Suite(.timeLimit(.minutes(10))) struct ReceivingTests {
  private let record = Record<String>()
  private let gates = Record<Gate>()

  /// Answers with how many octets the sink of the same number has, or of the request itself.
  private func responder(isOpen: Bool = true, fails: Bool = false) -> TestResponder {
    var responder = TestResponder { [gates] request in
      guard request.method == .post else { return .text("whole") }
      return .text("\(gates.all.last?.content.count ?? -1) \(request.body.count)")
    }
    responder.sink = { [record, gates] request in
      guard request.method == .post else { return nil }
      let gate = Gate(record, isOpen: isOpen, fails: fails)
      gates.add(gate)
      return gate
    }
    return responder
  }

  private static func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  /// The head of a request and the first octets of its content, of which more would come.
  private static func beginning(_ content: [UInt8], isChunked: Bool) -> [UInt8] {
    guard isChunked else {
      return Array("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(content.count + 1)\r\n\r\n".utf8)
        + content
    }
    var bytes = Array("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    for start in stride(from: 0, to: content.count, by: 50_000) {
      let chunk = content[start..<min(start + 50_000, content.count)]
      bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
    }
    return bytes
  }

  @Test(arguments: [false, true])
  func `a long body comes whole, and the connection goes on`(isChunked: Bool) async throws {
    let content = Self.content(3_000_000)
    try await withServer(responder()) { _, port in
      try await onThread {
        let client = try Client(port: port)
        for _ in 0..<2 {
          try client.send(Self.beginning(content, isChunked: isChunked))
          try client.send(isChunked ? Array("0\r\n\r\n".utf8) : [9])
          #expect(try client.reply()?.text == "\(content.count + (isChunked ? 0 : 1)) 0")
        }
        #expect(
          try client.post("/", Self.content(65_536))?.text == "0 65536", "a short one is the request's own")
        #expect(try client.get("/")?.text == "whole")
      }
    }
    #expect(gates.all.map { $0.content.prefix(content.count) } == [content[...], content[...], []])
    #expect(!record.all.contains("abandoned"))
  }

  @Test func `however many send however much, what their sinks have not taken is bounded`() async throws {
    let clients = 24
    let content = Self.content(6 << 20)
    let limits = ConnectionLimits()
    try await withServer(responder(isOpen: false)) { server, port in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<clients {
          group.addTask {
            try await onThread {
              let client = try Client(port: port)
              try client.send(Self.beginning(content, isChunked: index % 2 == 0))
              #expect(try client.reply() == nil)
            }
          }
        }
        await record.reached(clients)
        try await onThread {
          // Long enough for the server to read all of it, if it went on reading.
          let other = try Client(port: port)
          for _ in 0..<300 { #expect(try other.get("/")?.text == "whole") }
        }
        #expect(gates.all.allSatisfy { $0.sizes.count == 1 })
        for gate in gates.all { gate.open() }
        // All but what is too short to be a piece is taken.
        var seen = clients
        while gates.all.contains(where: { $0.content.count < content.count - limits.delivery }) {
          await record.reached(seen + 1)
          seen = record.all.count
        }
        // What has been read in one go may be beyond the bound.
        let most = gates.all.flatMap(\.sizes).max() ?? 0
        #expect(most <= limits.undelivered + 64 * 1024 && most > limits.undelivered / 2)
        #expect(gates.all.allSatisfy { content.starts(with: $0.content) })
        await server.shutdown(grace: 0)
        try await group.waitForAll()
      }
    }
    #expect(record.all.count { $0 == "abandoned" } == clients)
  }

  @Test func `a client that vanishes while its content is taken cancels that, and the sink hears of it`()
    async throws
  {
    try await withServer(responder(isOpen: false)) { _, port in
      try await onThread {
        let client = try Client(port: port)
        try client.send(Self.beginning(Self.content(100_000), isChunked: false))
        try client.resetAtEnd()
        while self.record.all.isEmpty { #expect(try Client(port: port).get("/")?.text == "whole") }
      }
      await record.reached(3)
      #expect(Set(record.all) == ["took", "cancelled", "abandoned"])
    }
  }

  @Test func `a sink that fails has an answer, and the connection ends where much is still to come`()
    async throws
  {
    try await withServer(responder(fails: true)) { _, port in
      try await onThread {
        let client = try Client(port: port)
        #expect(try client.post("/", Self.content(100_000))?.status == 409)
        #expect(try client.get("/")?.text == "whole")
        try client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9000000\r\n\r\n")
        try client.send(Self.content(100_000))
        #expect(try client.reply()?.status == 409)
        #expect(try client.reply() == nil)
      }
    }
  }
}
