// How many faults of a table's rows are told.

import JSON

extension FaultCollector {
  /// Past so many faults in the rows of one table, more of them help nobody.
  static let maximumInRows = 20
}
