// Helpers of the socket tests: blocking calls on threads of their own, never on the pool that runs the tests.

import Net
import Synchronization

/// Runs blocking work on a new thread and awaits its outcome.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    do {
      try startThread(name: "test") { continuation.resume(with: Result { try body() }) }
    } catch {
      continuation.resume(throwing: error)
    }
  }
}

extension EventLoop {
  /// Runs work on the loop and awaits its outcome.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      execute { continuation.resume(returning: body()) }
    }
  }
}

/// Starts a loop, and stops it when the test is over.
func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
  let loop = try EventLoop(name: "test")
  try loop.start()
  try await body(loop)
  await loop.stop()
}

/// What happened, in order, from any thread.
final class Record<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  var all: [Element] { elements.withLock { $0 } }

  func add(_ element: Element) {
    elements.withLock { $0.append(element) }
  }
}

/// A listening socket that closures can share.
final class Listener: Sendable {
  let socket: ListeningSocket

  init(on address: SocketAddress = .loopback) throws {
    socket = try ListeningSocket(on: address)
  }
}

extension SocketAddress {
  /// 127.0.0.1, with any free port.
  static let loopback = SocketAddress(host: .v4(0x7F00_0001), port: 0)
}
