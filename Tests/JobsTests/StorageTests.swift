// What the store says and keeps when the disk is full, when a newer service was here, and when an older one was.

import Foundation
import GRDB
import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite struct StorageTests {
  private let directory: TemporaryDirectory
  private let clock = ManualClock()

  init() throws { directory = try TemporaryDirectory() }

  private func job(_ training: TrainingRequest = request()) throws -> Job {
    Job(
      TimeOrderedIDGenerator(clock: clock).next(), try PreparedTraining(training), createdAt: clock.now(),
      version: "1", instructionSet: "none")
  }

  @Test func `a full disk is named, and what was stored stands`() async throws {
    let store = try SQLiteJobStore(directory: directory.path)
    func insert(_ job: Job, bytes: Int) async throws {
      _ = try await store.insert(
        job, request: StoredRequest(document: [UInt8](repeating: 0x20, count: bytes)), key: nil, capacity: 10,
        keyHorizon: Timestamp(milliseconds: 0))
    }
    let first = try job()
    try await insert(first, bytes: 10)
    try await store.database.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages + 10)")
    }
    clock.advance(milliseconds: 1)
    let large = try job()
    let failure = await #expect(throws: StorageError.self) { try await insert(large, bytes: 1 << 20) }
    guard case .full = failure else {
      Issue.record("\(String(describing: failure)) is not a full disk")
      return
    }
    #expect(try await store.list(JobFilter(), limit: 10, after: nil).jobs.map(\.id) == [first.id])
    #expect(try await store.claimNext(at: clock.now())?.id == first.id)
  }

  @Test func `a database of a newer version is refused by name and left alone`() async throws {
    do {
      let store = try SQLiteJobStore(directory: directory.path)
      try await store.database.write { db in
        try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('of the year after next')")
      }
      try await store.close()
    }
    #expect(throws: DataDirectoryError.newer(path: directory.path)) {
      try SQLiteJobStore(directory: directory.path)
    }
    #expect("\(DataDirectoryError.newer(path: "d"))".contains("newer version"))
  }

  @Test func `a closed store leaves one file with everything in it`() async throws {
    let store = try SQLiteJobStore(directory: directory.path)
    let job = try job()
    _ = try await store.insert(
      job, request: StoredRequest(document: []), key: nil, capacity: 1,
      keyHorizon: Timestamp(milliseconds: 0))
    #expect(FileManager.default.fileExists(atPath: "\(directory.path)/curvesmith.sqlite-wal"))
    try await store.close()
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/curvesmith.sqlite-wal"))
    await #expect(throws: (any Error).self) { try await store.job(job.id) }
    let copy = try TemporaryDirectory()
    try FileManager.default.copyItem(
      atPath: "\(directory.path)/curvesmith.sqlite", toPath: "\(copy.path)/curvesmith.sqlite")
    #expect(try await SQLiteJobStore(directory: copy.path).job(job.id)?.id == job.id)
  }

  @Test func `a worker that comes late does not end the attempt after its own`() async throws {
    let store = try SQLiteJobStore(directory: directory.path)
    let id = try job().id
    _ = try await store.insert(
      try Job(
        id, PreparedTraining(request()), createdAt: clock.now(), version: "1", instructionSet: "none"),
      request: StoredRequest(document: []), key: nil, capacity: 1, keyHorizon: Timestamp(milliseconds: 0))
    func apply(_ event: JobLifecycle.Event, attempt: Int?) async throws -> JobStatus? {
      try await store.apply(
        event, to: id, attempt: attempt, at: clock.now(), revision: 0, results: .none)?.job.status
    }
    #expect(try await store.claimNext(at: clock.now())?.attempt == 1)
    #expect(try await apply(.stop, attempt: 1) == .queued)
    #expect(try await store.claimNext(at: clock.now())?.attempt == 2)
    #expect(try await apply(.succeed, attempt: 1) == nil)
    #expect(try await store.state(of: id)?.status == .running)
    #expect(try await apply(.succeed, attempt: 2) == .succeeded)
  }

  @Test func `a data directory from before summaries and remembered keys opens as it was`() async throws {
    let key = IdempotencyKey(scope: "POST /v1/jobs", key: "k", fingerprint: "f")
    let past = Timestamp(milliseconds: 0)
    let id: JobID
    do {
      let store = try SQLiteJobStore(directory: directory.path)
      let job = try job(request("old", strategy: "parametric"))
      id = job.id
      _ = try await store.insert(
        job, request: StoredRequest(document: []), key: key, capacity: 1, keyHorizon: past)
      // The tables as the first version made them.
      try await store.database.write { db in
        try db.execute(
          sql: """
            UPDATE job SET
              result = CAST('{"best_epoch": 2, "metrics": {"validation_loss": 0.5}}' AS BLOB),
              resolved_spec =
                CAST('{"task": "binary", "training": {"early_stopping": {"metric": "validation_loss"}}}' AS BLOB);
            DELETE FROM grdb_migrations WHERE identifier <> 'jobs';
            DROP TABLE job_event;
            DROP TABLE summary;
            DROP INDEX job_by_creator;
            DROP INDEX job_creator_status;
            ALTER TABLE job DROP COLUMN created_by;
            ALTER TABLE job DROP COLUMN trace_id;
            ALTER TABLE job DROP COLUMN resumed_from_epoch;
            CREATE TABLE older (scope TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
              created_at INTEGER NOT NULL, job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
              PRIMARY KEY (scope, key)) STRICT, WITHOUT ROWID;
            INSERT INTO older SELECT * FROM idempotency_key;
            DROP TABLE idempotency_key;
            ALTER TABLE older RENAME TO idempotency_key;
            CREATE INDEX idempotency_key_by_job ON idempotency_key (job_id);
            CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);
            """)
      }
      try await store.close()
    }
    let store = try SQLiteJobStore(directory: directory.path)
    let summary = try #require(try await store.summaries(JobFilter(), limit: 1, after: nil).jobs.first)
    #expect(try await store.job(id)?.createdBy == nil)
    #expect(summary.id == id && summary.task == "binary")
    #expect(summary.best == ["metric": "validation_loss", "value": 0.5, "epoch": 2])
    #expect(try await store.replay(of: key, keyHorizon: past)?.id == id)
    _ = try await store.apply(.cancel, to: id, attempt: nil, at: clock.now(), revision: 0, results: .none)
    #expect(try await store.delete(id) == .deleted)
    await #expect(throws: SubmissionError.keySpent) { try await store.replay(of: key, keyHorizon: past) }
  }
}
