// What becomes of rows that lack a value: those without a target never count, those without a feature by the policy.

import JSON

/// Deals with the missing values of a table.
struct MissingValues {
  let policy: MissingPolicy
  let faults: FaultCollector
  /// The `data` section.
  let section: JSONPointer

  /// Up to so many missing values of a column are named one by one.
  private static let maximumNamed = 3

  /// Leaves rows out, or reports what the policy does not allow.
  func settle(_ loaded: LoadedTable, warnings: inout [Warning]) -> LoadedTable {
    let withTargets = withoutMissingTargets(loaded, &warnings)
    switch policy {
    case .mean: return withTargets
    case .drop: return withoutMissingFeatures(withTargets, &warnings)
    case .error:
      report(withTargets)
      return withTargets
    }
  }

  private func withoutMissingTargets(_ loaded: LoadedTable, _ warnings: inout [Warning]) -> LoadedTable {
    let targets = loaded.table.targets
    let kept = (0..<loaded.table.rowCount).filter { row in
      !loaded.table.targetPlaces(ofRow: row).contains { place in
        targets.contains { $0.values.isMissing(place) }
      }
    }
    let dropped = loaded.table.rowCount - kept.count
    if dropped == 0 { return loaded }
    let place = section.appending("target")
    let names = targets.map { "`\($0.name)`" }.joined(separator: ", ")
    if kept.isEmpty {
      faults.add("no row has a value of the target \(names)", at: place)
    } else {
      warnings.append(
        Warning(
          code: "missing_targets",
          message: "\(Self.rows(dropped, of: loaded.table.rowCount)) a value of the target \(names) and "
            + "\(dropped == 1 ? "is" : "are") left out",
          pointer: section))
    }
    return loaded.selecting(kept)
  }

  private func withoutMissingFeatures(_ loaded: LoadedTable, _ warnings: inout [Warning]) -> LoadedTable {
    let features = loaded.table.features.lacking.map { loaded.table.features[$0] }
    if features.isEmpty { return loaded }
    let kept = (0..<loaded.table.rowCount).filter { row in !features.contains { $0.values.isMissing(row) } }
    let dropped = loaded.table.rowCount - kept.count
    warnings.append(
      Warning(
        code: "dropped_rows",
        message:
          "\(Self.rows(dropped, of: loaded.table.rowCount)) a value and \(dropped == 1 ? "is" : "are") left out",
        pointer: section))
    return loaded.selecting(kept)
  }

  /// "1 of 9 rows lacks", "2 of 9 rows lack"
  private static func rows(_ count: Int, of all: Int) -> String {
    "\(count) of \(all) rows \(count == 1 ? "lacks" : "lack")"
  }

  /// A fault for each missing value, or one for a column that lacks many.
  private func report(_ loaded: LoadedTable) {
    let remedy = "set `missing` to `mean` or `drop` to allow this"
    for feature in loaded.table.features.lacking where !faults.isFull {
      let column = loaded.table.features[feature]
      let rows = (0..<column.values.count).filter { column.values.isMissing($0) }
      if rows.count == column.values.count {
        faults.add(
          "the column `\(column.name)` has no value in any row; leave it out with `ignore`",
          at: loaded.pointer)
      } else if rows.count > Self.maximumNamed {
        let first = loaded.place(rows[0], feature)
        let place = first.words.isEmpty ? "row \(rows[0] + 1)" : String(first.words.prefix { $0 != "," })
        faults.add(
          "the column `\(column.name)` lacks \(rows.count) of \(column.values.count) values, the first in \(place); \(remedy)",
          at: loaded.pointer)
      } else {
        for row in rows {
          let place = loaded.place(row, feature)
          faults.add("\(place.words)the value is missing; \(remedy)", at: place.pointer)
        }
      }
    }
  }
}

extension LoadedTable {
  /// Some rows, in the order given.
  fileprivate func selecting(_ rows: [Int]) -> LoadedTable {
    let place = place
    var selected = LoadedTable(table.selecting(rows), format: format, pointer: pointer) { row, feature in
      place(rows[row], feature)
    }
    selected.windows = windows
    selected.windows?.starts = windows.map { windows in rows.map { windows.starts[$0] } } ?? []
    return selected
  }
}

extension ColumnValues {
  /// Whether any value is missing. O(rows).
  fileprivate var hasMissing: Bool {
    switch self {
    case .numbers(let values): values.contains { $0.isNaN }
    case .floats: (0..<count).contains { isMissing($0) }
    case .classes(let codes, _): codes.contains { $0 < 0 }
    }
  }
}

extension [Column] {
  /// The positions of those with missing values. Rows that the columns share are passed over once. O(values)
  fileprivate var lacking: [Int] {
    var shared: (rows: FloatRows, areAllFinite: Bool)?
    return indices.filter { index in
      guard case .floats(let rows, _) = self[index].values else { return self[index].values.hasMissing }
      if shared.map({ !$0.rows.isSame(as: rows) }) ?? true { shared = (rows, rows.areAllFinite) }
      return shared?.areAllFinite == false && self[index].values.hasMissing
    }
  }
}
