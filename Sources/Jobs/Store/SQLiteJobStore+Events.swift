// The history of jobs in the database: written with what it tells of, read from where a reader stands.

import GRDB
import JSON
import Telemetry

extension SQLiteJobStore {
  public func events(of id: JobID, after sequence: Int) async throws -> [JobEvent] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT sequence, at, status, attempt, warning FROM job_event
          WHERE job_id = ? AND sequence > ? ORDER BY sequence
          """, arguments: [id.description, sequence])
      return try rows.map(JobEvent.init(row:))
    }
  }

  /// Adds to the job's history, in the transaction of what is told.
  static func record(_ db: Database, _ kind: JobEvent.Kind, of id: JobID, at time: Timestamp) throws {
    let (status, attempt, warning): (String?, Int?, Blob?) =
      switch kind {
      case .status(let status, let attempt): (status.rawValue, attempt, nil)
      case .warning(let document): (nil, nil, Blob(document))
      }
    try db.run(
      cached: """
        INSERT INTO job_event (job_id, sequence, at, status, attempt, warning)
        SELECT ?, COALESCE(MAX(sequence), 0) + 1, ?, ?, ?, ? FROM job_event WHERE job_id = ?
        """,
      [id.description, time.milliseconds, status, attempt, warning, id.description])
  }
}

extension JobEvent {
  fileprivate init(row: Row) throws {
    sequence = row["sequence"]
    at = Timestamp(milliseconds: row["at"])
    if let status = row["status"] as String? {
      guard let status = JobStatus(rawValue: status) else { throw DamagedRow(column: "status") }
      kind = .status(status, attempt: row["attempt"])
    } else {
      guard let warning = row["warning"] as Blob? else { throw DamagedRow(column: "warning") }
      kind = .warning(try warning.document())
    }
  }
}
