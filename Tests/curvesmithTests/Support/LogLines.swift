// A log that a test waits for, and blocking work beside Swift's threads.

import Dispatch
import Synchronization
import Telemetry

/// Messages in the order in which they were logged.
final class LogLines: Sendable {
  private struct State {
    var lines: [String] = []
    var waiting: [(text: String, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  /// Returns when this message has been logged.
  func wait(for text: String) async throws {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        let isThere = state.lines.contains(text)
        if !isThere { state.waiting.append((text, continuation)) }
        return isThere
      }
      if isThere { continuation.resume() }
    }
  }

  private func add(_ text: String) {
    let ready = state.withLock { state in
      state.lines.append(text)
      defer { state.waiting.removeAll { $0.text == text } }
      return state.waiting.filter { $0.text == text }
    }
    for waiter in ready { waiter.continuation.resume() }
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add("\(event.message)") }
  }
}

/// Runs blocking work on a thread of Dispatch.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}
