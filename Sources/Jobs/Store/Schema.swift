// The tables of the job store, as the series of named migrations that made them.

import GRDB
import JSON

enum Schema {
  /// Brings a database of any earlier version to this one.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("jobs") { db in
      try db.execute(sql: jobs)
    }
    migrator.registerMigration("summaries") { db in
      try db.execute(sql: summaries)
      try summarizeAll(db)
    }
    migrator.registerMigration("keys of deleted jobs") { db in
      try db.execute(sql: spentKeys)
    }
    migrator.registerMigration("events") { db in
      try db.execute(sql: events)
    }
    migrator.registerMigration("creators") { db in
      try db.execute(sql: creators)
    }
    migrator.registerMigration("traces") { db in
      try db.execute(sql: "ALTER TABLE job ADD COLUMN trace_id TEXT")
    }
    migrator.registerMigration("resumptions") { db in
      try db.execute(sql: "ALTER TABLE job ADD COLUMN resumed_from_epoch INTEGER")
    }
    return migrator
  }

  /// What happened to each job. Of jobs from before no more is known than how they are.
  private static let events = """
    CREATE TABLE job_event (
      job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
      sequence INTEGER NOT NULL,
      at INTEGER NOT NULL,
      status TEXT,
      attempt INTEGER,
      warning BLOB,
      PRIMARY KEY (job_id, sequence)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO job_event (job_id, sequence, at, status, attempt)
      SELECT id, 1, COALESCE(finished_at, started_at, created_at), status, attempt FROM job;
    """

  /// What lists show of a job beside its own small columns.
  private static let summaries = """
    CREATE TABLE summary (
      job_id TEXT PRIMARY KEY NOT NULL REFERENCES job (id) ON DELETE CASCADE,
      task TEXT NOT NULL,
      best BLOB
    ) STRICT;
    """

  /// Summaries of the jobs that were stored before there were any.
  private static func summarizeAll(_ db: Database) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT id, resolved_spec, result FROM job")
    while let row = try rows.next() {
      let id: String = row["id"]
      // A row that cannot be read is told of where it is read; it must not keep the others from their owners.
      let specification = try? (row["resolved_spec"] as Blob?)?.document()
      let result = try? (row["result"] as Blob?)?.document()
      var best: JSONValue?
      // Of which epoch the metrics are was known only where training stopped early.
      if let metric = specification?["training"]?["early_stopping"]?["metric"]?.stringValue,
        let epoch = result?["best_epoch"], !epoch.isNull, let value = result?["metrics"]?[metric]
      {
        best = ["metric": .string(metric), "value": value, "epoch": epoch]
      }
      try db.execute(
        sql: "INSERT INTO summary (job_id, task, best) VALUES (?, ?, ?)",
        arguments: [id, specification?["task"]?.stringValue ?? "", best.map { Blob($0) }])
    }
  }

  /// Keys outlive what they have created, so that a late repetition does not create it again.
  private static let spentKeys = """
    CREATE TABLE remembered_key (
      scope TEXT NOT NULL,
      key TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      job_id TEXT NOT NULL,
      PRIMARY KEY (scope, key)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO remembered_key SELECT scope, key, fingerprint, created_at, job_id FROM idempotency_key;
    DROP TABLE idempotency_key;
    ALTER TABLE remembered_key RENAME TO idempotency_key;
    CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);
    """

  /// The key that submitted a job; null where none was needed. It stands behind the large documents, whose pages only those
  /// step over who ask for it: lists by creator have an index.
  private static let creators = """
    ALTER TABLE job ADD COLUMN created_by TEXT;
    CREATE INDEX job_by_creator ON job (created_by, id) WHERE created_by IS NOT NULL;
    CREATE INDEX job_creator_status ON job (status, created_by) WHERE created_by IS NOT NULL;
    """

  /// Times are milliseconds since 1970; documents are JSON text in UTF-8. The large values stand in tables of
  /// their own, so that lists need not step over them.
  private static let jobs = """
    CREATE TABLE job (
      id TEXT PRIMARY KEY NOT NULL,
      name TEXT,
      metadata BLOB NOT NULL,
      status TEXT NOT NULL,
      strategy TEXT NOT NULL,
      priority INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      interruptions INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER,
      progress BLOB,
      metrics BLOB,
      result BLOB,
      error BLOB,
      warnings BLOB NOT NULL,
      spec BLOB NOT NULL,
      resolved_spec BLOB NOT NULL,
      provenance BLOB NOT NULL
    ) STRICT;
    CREATE INDEX job_queue ON job (priority DESC, id) WHERE status = 'queued';
    CREATE INDEX job_by_status ON job (status, id);
    CREATE INDEX job_by_strategy ON job (strategy, id);

    CREATE TABLE request (
      job_id TEXT PRIMARY KEY NOT NULL REFERENCES job (id) ON DELETE CASCADE,
      document BLOB NOT NULL,
      attachment BLOB
    ) STRICT;

    CREATE TABLE outcome (
      job_id TEXT PRIMARY KEY NOT NULL REFERENCES job (id) ON DELETE CASCADE,
      series BLOB,
      model BLOB
    ) STRICT;

    CREATE TABLE idempotency_key (
      scope TEXT NOT NULL,
      key TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
      PRIMARY KEY (scope, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_key_by_job ON idempotency_key (job_id);
    CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);
    """
}
