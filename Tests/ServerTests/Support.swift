// What the server's tests share: a responder made of a closure, and a server on a free port.

import HTTP
import HTTPTypes
import Net
import Server
import Synchronization
import TLS
import Telemetry

/// Answers with a closure; refuses `/refuse` before its body.
struct TestResponder: Responder {
  var handle: @Sendable (Request) async -> Response
  /// Where the body of a request goes.
  var sink: @Sendable (Request) -> (any ContentSink)? = { _ in nil }

  func admit(_ head: Request) -> Admission {
    head.target.segments == ["refuse"]
      ? .refuse(.text("refused", status: .forbidden))
      : .accept(
        maximumBody: 32 << 20, sink: sink(head),
        handler: RequestHandler(later: handle, failed: { _, error in .text("\(error)", status: .conflict) }))
  }

  func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
    .text(error.code, status: error.status)
  }

  /// Sends the request's body back.
  static let echo = TestResponder { .bytes($0.body) }
  /// Sends the path back.
  static let path = TestResponder { .text($0.head.path ?? "") }
}

extension ServerConfiguration {
  /// The defaults with some changes, on a free port.
  static func with(_ change: (inout ServerConfiguration) -> Void) -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.port = 0
    change(&configuration)
    return configuration
  }
}

extension Response {
  static func bytes(_ bytes: [UInt8]) -> Response {
    Response(status: .ok, body: .bytes(bytes))
  }

  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(status: status, body: .bytes(Array(text.utf8)))
  }
}

/// 2026-01-01T00:00:00Z for ever.
struct FixedClock: WallClock {
  func now() -> Timestamp { Timestamp(milliseconds: 1_767_225_600_000) }
}

/// What happened, in order, from any thread; tests await its growth.
final class Record<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var all: [Element] { state.withLock { $0.elements } }

  func add(_ element: Element) {
    let ready = state.withLock { state in
      state.elements.append(element)
      let count = state.elements.count
      defer { state.waiting.removeAll { $0.count <= count } }
      return state.waiting.filter { $0.count <= count }
    }
    for waiter in ready { waiter.continuation.resume() }
  }

  /// Returns when there are at least `count` elements.
  func reached(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isReady = state.withLock { state in
        if state.elements.count < count { state.waiting.append((count, continuation)) }
        return state.elements.count >= count
      }
      if isReady { continuation.resume() }
    }
  }
}

/// Runs blocking work on a new thread and awaits its outcome.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    do {
      try startThread(name: "client") { continuation.resume(with: Result { try body() }) }
    } catch {
      continuation.resume(throwing: error)
    }
  }
}

/// Serves on a free port of 127.0.0.1 while `body` runs.
func withServer(
  _ responder: TestResponder = .path, _ configuration: ServerConfiguration = .with { _ in },
  log: Logger = .silent, security: TLSContext? = nil,
  _ body: (_ server: HTTPServer, _ port: Int) async throws -> Void
) async throws {
  let server = HTTPServer(
    configuration: configuration, responder: responder, clock: FixedClock(), log: log, security: security)
  try await body(server, server.start().address.port)
  await server.shutdown(grace: 30)
}

extension Logger {
  static let silent = Logger(label: "server") { _ in SwiftLogNoOpLogHandler() }
}
