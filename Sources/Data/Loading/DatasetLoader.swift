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
  ///   - choice: the client's `task`.
  ///   - standardize: whether numbers are scaled.
  ///   - seed: the job's, which decides the split where `data` has no seed of its own.
  ///   - use: what the model makes of rows.
  ///   - warnings: takes what the client should know of the data.
  package func load(
    _ data: DataSection, task choice: TaskChoice, standardize: Bool, seed: UInt64, use: RowUse = RowUse(),
    warnings: inout [Warning]
  ) -> Dataset? {
    let before = faults.faults.count
    guard let read = shapedTable(data, use, &warnings) else { return nil }
    reportUnrepresentable(read, isInline: data.isInline)
    let loaded = MissingValues(policy: data.missing, faults: faults, section: place)
      .settle(read, warnings: &warnings)
    guard faults.faults.count == before else { return nil }
    var table = loaded.table
    if table.rowCount < 2 {
      faults.add(
        "at least two rows are needed, there \(table.rowCount == 1 ? "is one" : "are none")", at: place)
      return nil
    }
    let task = LearningTask(
      choice, targets: &table.targets, task: JSONPointer().appending("task"), faults: faults, limits: limits)
    guard let task else { return nil }
    if !isSmallEnough(table) { return nil }
    guard let split = split(loaded, table, task, data, seed) else { return nil }
    let dataset = Dataset(
      table, format: loaded.format, task: task, data: data, split: split, standardize: standardize)
    let remarks = TargetRemarks(task: task, isTaskOpen: choice == .auto, section: place)
    let places = Split(
      training: table.targetPlaces(ofRows: split.training),
      validation: table.targetPlaces(ofRows: split.validation),
      test: table.targetPlaces(ofRows: split.test))
    warnings += remarks.onValues(table.targets) + remarks.onSplit(places, table.targets)
    warn(loaded, dataset, data, &warnings)
    return dataset
  }

  // MARK: - Parts

  /// The parts of the rows; nil when a fault says why.
  private func split(
    _ loaded: LoadedTable, _ table: Table, _ task: LearningTask, _ data: DataSection, _ seed: UInt64
  ) -> Split? {
    let method = data.split(for: task, targetsAreSequences: table.targetsAreSequences)
    if method == .stratified, !task.isClassification || table.targetsAreSequences {
      faults.add(
        table.targetsAreSequences
          ? "a stratified split needs one class for each row, but the targets are sequences"
          : "a stratified split needs classes, but the task is regression", at: place.appending("split"))
      return nil
    }
    if let windows = loaded.windows {
      let split = Split(
        windows: windows.starts, span: windows.span, rows: windows.sourceRows,
        fraction: data.validationFraction, testFraction: data.testFraction)
      if !split.training.isEmpty { return split }
      faults.add(
        "no window of \(windows.span) rows lies within those that train; there are \(windows.sourceRows) rows in all",
        at: place.appending("window"))
      return nil
    }
    var classes: [Int]?
    if case .classes(let codes, _) = table.targets[0].values { classes = codes.map(Int.init) }
    return Split(
      rows: table.rowCount, fraction: data.validationFraction, testFraction: data.testFraction,
      method: method, classes: classes, seed: data.splitSeed ?? seed)
  }

  // MARK: - Sources

  /// The rows in their form: sequences, images or windows where they are some; nil when a fault says why.
  private func shapedTable(
    _ data: DataSection, _ use: RowUse, _ warnings: inout [Warning]
  ) -> LoadedTable? {
    let before = faults.faults.count
    guard let read = table(data, use, &warnings) else { return nil }
    let cut: LoadedTable
    if let window = data.window {
      let cutter = WindowCutter(data: data, faults: faults, limits: limits, section: place)
      guard let windows = cutter.cut(read, window) else { return nil }
      cut = windows
    } else {
      cut = read
    }
    let shaping = RowShaping(data: data, use: use, faults: faults, section: place)
    let shaped = shaping.shaped(cut)
    return faults.faults.count == before ? shaped : nil
  }

  private func table(_ data: DataSection, _ use: RowUse, _ warnings: inout [Warning]) -> LoadedTable? {
    switch data.source {
    case nil: nil
    case .rows(let inputs, let targets, let lengths):
      InlineRows(pointer: place, faults: faults, limits: limits, data: data, use: use).table(
        inputs: inputs, targets: targets, lengths: lengths)
    case .arrays(let files):
      ArrayTable(section: place, faults: faults, limits: limits, data: data, use: use).table(files)
    case .csv(let bytes): columns(at: place.appending("csv"), bytes, data, use, &warnings)
    case .attachment(let bytes): columns(at: place, bytes, data, use, &warnings)
    case .synthetic(let synthetic):
      LoadedTable(synthetic.table(), pointer: place) { _, _ in (place, "") }
    }
  }

  private func columns(
    at pointer: JSONPointer, _ bytes: [UInt8], _ data: DataSection, _ use: RowUse,
    _ warnings: inout [Warning]
  ) -> LoadedTable? {
    if data.target.isEmpty { return nil }
    let file = DataFile(
      pointer: pointer, section: place, data: data, areShaped: data.inputShape != nil || use.tokens != nil,
      faults: faults, limits: limits)
    switch FileKind(bytes, encoding: data.dialect.encoding) {
    case .array: return NPYColumns(file: file).table(bytes)
    case .text: return CSVColumns(file: file).table(bytes, warnings: &warnings)
    case .foreign(let what):
      faults.add("the data are not a table but \(what)", at: pointer)
      return nil
    }
  }

  // MARK: - Checks

  /// Reports the first number of each column that does not fit the 32 bits that it is trained with.
  private func reportUnrepresentable(_ loaded: LoadedTable, isInline: Bool) {
    func first(_ values: ColumnValues) -> (row: Int, value: Double)? {
      guard case .numbers(let values) = values,
        let row = values.firstIndex(where: { $0.magnitude > Double(Float.greatestFiniteMagnitude) })
      else { return nil }
      return (row, values[row])
    }
    for (index, column) in loaded.table.features.enumerated() {
      guard let found = first(column.values) else { continue }
      if loaded.format == nil {
        let place = loaded.place(found.row, index)
        faults.add("\(place.words)32-bit numbers cannot hold \(found.value)", at: place.pointer)
      } else {
        faults.add(
          "the column `\(column.name)` holds \(found.value), which 32-bit numbers cannot", at: place)
      }
    }
    for column in loaded.table.targets {
      guard let found = first(column.values) else { continue }
      if isInline {
        // Of several numbers for a row, which one it is can be seen there.
        faults.add(
          "32-bit numbers cannot hold \(found.value)",
          at: place.appending("targets").appending(found.row / loaded.table.targetSteps))
      } else {
        faults.add(
          "the column `\(column.name)` holds \(found.value), which 32-bit numbers cannot", at: place)
      }
    }
  }

  private func isSmallEnough(_ table: Table) -> Bool {
    let width = table.features.reduce(0) { sum, column in
      if case .classes(_, let labels) = column.values { sum + labels.count } else { sum + 1 }
    }
    if width <= limits.maximumColumns, width * table.rowCount <= limits.maximumValues { return true }
    faults.add(
      "the encoded data has \(table.rowCount) rows of \(width) values; at most \(limits.maximumColumns) values per row "
        + "and \(limits.maximumValues) in all are allowed", at: place)
    return false
  }

  // MARK: - Remarks

  private func warn(
    _ loaded: LoadedTable, _ dataset: Dataset, _ data: DataSection, _ warnings: inout [Warning]
  ) {
    // Of the columns of a text the reader has said it.
    if let form = loaded.table.form {
      // Of an image some pixels are always the same; what is the same at all of them says nothing.
      for channel in 0..<form.shape.channels where isConstant(channel, of: loaded.table, form) {
        warnings.append(
          Warning(
            code: "constant_feature", message: "channel \(channel + 1) has one value everywhere in all rows",
            pointer: place))
      }
    } else if loaded.format?.isText != true {
      for column in loaded.table.features where ColumnMoments.isConstant(column.values) {
        warnings.append(
          Warning(
            code: "constant_feature", message: "the feature `\(column.name)` has one value in every row",
            pointer: place))
      }
    }
    let parts = [
      ("validation", data.validationFraction, dataset.validationRowCount),
      ("test", data.testFraction, dataset.testRowCount),
    ]
    for (part, fraction, count) in parts where fraction > 0 && count == 0 {
      warnings.append(
        Warning(
          code: "no_\(part)_rows",
          message: "\(dataset.rowCount) rows are too few to set any aside for \(part)",
          pointer: place.appending("\(part)_fraction")))
    }
  }

  /// Whether a channel has one value at all positions of all rows.
  private func isConstant(_ channel: Int, of table: Table, _ form: RowForm) -> Bool {
    let (channels, positions) = (form.shape.channels, form.shape.positions)
    var first: Double?
    for position in 0..<positions {
      let column =
        form.layout == .channelsLast ? position * channels + channel : channel * positions + position
      let values = table.features[column].values
      guard ColumnMoments.isConstant(values), let value = values.number(ofRow: 0), first ?? value == value
      else { return false }
      first = value
    }
    return true
  }
}
