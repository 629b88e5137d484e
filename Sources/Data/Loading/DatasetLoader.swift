// From a source of data to a dataset: rows read, missing values dealt with, the task decided, rows split.

package import JSON

/// Loads the data of a job.
package struct DatasetLoader {
  private let faults: FaultCollector
  private let limits: DataLimits

  /// - Parameter faults: takes every fault of the data.
  package init(faults: FaultCollector, limits: DataLimits) {
    self.faults = faults
    self.limits = limits
  }

  private var place: JSONPointer { JSONPointer().appending("data") }

  /// The rows that `data` names, encoded and split; nil when a fault says why.
  ///
  /// - Parameters:
  ///   - task: the client's choice.
  ///   - standardize: whether numbers are scaled.
  ///   - seed: the job's, which decides the split.
  ///   - warnings: takes what the client should know of the data.
  package func load(
    _ data: DataSection, task choice: TaskChoice, standardize: Bool, seed: UInt64, warnings: inout [Warning]
  ) -> Dataset? {
    guard var table = table(data) else { return nil }
    if data.missing == .drop { table = dropMissing(table, warnings: &warnings) }
    if table.rowCount < 2 {
      faults.add(
        "at least two rows are needed, there \(table.rowCount == 1 ? "is one" : "are none")", at: place)
      return nil
    }
    let task = LearningTask(
      choice, targets: &table.targets, task: JSONPointer().appending("task"), faults: faults,
      limits: limits)
    guard let task else { return nil }
    if !isRepresentable(table) { return nil }
    let split = data.split(for: task)
    if split == .stratified, !task.isClassification {
      faults.add("a stratified split needs classes, but the task is regression", at: place.appending("split"))
      return nil
    }
    let width = table.features.reduce(0) { sum, column in
      if case .classes(_, let labels) = column.values { sum + labels.count } else { sum + 1 }
    }
    if width > limits.maximumColumns || width * table.rowCount > limits.maximumValues {
      faults.add(
        "the encoded data has \(table.rowCount) rows of \(width) values; at most \(limits.maximumColumns) values per row "
          + "and \(limits.maximumValues) in all are allowed", at: place)
      return nil
    }
    let dataset = Dataset(
      table, task: task, split: split, validationFraction: data.validationFraction,
      standardize: standardize, missing: data.missing, seed: seed)
    warn(table, dataset, data, &warnings)
    return dataset
  }

  private func table(_ data: DataSection) -> Table? {
    switch data.source {
    case nil: nil
    case .rows(let inputs, let targets):
      InlineRows(pointer: place, faults: faults, limits: limits, missing: data.missing)
        .table(inputs: inputs, targets: targets)
    case .csv(let bytes): columns(at: place.appending("csv"), bytes, data)
    case .attachment(let bytes): columns(at: place, bytes, data)
    case .synthetic(let synthetic): synthetic.table()
    }
  }

  private func columns(at pointer: JSONPointer, _ bytes: [UInt8], _ data: DataSection) -> Table? {
    if data.target.isEmpty { return nil }
    let file = DataFile(pointer: pointer, section: place, data: data, faults: faults, limits: limits)
    return NPYArray.isLikely(bytes)
      ? NPYColumns(file: file).table(bytes) : CSVColumns(file: file).table(bytes)
  }

  /// Whether every number fits the 32 bits that it is trained with; reports the first of each column that does not.
  private func isRepresentable(_ table: Table) -> Bool {
    let before = faults.faults.count
    for column in table.features + table.targets {
      guard case .numbers(let values) = column.values else { continue }
      guard let value = values.first(where: { $0.magnitude > Double(Float.greatestFiniteMagnitude) }) else {
        continue
      }
      faults.add("the column `\(column.name)` holds \(value), which 32-bit numbers cannot", at: place)
    }
    return faults.faults.count == before
  }

  private func dropMissing(_ table: Table, warnings: inout [Warning]) -> Table {
    let columns = table.features + table.targets
    let kept = (0..<table.rowCount).filter { row in !columns.contains { $0.values.isMissing(row) } }
    let dropped = table.rowCount - kept.count
    if dropped == 0 { return table }
    warnings.append(
      Warning(
        code: "dropped_rows", message: "\(dropped) of \(table.rowCount) rows lack a value and are left out",
        pointer: place))
    return table.selecting(kept)
  }

  private func warn(_ table: Table, _ dataset: Dataset, _ data: DataSection, _ warnings: inout [Warning]) {
    for column in table.features {
      if ColumnMoments.isConstant(column.values) {
        warnings.append(
          Warning(
            code: "constant_feature", message: "the feature `\(column.name)` has one value in every row",
            pointer: place))
      }
    }
    if data.validationFraction > 0, dataset.validationRowCount == 0 {
      warnings.append(
        Warning(
          code: "no_validation_rows",
          message: "\(dataset.rowCount) rows are too few to set any aside for validation",
          pointer: place.appending("validation_fraction")))
    }
  }
}
