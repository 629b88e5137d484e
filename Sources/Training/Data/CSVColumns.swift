// CSV columns by name as a table: numbers where every field is one, else classes.

import JSON

/// Chooses the feature and target columns of a CSV text and reads their values.
///
/// A column whose every present field is a number holds numbers; any other holds classes, one per distinct text.
struct CSVColumns {
  /// Where faults of the text go: `#/data/csv`, or `#/data` for an attached file.
  let pointer: JSONPointer
  /// The `data` section, where `target` and `features` are.
  let section: JSONPointer
  let faults: FaultCollector
  let limits: TrainingLimits
  let missing: MissingPolicy

  /// Past this many missing values, naming more of them helps nobody.
  private static let maximumFaults = 20

  func table(_ bytes: [UInt8], target: [String], features: [String]?) -> Table? {
    let csv: CSVTable
    do {
      csv = try CSVTable(bytes, maximumRows: limits.maximumRows, maximumColumns: limits.maximumColumns)
    } catch {
      faults.add(error.description, at: pointer)
      return nil
    }
    let before = faults.faults.count
    let choice = ColumnChoice(data: pointer, section: section, faults: faults)
    guard let (chosen, targets) = choice.columns(csv.names, csv.positions, target: target, features: features)
    else { return nil }
    let fields = fields(csv, (chosen + targets).filter { csv.firstText(of: $0) != nil })
    let table = Table(
      features: chosen.compactMap { column(csv, $0, fields) },
      targets: targets.compactMap { column(csv, $0, fields) })
    if missing == .error {
      reportMissing(csv, chosen, fields, "set `missing` to `mean` or `drop` to allow this")
    }
    if missing != .drop {
      reportMissing(csv, targets, fields, "set `missing` to `drop` to leave such rows out")
    }
    return faults.faults.count == before ? table : nil
  }

  /// The texts of the columns that have any, by column.
  private func fields(_ csv: CSVTable, _ columns: [Int]) -> [Int: [CSVTable.Field]] {
    Dictionary(zip(columns, csv.fields(of: columns))) { first, _ in first }
  }

  private func reportMissing(
    _ csv: CSVTable, _ columns: [Int], _ fields: [Int: [CSVTable.Field]], _ advice: String
  ) {
    let suspects = columns.filter { column in
      fields[column]?.contains(where: csv.isMissing) ?? csv.numbers(of: column).contains { $0.isNaN }
    }
    if suspects.isEmpty { return }
    var count = 0
    for row in 0..<csv.rowCount {
      for column in suspects {
        guard fields[column].map({ csv.isMissing($0[row]) }) ?? csv.numbers(of: column)[row].isNaN else {
          continue
        }
        count += 1
        if count > Self.maximumFaults { return }
        faults.add(
          "row \(csv.recordNumber(of: row)), column \(column + 1) (`\(csv.names[column])`): "
            + "the value is missing; \(advice)",
          at: pointer)
      }
    }
  }

  private func column(_ csv: CSVTable, _ column: Int, _ fields: [Int: [CSVTable.Field]]) -> Column? {
    guard let firstText = csv.firstText(of: column), let fields = fields[column] else {
      return Column(name: csv.names[column], values: .numbers(csv.numbers(of: column)))
    }
    return classes(csv, column, fields, firstText: firstText)
  }

  private func classes(
    _ csv: CSVTable, _ column: Int, _ fields: [CSVTable.Field], firstText: Int
  ) -> Column? {
    var texts: [String?] = []
    texts.reserveCapacity(csv.rowCount)
    for (row, field) in fields.enumerated() {
      if csv.isMissing(field) {
        texts.append(nil)
      } else if let text = csv.text(of: field) {
        texts.append(text)
      } else {
        faults.add(
          CSVError(reason: .invalidUTF8, row: csv.recordNumber(of: row), column: column + 1).description,
          at: pointer)
        return nil
      }
    }
    let values = ClassLabels.encode(texts: texts)
    if case .classes(_, let labels) = values, labels.count > limits.maximumCategories {
      let text = (texts[firstText] ?? "").prefix(40)
      faults.add(
        "the column `\(csv.names[column])` has more than \(limits.maximumCategories) classes; "
          + "`\(text)` in row \(csv.recordNumber(of: firstText)) is not a number",
        at: pointer)
      return nil
    }
    return Column(name: csv.names[column], values: values)
  }
}
