// The count of requests that are being held, so that holding them can never exhaust the service.

import Synchronization

/// Admits at most so many waiting requests at a time.
final class Waiters: Sendable {
  private let maximum: Int
  private let count = Mutex(0)

  init(maximum: Int) {
    self.maximum = maximum
  }

  /// How many wait now.
  var waiting: Int { count.withLock { $0 } }

  /// Runs `body` while counting it among the waiting.
  ///
  /// - Throws: `.tooManyWaiters` at once if there is no room, or what `body` throws.
  func whileWaiting<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    let isAdmitted = count.withLock { count in
      guard count < maximum else { return false }
      count += 1
      return true
    }
    guard isAdmitted else { throw APIError.tooManyWaiters(maximum: maximum) }
    defer { count.withLock { $0 -= 1 } }
    return try await body()
  }
}
