// Durable commits, shared by all changes that wait for one at the same time.

import GRDB
import Synchronization
import Telemetry

/// Runs changes of a database in the order of the calls, as many in one transaction as have come while the one before was
/// written: a disk makes a few hundred commits a second durable, however little is in each.
///
/// Each change has a savepoint of its own, so that one that throws leaves no trace and the others stand.
final class CommitQueue: Sendable {
  /// One change. `run` may be called again after a rollback; `end` is called once.
  private struct Change: Sendable {
    var run: @Sendable (Database) throws -> Void
    /// With what went wrong with the commit, if anything did.
    var end: @Sendable ((any Error)?) -> Void
  }

  private struct State {
    var waiting: [Change] = []
    var isScheduled = false
  }

  private let database: DatabaseQueue
  private let metrics: StoreMetrics
  private let state = Mutex(State())

  /// Changes of one transaction. More would keep the first waiting for long.
  private static let maximumCount = 256

  init(_ database: DatabaseQueue, metrics: StoreMetrics) {
    self.database = database
    self.metrics = metrics
  }

  /// Changes that no transaction has taken up yet.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Runs `change` and returns what it returned once that is on disk.
  ///
  /// - Throws: what `change` throws, or what SQLite reports about the commit; then nothing has changed.
  func commit<Value: Sendable>(
    _ change: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let outcome = Outcome<Value>()
      enqueue(
        Change(
          run: { db in try outcome.take { try change(db) } },
          end: { failure in continuation.resume(with: failure.map(Result.failure) ?? outcome.result) }))
    }
  }

  private func enqueue(_ change: Change) {
    let wasScheduled = state.withLock { state in
      state.waiting.append(change)
      defer { state.isScheduled = true }
      return state.isScheduled
    }
    if !wasScheduled { schedule() }
  }

  private func schedule() {
    database.asyncWriteWithoutTransaction { [self] db in
      let (changes, more) = state.withLock { state in
        let changes = Array(state.waiting.prefix(Self.maximumCount))
        state.waiting.removeFirst(changes.count)
        state.isScheduled = !state.waiting.isEmpty
        return (changes, state.isScheduled)
      }
      // Behind the questions that have come meanwhile.
      if more { schedule() }
      perform(changes, db)
    }
  }

  private func perform(_ changes: [Change], _ db: Database) {
    let begin = monotonicSeconds()
    do {
      try db.inTransaction(.immediate) {
        for change in changes { try Self.run(change, db) }
        return .commit
      }
      metrics.committed(in: monotonicSeconds() - begin)
      for change in changes { change.end(nil) }
    } catch {
      // One by one, so that what one of them asks of the disk is not the failure of the others.
      if changes.count == 1 { return changes[0].end(error) }
      for change in changes { perform([change], db) }
    }
  }

  /// - Throws: only what has ended the whole transaction, as a full disk does.
  private static func run(_ change: Change, _ db: Database) throws {
    do {
      try db.inSavepoint {
        try change.run(db)
        return .commit
      }
    } catch  where db.isInsideTransaction {
      // The change alone is undone, and has kept the reason.
    }
  }
}

/// What a change returned or threw.
private final class Outcome<Value: Sendable>: Sendable {
  private let state = Mutex<Result<Value, any Error>>(.failure(CancellationError()))

  var result: Result<Value, any Error> { state.withLock { $0 } }

  func take(_ body: () throws -> Value) throws {
    let result = Result { try body() }
    state.withLock { $0 = result }
    _ = try result.get()
  }
}
