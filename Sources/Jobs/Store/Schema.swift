// The tables of the job store, as the series of named migrations that made them.

import GRDB

enum Schema {
  /// Brings a database of any earlier version to this one.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("jobs") { db in
      try db.execute(sql: jobs)
    }
    return migrator
  }

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
