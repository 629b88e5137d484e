// Statements that every job runs: prepared once, because SQLite takes longer to read them than to run them.
//
// A statement keeps its last arguments: those that take whole data sets and models are not kept.

import GRDB

extension Database {
  /// Runs a statement that changes something. `sql` must be one of a few texts.
  func run(cached sql: String, _ arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// The first row of a question. `sql` must be one of a few texts.
  func row(cached sql: String, _ arguments: StatementArguments = []) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
  }
}
