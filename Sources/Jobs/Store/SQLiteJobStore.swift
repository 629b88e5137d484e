// The job store in one SQLite file, behind one serial queue.

package import GRDB
import JSON
public import Telemetry
import Training

/// Jobs in `curvesmith.sqlite` of a data directory.
///
/// The journal is a write-ahead log and every commit is synchronised with the disk (`synchronous = FULL`), so
/// that what a method has returned is not lost with the power; changes that come while one is being written share the
/// next commit (`CommitQueue`). GRDB's serial queue does the waiting; no thread of Swift's pool blocks.
public final class SQLiteJobStore: JobStore {
  /// Stands before the directory: the database is closed before another process may have it.
  package let database: DatabaseQueue
  private let commits: CommitQueue
  private let directory: DataDirectory
  private let metrics: StoreMetrics

  /// Creates the directory and the file if missing, and brings an older file up to date.
  ///
  /// - Throws: `DataDirectoryError`, also for a file that a newer version of the service has written; or what SQLite
  ///   reports about a file that it cannot open.
  ///
  /// - Parameter metrics: where commits and failures are counted.
  public init(directory path: String, metrics: MetricsRegistry = MetricsRegistry()) throws {
    directory = try DataDirectory(path)
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.label = "jobs.store"
    database = try DatabaseQueue(path: "\(path)/curvesmith.sqlite", configuration: configuration)
    // GRDB chooses NORMAL for a write-ahead log, which may lose the last commits.
    try database.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    guard try !database.read(Schema.migrator.hasBeenSuperseded) else {
      throw DataDirectoryError.newer(path: path)
    }
    try Schema.migrator.migrate(database)
    self.metrics = StoreMetrics(metrics, directory: path)
    commits = CommitQueue(database, metrics: self.metrics)
  }

  /// Changes that wait for the commit before them.
  package var waitingChangeCount: Int { commits.waitingCount }

  /// Asks the database something.
  ///
  /// GRDB's own `read` forbids writing for the while by a pragma that has SQLite prepare every statement anew. The serial
  /// queue keeps changes away as well.
  func read<Value: Sendable>(
    _ question: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await translated { try await database.unsafeRead(question) }
  }

  /// Changes the database; returns once that is on disk.
  private func commit<Value: Sendable>(
    _ change: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await translated { try await commits.commit(change) }
  }

  /// Tells a full disk and a failing one by what SQLite reports.
  private func translated<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as DatabaseError {
      metrics.failed(error.kind)
      switch error.resultCode {
      case .SQLITE_FULL: throw StorageError.full("\(error)")
      case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_READONLY, .SQLITE_PERM,
        .SQLITE_NOLFS, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL, .SQLITE_NOMEM:
        throw StorageError.unavailable("\(error)")
      default: throw error
      }
    }
  }

  public func close() async throws {
    // Behind all that was asked before, on the database's own queue. The last connection copies the write-ahead log back.
    try await commit { db in try db.execute(sql: "PRAGMA optimize") }
    try database.close()
  }

  // MARK: - Submissions

  public func insert(
    _ job: Job, request: StoredRequest, key: IdempotencyKey?, capacity: QueueCapacity, keyHorizon: Timestamp
  ) async throws -> Submission {
    try await commit { db in
      try db.run(cached: "DELETE FROM idempotency_key WHERE created_at < ?", [keyHorizon.milliseconds])
      if let key, let earlier = try Self.replay(db, of: key, keyHorizon: keyHorizon) {
        return Submission(job: earlier, isReplay: true)
      }
      let queued: Int = try db.row(cached: "SELECT COUNT(*) FROM job WHERE status = 'queued'")?[0] ?? 0
      guard queued < capacity.total else { throw SubmissionError.queueFull(capacity: capacity.total) }
      if let creator = job.createdBy, let capacity = capacity.ofOne {
        let sql = "SELECT COUNT(*) FROM job WHERE status = 'queued' AND created_by = ?"
        let own: Int = try db.row(cached: sql, [creator])?[0] ?? 0
        guard own < capacity else { throw SubmissionError.ownQueueFull(capacity: capacity) }
      }
      try job.insert(db)
      try Self.record(db, .status(job.status, attempt: job.attempt), of: job.id, at: job.createdAt)
      for warning in job.warnings.arrayValue ?? [] {
        try Self.record(db, .warning(warning), of: job.id, at: job.createdAt)
      }
      try db.execute(
        sql: "INSERT INTO request (job_id, document, attachment) VALUES (?, ?, ?)",
        arguments: [job.id.description, Blob(request.document), (request.attachment?.bytes).map(Blob.init)])
      if let key {
        try db.run(
          cached: """
            INSERT INTO idempotency_key (scope, key, fingerprint, created_at, job_id) VALUES (?, ?, ?, ?, ?)
            """,
          [
            key.scope, key.key, key.fingerprint, job.createdAt.milliseconds, job.id.description,
          ])
      }
      return Submission(job: try Self.existing(db, job.id), isReplay: false)
    }
  }

  public func replay(of key: IdempotencyKey, keyHorizon: Timestamp) async throws -> Job? {
    try await read { db in try Self.replay(db, of: key, keyHorizon: keyHorizon) }
  }

  private static func replay(_ db: Database, of key: IdempotencyKey, keyHorizon: Timestamp) throws -> Job? {
    let row = try db.row(
      cached: """
        SELECT fingerprint, job_id FROM idempotency_key WHERE scope = ? AND key = ? AND created_at >= ?
        """,
      [key.scope, key.key, keyHorizon.milliseconds])
    guard let row else { return nil }
    guard row["fingerprint"] == key.fingerprint else { throw SubmissionError.keyReused }
    guard let job = try JobID(row["job_id"]).flatMap({ try Job.fetchOne(db, $0) }) else {
      throw SubmissionError.keySpent
    }
    return job
  }

  // MARK: - Reading

  public func job(_ id: JobID) async throws -> Job? {
    try await read { db in try Job.fetchOne(db, id) }
  }

  public func state(of id: JobID) async throws -> JobState? {
    try await read { db in
      let row = try db.row(
        cached: "SELECT status, revision, created_by FROM job WHERE id = ?", [id.description])
      return try row.map { row in
        guard let status = JobStatus(rawValue: row[0]) else { throw DamagedRow(column: "status") }
        return JobState(status: status, revision: row[1], createdBy: row[2])
      }
    }
  }

  public func list(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<Job> {
    try await page(Job.selection, filter, limit: limit, after: after) { try Job(row: $0) }
  }

  public func summaries(
    _ filter: JobFilter, limit: Int, after: JobID?
  ) async throws -> JobPage<JobSummary> {
    try await page(JobSummary.selection, filter, limit: limit, after: after) { try JobSummary(row: $0) }
  }

  private func page<Entry: Sendable>(
    _ selection: String, _ filter: JobFilter, limit: Int, after: JobID?,
    _ entry: @escaping @Sendable (Row) throws -> Entry
  ) async throws -> JobPage<Entry> {
    var condition = filter.condition
    if let after { condition.add("id < ?", [after.description]) }
    // One more than asked for tells whether more follow.
    let sql = "\(selection) \(condition.sql) ORDER BY id DESC LIMIT \(limit + 1)"
    let entries = try await read { [condition] db in
      try Row.fetchAll(db, sql: sql, arguments: condition.values).map(entry)
    }
    return JobPage(jobs: Array(entries.prefix(limit)), hasMore: entries.count > limit)
  }

  public func counts(_ filter: JobFilter) async throws -> [JobStatus: Int] {
    var filter = filter
    filter.statuses = nil
    let condition = filter.condition
    return try await read { db in
      var counts: [JobStatus: Int] = [:]
      let sql = "SELECT status, COUNT(*) AS count FROM job \(condition.sql) GROUP BY status"
      for row in try Row.fetchAll(db, sql: sql, arguments: condition.values) {
        if let status = JobStatus(rawValue: row["status"]) { counts[status] = row["count"] }
      }
      return counts
    }
  }

  public func oldestQueued() async throws -> Timestamp {
    try await read { db in
      let row = try db.row(cached: "SELECT MIN(created_at) FROM job WHERE status = 'queued'")
      return Timestamp(milliseconds: row?[0] ?? 0)
    }
  }

  public func series(of id: JobID) async throws -> [UInt8]? {
    try await outcome("series", of: id)
  }

  public func model(of id: JobID) async throws -> [UInt8]? {
    try await outcome("model", of: id)
  }

  private func outcome(_ column: String, of id: JobID) async throws -> [UInt8]? {
    try await read { db in
      let sql = "SELECT \(column) FROM outcome WHERE job_id = ?"
      return try Blob.fetchOne(db, sql: sql, arguments: [id.description])?.bytes
    }
  }

  // MARK: - Changes of state

  public func claimNext(at time: Timestamp, runningJobs: [String: Int]) async throws -> Job? {
    try await commit { db in
      let busy = try Self.busy(db, runningJobs)
      let mayRun =
        busy.isEmpty
        ? ""
        : " AND (created_by IS NULL OR created_by NOT IN (\(busy.map { _ in "?" }.joined(separator: ", "))))"
      let next = try db.row(
        cached: "SELECT id FROM job WHERE status = 'queued'\(mayRun) ORDER BY priority DESC, id LIMIT 1",
        StatementArguments(busy))
      guard let id = next.flatMap({ JobID($0[0]) }),
        let transition = try Self.apply(db, .claim, to: id, at: time, revision: 0, results: .none)
      else { return nil }
      return transition.job
    }
  }

  /// The creators of as many running jobs as they may have.
  private static func busy(_ db: Database, _ runningJobs: [String: Int]) throws -> [String] {
    guard !runningJobs.isEmpty else { return [] }
    let sql = """
      SELECT created_by, COUNT(*) FROM job
      WHERE status IN ('running', 'cancelling') AND created_by IS NOT NULL GROUP BY created_by
      """
    return try Row.fetchAll(db, sql: sql).compactMap { row in
      let (creator, count): (String, Int) = (row[0], row[1])
      return runningJobs[creator].map { count >= $0 } == true ? creator : nil
    }
  }

  public func request(of id: JobID) async throws -> StoredRequest? {
    try await read { db in
      let sql = "SELECT document, attachment FROM request WHERE job_id = ?"
      return try Row.fetchOne(db, sql: sql, arguments: [id.description]).map { row in
        let document: Blob = row["document"]
        let attachment: Blob? = row["attachment"]
        return StoredRequest(
          document: document.bytes, attachment: attachment.map { Attachment(stored: $0.bytes) })
      }
    }
  }

  public func apply(
    _ event: JobLifecycle.Event, to id: JobID, attempt: Int?, at time: Timestamp, revision: Int,
    results: JobResults
  ) async throws -> Transition? {
    try await commit { db in
      try Self.apply(db, event, to: id, attempt: attempt, at: time, revision: revision, results: results)
    }
  }

  public func recover(
    at time: Timestamp, hasProgress: @escaping @Sendable (_ job: JobID, _ attempt: Int) -> Bool
  ) async throws -> [Job] {
    try await commit { db in
      let ids = try String.fetchAll(
        db, sql: "SELECT id FROM job WHERE status IN ('running', 'cancelling') ORDER BY id")
      return try ids.compactMap(JobID.init).compactMap { id in
        // Revisions that only the dead process's memory knew are skipped: they are fewer than 2^32.
        let job = try Self.existing(db, id)
        let event = hasProgress(id, job.attempt) ? JobLifecycle.Event.crashAfterProgress : .crash
        return try Self.apply(
          db, event, to: id, at: time, revision: job.revision + 1 << 32, results: Self.interrupted)?.job
      }
    }
  }

  public func delete(_ id: JobID) async throws -> DeleteResult {
    try await commit { db in
      guard let job = try Job.fetchOne(db, id) else { return .notFound }
      guard job.status.isTerminal else { return .notEnded(job) }
      try db.execute(sql: "DELETE FROM job WHERE id = ?", arguments: [id.description])
      return .deleted
    }
  }

  private static let interrupted = JobResults(
    errorCode: "interrupted",
    message:
      "the service died while it worked on this job, \(JobLifecycle.maximumInterruptions + 1) times in all")

  /// One event as one conditional update, with what the new state asks for.
  private static func apply(
    _ db: Database, _ event: JobLifecycle.Event, to id: JobID, attempt: Int? = nil, at time: Timestamp,
    revision: Int, results: JobResults
  ) throws -> Transition? {
    let stored = try db.row(
      cached: "SELECT status, attempt, interruptions FROM job WHERE id = ?", [id.description])
    // A worker that comes late must not end the attempt after its own.
    guard let stored, attempt == nil || (stored["attempt"] as Int) == attempt else { return nil }
    guard let status = JobStatus(rawValue: stored["status"]) else { throw DamagedRow(column: "status") }
    var lifecycle = JobLifecycle(
      status: status, attempt: stored["attempt"], interruptions: stored["interruptions"])
    let action = try lifecycle.on(event)
    guard action != .none else { return Transition(job: try existing(db, id), action: action) }

    try db.run(
      cached: """
        UPDATE job SET status = ?, attempt = ?, interruptions = ?, revision = MAX(revision + 1, ?)
        WHERE id = ? AND status = ?
        """,
      [
        lifecycle.status.rawValue, lifecycle.attempt, lifecycle.interruptions, revision, id.description,
        status.rawValue,
      ])
    // The write lock is held since the look-up or taken here; either way another's change shows as no row changed.
    guard db.changesCount == 1 else { throw IllegalTransition(status: status, event: event) }

    switch action {
    case .none, .requestStop:
      break
    case .begin:
      try db.run(cached: "UPDATE job SET started_at = ? WHERE id = ?", [time.milliseconds, id.description])
    case .requeue:
      try db.run(
        cached: "UPDATE job SET started_at = NULL, progress = NULL, metrics = NULL WHERE id = ?",
        [id.description])
    case .end:
      try end(db, id, as: lifecycle.status, at: time, results)
      for warning in results.warnings { try record(db, .warning(warning), of: id, at: time) }
    }
    if lifecycle.status != status {
      try record(db, .status(lifecycle.status, attempt: lifecycle.attempt), of: id, at: time)
    }
    return Transition(job: try existing(db, id), action: action)
  }

  private static func end(
    _ db: Database, _ id: JobID, as status: JobStatus, at time: Timestamp, _ results: JobResults
  ) throws {
    var warnings = Array(try existing(db, id).warnings.arrayValue ?? [])
    warnings += results.warnings
    let error = status == .failed ? results.error : nil
    try db.run(
      cached: """
        UPDATE job SET finished_at = ?, progress = ?, metrics = ?, result = ?, error = ?, warnings = ?,
          resumed_from_epoch = ?
        WHERE id = ?
        """,
      [
        time.milliseconds, results.progress.map { Blob($0) }, results.metrics.map { Blob($0) },
        results.result.map { Blob($0) }, error.map { Blob($0) }, Blob(.array(JSONArray(warnings))),
        results.resumedFromEpoch, id.description,
      ])
    try db.run(
      cached: "UPDATE summary SET best = ? WHERE job_id = ?",
      [results.best.map { Blob($0) }, id.description])
    if results.series != nil || results.model != nil {
      try db.execute(
        sql: "INSERT INTO outcome (job_id, series, model) VALUES (?, ?, ?)",
        arguments: [id.description, results.series.map { Blob($0) }, results.model.map { Blob($0) }])
    }
  }

  private static func existing(_ db: Database, _ id: JobID) throws -> Job {
    guard let job = try Job.fetchOne(db, id) else { throw DamagedRow(column: "id") }
    return job
  }
}
