// Who waits for a change of which job: the meeting point of long polls and workers.

import Synchronization

/// Wakes those who wait for a job to change. Waiting holds no thread.
package final class ChangeFeed: Sendable {
  /// What has happened to a job.
  package enum Change {
    /// It has trained, and that is all.
    case epochs
    /// Anything.
    case any
  }

  private struct State {
    var subscribers: [JobID: [UInt64: AsyncStream<Void>.Continuation]] = [:]
    var watchers: [UInt64: WatchedChanges] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())
  private let tickets = Atomic<UInt64>(0)

  /// A feed that nobody is subscribed to.
  package init() {}

  /// A stream that yields after every later `signal` for the job; signals that nobody awaits fold into one.
  ///
  /// The subscription ends with `end()`, when the stream is dropped, with the task that iterates it, or with
  /// the feed.
  package func subscribe(to id: JobID) -> (changes: AsyncStream<Void>, end: @Sendable () -> Void) {
    let ticket = tickets.add(1, ordering: .relaxed).newValue
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { [weak self] _ in self?.remove(ticket, of: id) }
    let isClosed = state.withLock { state in
      if !state.isClosed { state.subscribers[id, default: [:]][ticket] = continuation }
      return state.isClosed
    }
    if isClosed { continuation.finish() }
    return (stream, { continuation.finish() })
  }

  /// Watches all jobs from now on, until the watcher is let go of.
  func watch(_ sharedRest: SharedRest) -> ChangeWatcher {
    let ticket = tickets.add(1, ordering: .relaxed).newValue
    let changes = WatchedChanges()
    let isClosed = state.withLock { state in
      if !state.isClosed { state.watchers[ticket] = changes }
      return state.isClosed
    }
    if isClosed { changes.wakeUps.end() }
    return ChangeWatcher(changes, sharedRest) { [weak self] in
      self?.state.withLock { $0.watchers[ticket] = nil }
    }
  }

  /// Has all watchers look up although nothing has changed.
  func tick() {
    for watcher in state.withLock({ Array($0.watchers.values) }) { watcher.wakeUps.wake() }
  }

  /// Whether anybody watches all jobs.
  var isWatched: Bool { state.withLock { !$0.watchers.isEmpty } }

  /// Tells all who wait for the job that it has changed.
  package func signal(_ id: JobID, _ change: Change = .any) {
    // Resumed outside the lock: a termination handler takes it again.
    let (continuations, watchers) = state.withLock { state in
      (state.subscribers[id].map { Array($0.values) } ?? [], Array(state.watchers.values))
    }
    for continuation in continuations { continuation.yield() }
    for watcher in watchers { watcher.note(id, change) }
  }

  /// Has those who wait for the job look at it, although it has not changed by itself.
  func nudge(_ id: JobID) {
    for continuation in state.withLock({ $0.subscribers[id].map { Array($0.values) } ?? [] }) {
      continuation.yield()
    }
  }

  /// Ends every subscription, now and from now on.
  package func close() {
    let (continuations, watchers) = state.withLock { state in
      state.isClosed = true
      return (state.subscribers.values.flatMap(\.values), Array(state.watchers.values))
    }
    for continuation in continuations { continuation.finish() }
    for watcher in watchers { watcher.wakeUps.end() }
  }

  /// Subscriptions that have not ended.
  package var count: Int {
    state.withLock { $0.subscribers.values.reduce(0) { $0 + $1.count } }
  }

  private func remove(_ ticket: UInt64, of id: JobID) {
    state.withLock { state in
      state.subscribers[id]?[ticket] = nil
      if state.subscribers[id]?.isEmpty == true { state.subscribers[id] = nil }
    }
  }
}
