// Which jobs have changed, for one who watches all of them.

import Synchronization

/// The jobs that have changed since a watcher looked; however often one changes, it is in there once.
final class WatchedChanges: Sendable {
  fileprivate let changed = Mutex<Set<JobID>>([])
  fileprivate let wakeUps: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (wakeUps, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func note(_ id: JobID) {
    changed.withLock { _ = $0.insert(id) }
    wake()
  }

  func wake() { continuation.yield() }
  func end() { continuation.finish() }
}

/// One who watches all jobs. To be let go of when nobody reads any more.
public final class ChangeWatcher: Sendable {
  private let changes: WatchedChanges
  private let left: @Sendable () -> Void

  init(_ changes: WatchedChanges, left: @escaping @Sendable () -> Void) {
    self.changes = changes
    self.left = left
  }

  deinit { left() }

  /// The jobs that have changed since the last call, the oldest first.
  public func take() -> [JobID] {
    changes.changed.withLock { changed in
      defer { changed = [] }
      return changed.sorted()
    }
  }

  /// Returns true when a job may have changed, and every few seconds in any case; false when the service drains or the task
  /// is cancelled. One call at a time.
  public func wait() async -> Bool {
    var iterator = changes.wakeUps.makeAsyncIterator()
    return await iterator.next(isolation: nil) != nil
  }
}
