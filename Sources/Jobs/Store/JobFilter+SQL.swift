// The conditions of a list of jobs as SQL.

import GRDB

/// Conditions that must all hold, with the values of their placeholders.
struct SQLCondition: Sendable {
  private var terms: [String] = []
  private(set) var values: StatementArguments = []

  /// `WHERE …`; empty without conditions.
  var sql: String { terms.isEmpty ? "" : "WHERE \(terms.joined(separator: " AND "))" }

  mutating func add(_ term: String, _ values: StatementArguments) {
    terms.append(term)
    self.values += values
  }
}

extension JobFilter {
  var condition: SQLCondition {
    var condition = SQLCondition()
    if let statuses {
      let names = statuses.map(\.rawValue).sorted()
      let places = names.map { _ in "?" }.joined(separator: ", ")
      condition.add("status IN (\(places))", StatementArguments(names))
    }
    if let strategy { condition.add("strategy = ?", [strategy]) }
    if let namePart {
      // What LIKE takes for a pattern is meant as it stands.
      let escaped = ["\\", "%", "_"].reduce(namePart) { $0.replacing($1, with: "\\" + $1) }
      condition.add("name LIKE ? ESCAPE '\\'", ["%\(escaped)%"])
    }
    if let createdBy { condition.add("created_by = ?", [createdBy]) }
    return condition
  }
}
