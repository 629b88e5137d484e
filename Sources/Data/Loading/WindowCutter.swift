// Sequences out of a table in time order: each window of rows, and the target a while behind it.

import JSON

/// Cuts a table into windows.
struct WindowCutter {
  let data: DataSection
  let faults: FaultCollector
  let limits: DataLimits
  /// The `data` section.
  let section: JSONPointer

  /// The windows as rows, step by step; nil when a fault says why. O(windows · steps · features)
  func cut(_ loaded: LoadedTable, _ window: WindowSection) -> LoadedTable? {
    let place = section.appending("window")
    let rows = loaded.table.rowCount
    let used = features(of: loaded)
    if rows < window.span {
      faults.add(
        "\(window.steps) \(window.steps == 1 ? "step" : "steps") and a horizon of \(window.horizon) need \(window.span) rows, the "
          + "data has \(rows)", at: place.appending("steps"))
      return nil
    }
    guard !used.isEmpty, let shape = InputShape([window.steps, used.count]) else { return nil }
    let starts = Array(stride(from: 0, through: rows - window.span, by: window.stride))
    if starts.count == 1 {
      faults.add(
        "\(window.steps) \(window.steps == 1 ? "step" : "steps"), a horizon of \(window.horizon) and a stride of \(window.stride) "
          + "make one window of the \(rows) rows; at least two are needed", at: place)
      return nil
    }
    let values = product(of: [shape.count, starts.count]) ?? .max
    if shape.count > limits.maximumColumns || values > limits.maximumValues {
      faults.add(
        "\(starts.count) windows of \(shape) are \(values) values; at most \(limits.maximumColumns) values per window "
          + "and \(limits.maximumValues) in all are allowed", at: place.appending("steps"))
      return nil
    }
    let targetRows = starts.map { $0 + window.span - 1 }
    var table = Table(
      features: (0..<window.steps).flatMap { step in
        let rows = starts.map { $0 + step }
        return used.map { feature in
          Column(
            name: loaded.table.features[feature].name,
            values: loaded.table.features[feature].values.selecting(rows))
        }
      },
      targets: loaded.table.targets.map { Column(name: $0.name, values: $0.values.selecting(targetRows)) })
    table.form = RowForm(shape)
    let outer = loaded.place
    var cut = LoadedTable(table, format: loaded.format, pointer: loaded.pointer) { row, feature in
      outer(starts[row] + feature / used.count, used[feature % used.count])
    }
    cut.windows = LoadedTable.Windows(starts: starts, span: window.span, sourceRows: rows)
    return cut
  }

  /// The columns of numbers. A target of classes is no feature of its own past unless the client names it, which is a fault as
  /// for every other column of classes.
  private func features(of loaded: LoadedTable) -> [Int] {
    let table = loaded.table
    let targets = Set(table.targets.map(\.name))
    let isClasses = table.features.map { if case .classes = $0.values { true } else { false } }
    for (column, feature) in table.features.enumerated() where isClasses[column] {
      if data.features == nil, targets.contains(feature.name) { continue }
      faults.add(
        "the column `\(feature.name)` holds classes; windows are of numbers: leave it out with `ignore`",
        at: loaded.pointer)
    }
    let numbers = table.features.indices.filter { !isClasses[$0] }
    if numbers.isEmpty, !isClasses.contains(true) || table.features.allSatisfy({ targets.contains($0.name) })
    {
      faults.add("no column of numbers is left as a feature", at: loaded.pointer)
    }
    return numbers
  }
}
