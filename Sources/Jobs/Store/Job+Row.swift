// A job as a row of its table, in both directions.

import GRDB
import JSON
import Telemetry

/// What is wrong with a row that this version of the service did not write.
struct DamagedRow: Error {
  var column: String
}

extension Job {
  /// The columns of a job and its place in the queue.
  static let selection = """
    SELECT job.*, CASE WHEN status = 'queued' THEN (
      SELECT COUNT(*) FROM job AS other WHERE other.status = 'queued'
        AND (other.priority > job.priority OR (other.priority = job.priority AND other.id <= job.id))
    ) END AS queue_position FROM job
    """

  static func fetchOne(_ db: Database, _ id: JobID) throws -> Job? {
    try db.row(cached: "\(selection) WHERE id = ?", [id.description]).map(Job.init(row:))
  }

  init(row: Row) throws {
    id = try row.id()
    status = try row.status()
    name = row["name"]
    metadata = try row.metadata()
    strategy = row["strategy"]
    priority = row["priority"]
    attempt = row["attempt"]
    revision = row["revision"]
    queuePosition = row["queue_position"]
    createdAt = Timestamp(milliseconds: row["created_at"])
    startedAt = row.moment("started_at")
    finishedAt = row.moment("finished_at")
    progress = try row.documentIfPresent("progress")
    metrics = try row.documentIfPresent("metrics")
    result = try row.documentIfPresent("result")
    error = try row.documentIfPresent("error")
    warnings = try row.document("warnings")
    specDocument = try row.document("spec")
    resolvedSpec = try row.document("resolved_spec")
    traceID = row["trace_id"]
    provenance = try row.document("provenance")
    createdBy = row["created_by"]
    resumedFromEpoch = row["resumed_from_epoch"]
  }

  /// Stores a new, queued job with its summary.
  func insert(_ db: Database) throws {
    try db.run(
      cached: """
        INSERT INTO job (id, name, metadata, status, strategy, priority, attempt, interruptions, revision,
          created_at, warnings, spec, resolved_spec, provenance, created_by, trace_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      [
        id.description, name, Blob(.object(JSONObject(sorting: metadata))), status.rawValue, strategy,
        priority, attempt, revision,
        createdAt.milliseconds, Blob(warnings), Blob(specDocument), Blob(resolvedSpec), Blob(provenance),
        createdBy, traceID,
      ])
    try db.run(
      cached: "INSERT INTO summary (job_id, task) VALUES (?, ?)",
      [id.description, resolvedSpec["task"]?.stringValue ?? ""])
  }
}

extension JobSummary {
  /// The columns of a summary. Those of the job come before its large documents, so that SQLite does not step over them.
  static let selection = """
    SELECT id, name, metadata, status, strategy, attempt, created_at, started_at, finished_at, progress, error,
      task, best
    FROM job JOIN summary ON summary.job_id = job.id
    """

  init(row: Row) throws {
    id = try row.id()
    status = try row.status()
    name = row["name"]
    metadata = try row.metadata()
    strategy = row["strategy"]
    task = row["task"]
    attempt = row["attempt"]
    createdAt = Timestamp(milliseconds: row["created_at"])
    startedAt = row.moment("started_at")
    finishedAt = row.moment("finished_at")
    progress = try row.documentIfPresent("progress")
    best = try row.documentIfPresent("best")
    errorCode = try row.documentIfPresent("error")?["code"]?.stringValue
  }
}

extension Row {
  fileprivate func id() throws -> JobID {
    guard let id = JobID(self["id"]) else { throw DamagedRow(column: "id") }
    return id
  }

  fileprivate func status() throws -> JobStatus {
    guard let status = JobStatus(rawValue: self["status"]) else { throw DamagedRow(column: "status") }
    return status
  }

  fileprivate func moment(_ column: String) -> Timestamp? {
    (self[column] as Int64?).map(Timestamp.init)
  }

  fileprivate func metadata() throws -> [String: String] {
    let members = try document("metadata").objectValue?.pairs ?? []
    return Dictionary(members.map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first }
  }

  fileprivate func document(_ column: String) throws -> JSONValue {
    guard let document = try documentIfPresent(column) else { throw DamagedRow(column: column) }
    return document
  }

  fileprivate func documentIfPresent(_ column: String) throws -> JSONValue? {
    try (self[column] as Blob?)?.document()
  }
}
