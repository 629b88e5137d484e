// CSV columns by name as a table: numbers where every field is one, else classes.

import JSON

/// Chooses the feature and target columns of a CSV text and reads their values.
///
/// A column whose every present field is a number holds numbers; any other holds classes, one per distinct text.
struct CSVColumns {
  let file: DataFile

  func table(_ bytes: [UInt8]) -> Table? {
    let (faults, limits) = (file.faults, file.limits)
    let csv: CSVTable
    do {
      csv = try CSVTable(bytes, maximumRows: limits.maximumRows, maximumColumns: limits.maximumColumns)
    } catch {
      faults.add(error.description, at: file.pointer)
      return nil
    }
    let before = faults.faults.count
    guard let (chosen, targets) = file.columns(csv.names, csv.positions) else { return nil }
    let texts = csv.texts(of: (chosen + targets).filter { csv.firstText(of: $0) != nil })
    let table = Table(
      features: chosen.compactMap { column(csv, $0, texts) },
      targets: targets.compactMap { column(csv, $0, texts) })
    file.reportMissing(features: chosen, targets: targets) { columns, fault in
      file.add(fault, at: missing(csv, columns, texts))
    }
    return faults.faults.count == before ? table : nil
  }

  /// The places of missing values, row by row.
  private func missing(
    _ csv: CSVTable, _ columns: [Int], _ texts: [Int: [CSVTable.Field]]
  ) -> some Sequence<String> {
    let suspects = columns.filter { column in
      texts[column]?.contains(where: csv.isMissing) ?? csv.numbers(of: column).contains { $0.isNaN }
    }
    return (0..<(suspects.isEmpty ? 0 : csv.rowCount)).lazy.flatMap { row in
      suspects.lazy.filter { texts[$0].map { csv.isMissing($0[row]) } ?? csv.numbers(of: $0)[row].isNaN }.map
      {
        "row \(csv.recordNumber(of: row)), column \($0 + 1) (`\(csv.names[$0])`)"
      }
    }
  }

  private func column(_ csv: CSVTable, _ column: Int, _ texts: [Int: [CSVTable.Field]]) -> Column? {
    guard let firstText = csv.firstText(of: column), let fields = texts[column] else {
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
        file.faults.add(
          CSVError(reason: .invalidUTF8, row: csv.recordNumber(of: row), column: column + 1).description,
          at: file.pointer)
        return nil
      }
    }
    let values = ClassLabels.encode(texts: texts)
    if case .classes(_, let labels) = values, labels.count > file.limits.maximumCategories {
      let text = (texts[firstText] ?? "").prefix(40)
      file.faults.add(
        "the column `\(csv.names[column])` has more than \(file.limits.maximumCategories) classes; "
          + "`\(text)` in row \(csv.recordNumber(of: firstText)) is not a number",
        at: file.pointer)
      return nil
    }
    return Column(name: csv.names[column], values: values)
  }
}
