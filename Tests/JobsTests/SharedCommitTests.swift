// Changes that wait for the disk at the same time share one commit, and nothing else: each stands or falls alone.

import Dispatch
import GRDB
import JSON
import Jobs
import Synchronization
import Telemetry
import Testing
import Training

@Suite struct SharedCommitTests {
  /// Counts the transactions that have changed something.
  final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Atomic(0)
    private let changes = Atomic(0)

    var count: Int { commits.load(ordering: .relaxed) }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) { changes.add(1, ordering: .relaxed) }
    func databaseDidRollback(_ db: Database) { changes.store(0, ordering: .relaxed) }

    func databaseDidCommit(_ db: Database) {
      if changes.exchange(0, ordering: .relaxed) > 0 { commits.add(1, ordering: .relaxed) }
    }
  }

  let directory: TemporaryDirectory
  let store: SQLiteJobStore
  let clock = ManualClock()
  let ids: TimeOrderedIDGenerator
  let counter = CommitCounter()

  init() throws {
    directory = try TemporaryDirectory()
    store = try SQLiteJobStore(directory: directory.path)
    ids = TimeOrderedIDGenerator(clock: clock)
    store.database.add(transactionObserver: counter, extent: .databaseLifetime)
  }

  private func insert(attachment: [UInt8]? = nil, capacity: Int = 1000) async throws -> JobID {
    let training = request()
    let job = Job(
      ids.next(), try PreparedTraining(training), createdAt: clock.now(), version: "1", instructionSet: "none"
    )
    let stored = StoredRequest(
      document: training.document.serialized(), attachment: attachment.map { Attachment(bytes: $0) })
    return try await store.insert(
      job, request: stored, key: nil, capacity: QueueCapacity(total: capacity),
      keyHorizon: Timestamp(milliseconds: 0)
    ).job.id
  }

  /// Runs the changes while the disk is busy, so that all of them wait for it; what became of each.
  private func together<Value: Sendable>(
    _ changes: [@Sendable () async throws -> Value]
  ) async -> [Result<Value, any Error>] {
    let disk = DispatchSemaphore(value: 0)
    store.database.asyncWriteWithoutTransaction { _ in disk.wait() }
    return await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
      for (index, change) in changes.enumerated() {
        group.addTask {
          do { return (index, .success(try await change())) } catch { return (index, .failure(error)) }
        }
        while store.waitingChangeCount == index { await Task.yield() }
      }
      disk.signal()
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  @Test func `submissions that come together are on disk after one commit`() async throws {
    let results = await together((0..<20).map { _ in { try await insert() } })
    let jobs = try results.map { try $0.get() }
    #expect(Set(jobs).count == 20)
    #expect(counter.count == 1)
    // What has been returned survives the loss of power.
    let copy = try directory.crashCopy()
    let crashed = try SQLiteJobStore(directory: copy.path)
    for id in jobs { #expect(try await crashed.job(id)?.status == .queued) }
    withExtendedLifetime(copy) {}
  }

  @Test func `claims and ends share the commit of submissions, in the order of the calls`() async throws {
    let (first, time) = (try await insert(), clock.now())
    let before = counter.count
    let changes: [@Sendable () async throws -> JobID?] = [
      { try await store.claimNext(at: time)?.id },
      {
        try await store.apply(
          .succeed, to: first, attempt: nil, at: time, revision: 0, results: .none)?.job.id
      },
      { try await insert() },
      { try await store.claimNext(at: time)?.id },
    ]
    let results = await together(changes)
    let ids = try results.map { try $0.get() }
    #expect(ids[0] == first && ids[1] == first)
    #expect(ids[2] != nil && ids[3] == ids[2])
    #expect(counter.count == before + 1)
  }

  @Test func `a change that is refused leaves no trace, and the others stand`() async throws {
    let results = await together((0..<5).map { _ in { try await insert(capacity: 2) } })
    for result in results.prefix(2) { #expect(throws: Never.self) { try result.get() } }
    for result in results.dropFirst(2) {
      #expect(throws: SubmissionError.queueFull(capacity: 2)) { try result.get() }
    }
    #expect(try await store.counts(JobFilter()) == [.queued: 2])
    #expect(counter.count == 1)
  }

  @Test func `a change that the disk has no room for fails alone`() async throws {
    try await store.database.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages + 64)")
    }
    let results = await together(
      [nil, [UInt8](repeating: 1, count: 1 << 20), nil].map { bytes in { try await insert(attachment: bytes) }
      })
    #expect(throws: Never.self) { try results[0].get() }
    #expect(throws: StorageError.self) { try results[1].get() }
    #expect(throws: Never.self) { try results[2].get() }
    #expect(try await store.counts(JobFilter()) == [.queued: 2])
  }
}
