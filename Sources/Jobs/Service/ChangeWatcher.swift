// Which jobs have changed, for one who watches all of them.

import Synchronization

/// The jobs that have changed since a watcher looked; however often one changes, it is in there once.
final class WatchedChanges: Sendable {
  private struct State {
    var changed: Set<JobID> = []
    /// Those that may have nothing new but epochs.
    var trained: Set<JobID> = []
  }

  private let state = Mutex(State())
  let wakeUps = WakeUps()

  func note(_ id: JobID, _ change: ChangeFeed.Change) {
    switch change {
    case .any:
      state.withLock { _ = $0.changed.insert(id) }
      wakeUps.wake()
    case .epochs:
      state.withLock { _ = $0.trained.insert(id) }
      wakeUps.wakeForEpochs()
    }
  }

  /// During a rest, what has new epochs is left.
  fileprivate func take() -> [JobID] {
    let isResting = wakeUps.isResting
    return state.withLock { state in
      defer { state.changed = [] }
      if isResting { return state.changed.sorted() }
      defer { state.trained = [] }
      return state.changed.union(state.trained).sorted()
    }
  }
}

/// One who watches all jobs. To be let go of when nobody reads any more.
public final class ChangeWatcher: Sendable {
  private let changes: WatchedChanges
  private let sharedRest: SharedRest
  private let left: @Sendable () -> Void

  init(_ changes: WatchedChanges, _ sharedRest: SharedRest, left: @escaping @Sendable () -> Void) {
    self.changes = changes
    self.sharedRest = sharedRest
    self.left = left
  }

  deinit { left() }

  /// The jobs that have changed since the last call, the oldest first; during a rest without those that have but trained.
  public func take() -> [JobID] { changes.take() }

  /// Returns true when a job may have changed, and every few seconds in any case; false when the service drains or the task
  /// is cancelled. One call at a time.
  public func wait() async -> Bool { await changes.wakeUps.wait() }

  /// Whether a rest is not over yet.
  public var isResting: Bool { changes.wakeUps.isResting }

  /// Mere epochs do not wake this one for so many seconds, or until the rest that others have begun ends; everything else
  /// does as ever.
  public func rest(seconds: Double) { sharedRest.take(changes.wakeUps, seconds: seconds) }
}
