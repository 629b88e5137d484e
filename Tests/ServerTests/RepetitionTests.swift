// Answers that are given again over real sockets: what they cost, and that each is told of as if it had been asked for.

import CTestSetup
import HTTP
import HTTPTypes
import Net
import Server
import Synchronization
import TLS
import Telemetry
import Testing

/// Answers once and says that it holds; counts, on the loop's thread, what happens between one repetition and the next.
private final class Held: Responder {
  let content: [UInt8]
  let admissions = Atomic<Int>(0)
  let repetitions = Atomic<Int>(0)
  let isTrue = Atomic<Bool>(true)
  /// Allocations and system calls on the loop's thread, as they stood last, and the most between two repetitions.
  private let allocations = Atomic<Int>(-1)
  private let systemCalls = Atomic<UInt64>(0)
  let mostAllocations = Atomic<Int>(0)
  let mostSystemCalls = Atomic<UInt64>(0)

  init(_ content: [UInt8] = Array("ok".utf8)) { self.content = content }

  func admit(_ head: Request) -> Admission {
    admissions.add(1, ordering: .relaxed)
    return .accept(
      maximumBody: 0,
      handler: RequestHandler(
        atOnce: { [self] request in
          var response = Response(status: .ok, body: .bytes(content))
          response.note = ExchangeNote(operation: "held", route: "/held", traceID: request.id)
          response.holds = { [self] in look() }
          return response
        },
        later: { _ in .text("late") }))
  }

  func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
    .text(error.code, status: error.status)
  }

  private func look() -> Bool {
    let (allocated, called) = (ct_allocations(), systemCallCount)
    if repetitions.add(1, ordering: .relaxed).newValue > 2 {
      mostAllocations.max(allocated - allocations.load(ordering: .relaxed), ordering: .relaxed)
      mostSystemCalls.max(called - systemCalls.load(ordering: .relaxed), ordering: .relaxed)
    }
    allocations.store(ct_allocations(), ordering: .relaxed)
    systemCalls.store(systemCallCount, ordering: .relaxed)
    return isTrue.load(ordering: .relaxed)
  }
}

@Suite(.timeLimit(.minutes(10))) struct ServedRepetitionTests {
  private func serve(
    _ responder: Held, log: Logger = .silent, security: TLSContext? = nil,
    _ body: @escaping @Sendable (_ port: Int) throws -> Void
  ) async throws {
    let server = HTTPServer(
      configuration: .with { _ in }, responder: responder, clock: FixedClock(), log: log, security: security)
    let port = try server.start().address.port
    try await onThread { try body(port) }
    await server.shutdown(grace: 30)
  }

  /// epoll_wait, recv, send.
  @Test(arguments: [2, 100_000])
  func `a request that is answered again costs three system calls and not one allocation`(_ size: Int)
    async throws
  {
    let held = Held([UInt8](repeating: 0x61, count: size))
    try await serve(held) { port in
      let client = try Client(port: port)
      for _ in 0..<200 { #expect(try client.get("/held")?.body.count == size) }
    }
    #expect(held.admissions.load(ordering: .relaxed) == 1)
    #expect(held.repetitions.load(ordering: .relaxed) == 199)
    // A sanitizer keeps its own books.
    if ct_allocations() != -1 { #expect(held.mostAllocations.load(ordering: .relaxed) == 0) }
    if size < 1000 { #expect(held.mostSystemCalls.load(ordering: .relaxed) <= 3) }
  }

  @Test func `each has an identifier and a line of the log of its own, also over TLS`() async throws {
    let secured = Secured()
    let trust = secured.trust
    for isSecured in [false, true] {
      let lines = Record<String>()
      let log = Logger(label: "http") { label in
        LineLogHandler(label: label, level: .info, format: .text, clock: FixedClock()) { line in
          if line.contains(": request ") { lines.add(line) }
        }
      }
      let ids = Record<String>()
      let held = Held()
      try await serve(held, log: log, security: isSecured ? secured.context() : nil) { port in
        let client = try Client(port: port, trusting: isSecured ? trust : nil)
        for _ in 0..<10 {
          let reply = try #require(try client.get("/held"))
          #expect(reply.text == "ok" && reply.fields["date"]?.utf8.count == 29)
          ids.add(reply.fields["x-request-id"] ?? "")
        }
        #expect(try client.get("/held", fields: "X-Request-Id: mine\r\n")?.fields["x-request-id"] == "mine")
        #expect(try client.get("/held", fields: "X-Request-Id: mine\r\n")?.fields["x-request-id"] == "mine")
      }
      #expect(Set(ids.all).count == 10)
      #expect(held.admissions.load(ordering: .relaxed) == 2)
      #expect(lines.all.count == 12)
      for (line, id) in zip(lines.all, ids.all + ["mine", "mine"]) {
        #expect(line.contains("request_id=\(id) ") && line.contains("status=200"))
        #expect(line.contains("trace_id=\(id)"))
        #expect(line.contains("tls_version=TLSv1.3") == isSecured)
      }
    }
  }

  @Test func `a long answer given again reaches a slow reader whole, in clear and over TLS`() async throws {
    let content = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    let secured = Secured()
    let trust = secured.trust
    for isSecured in [false, true] {
      let held = Held(content)
      try await serve(held, security: isSecured ? secured.context() : nil) { port in
        let slow = try Client(port: port, receiveBuffer: 4096, trusting: isSecured ? trust : nil)
        let other = try Client(port: port, trusting: isSecured ? trust : nil)
        #expect(try slow.get("/held")?.body == content)
        for _ in 0..<3 { try slow.send("GET /held HTTP/1.1\r\nHost: test\r\n\r\n") }
        #expect(try other.get("/held")?.body == content)
        for _ in 0..<3 { #expect(try slow.reply()?.body == content) }
      }
      #expect(held.repetitions.load(ordering: .relaxed) >= 2)
    }
  }

  @Test func `what does not hold is asked for anew, and one that does not fit in memory too`() async throws {
    let held = Held()
    try await serve(held) { port in
      let client = try Client(port: port)
      for _ in 0..<2 { _ = try client.get("/held") }
      held.isTrue.store(false, ordering: .relaxed)
      for _ in 0..<3 { #expect(try client.get("/held")?.text == "ok") }
    }
    #expect(held.admissions.load(ordering: .relaxed) == 4)
    // More requests than there are places, with more content than is kept.
    let large = Held([UInt8](repeating: 0x61, count: 500_000))
    try await serve(large) { port in
      let client = try Client(port: port)
      for round in 0..<2 {
        for index in 0..<100 { #expect(try client.get("/\(round)/\(index)")?.body.count == 500_000) }
      }
    }
    #expect(large.admissions.load(ordering: .relaxed) == 200)
  }
}
