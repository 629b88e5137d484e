// Who waits for a change of which job: the meeting point of long polls and workers.

import Synchronization

/// Wakes those who wait for a job to change. Waiting holds no thread.
package final class ChangeFeed: Sendable {
  private let subscribers = Mutex<[JobID: [UInt64: AsyncStream<Void>.Continuation]]>([:])
  private let tickets = Atomic<UInt64>(0)

  package init() {}

  /// A stream that yields after every later `signal` for the job; signals that nobody awaits fold into one.
  ///
  /// The subscription ends with `end()`, when the stream is dropped, or with the task that iterates it.
  package func subscribe(to id: JobID) -> (changes: AsyncStream<Void>, end: @Sendable () -> Void) {
    let ticket = tickets.add(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    subscribers.withLock { $0[id, default: [:]][ticket] = continuation }
    continuation.onTermination = { [weak self] _ in self?.remove(ticket, of: id) }
    return (stream, { continuation.finish() })
  }

  package func signal(_ id: JobID) {
    // Resumed outside the lock: a termination handler takes it again.
    let continuations = subscribers.withLock { $0[id].map { Array($0.values) } ?? [] }
    for continuation in continuations { continuation.yield() }
  }

  /// Subscriptions that have not ended.
  package var count: Int {
    subscribers.withLock { $0.values.reduce(0) { $0 + $1.count } }
  }

  private func remove(_ ticket: UInt64, of id: JobID) {
    subscribers.withLock { subscribers in
      subscribers[id]?[ticket] = nil
      if subscribers[id]?.isEmpty == true { subscribers[id] = nil }
    }
  }
}
