// Inline `inputs` and `targets` as a table: rectangular numbers, and targets of one kind.

import JSON

/// Reads the arrays of a document; each ragged row or value of a wrong type is a fault at its own place.
struct InlineRows {
  let pointer: JSONPointer
  let faults: FaultCollector
  let limits: DataLimits
  let data: DataSection
  let use: RowUse

  private var missing: MissingPolicy { data.missing }

  /// The arrays as a table; null is a missing value. Nil when a fault says why.
  func table(inputs: JSONArray, targets: JSONArray, lengths: JSONArray?) -> LoadedTable? {
    let place = pointer.appending("inputs")
    let before = faults.faults.count
    if inputs.isEmpty { faults.add("needs at least one row", at: place) }
    if inputs.count > limits.maximumRows { faults.add("has more than \(limits.maximumRows) rows", at: place) }
    if !inputs.isEmpty, inputs.count != targets.count {
      faults.add(
        "must have one entry per row of inputs (\(inputs.count)), got \(targets.count)",
        at: pointer.appending("targets"))
    }
    if inputs.isEmpty || inputs.count > limits.maximumRows { return nil }
    var table = Table(features: [], targets: [])
    readInputs(inputs, at: place, into: &table)
    // Faulty inputs have no form.
    let isSequence =
      table.form?.steps != nil || data.inputShape?.count == 2 || NestedRows.depth(of: .array(inputs)) == 3
    if !targets.isEmpty { readTargets(targets, isSequence: isSequence, into: &table) }
    guard faults.faults.count == before else { return nil }
    let sizes = table.form.map { $0.layout.sourceSizes(of: $0.shape) } ?? [table.features.count]
    var loaded = LoadedTable(table, pointer: place) { row, feature in
      (place.appending(row).appending(placesOf: feature, in: sizes), "")
    }
    loaded.givenLengths = lengths.map { lengths in
      let place = pointer.appending("lengths")
      return LoadedTable.GivenLengths(values: lengths.map { $0.doubleValue ?? .nan }) { row in
        (place.appending(row), "")
      }
    }
    return loaded
  }

  // MARK: - Inputs

  /// Rows of numbers, or rows with a shape where they are nested deeper, or of tokens.
  private func readInputs(_ inputs: JSONArray, at place: JSONPointer, into table: inout Table) {
    let dimensions = NestedRows.depth(of: .array(inputs)) - 1
    if dimensions > 3 {
      return faults.add(
        "rows of \(dimensions) dimensions are not read; a row is [features], [steps, features] or [height, width, channels]",
        at: place)
    }
    guard dimensions > 1 || (dimensions == 1 && use.tokens != nil && (data.inputShape?.count ?? 1) == 1)
    else {
      table.features = matrix(inputs, at: place, names: { "x\($0 + 1)" }) ?? []
      return
    }
    let rows = NestedRows(
      pointer: place, faults: faults, limits: limits, layout: data.inputLayout, givenSizes: data.inputShape,
      sizesPlace: pointer.appending("input_shape"), areTokens: use.tokens != nil)
    guard let reading = rows.read(inputs, dimensions: dimensions) else { return }
    table.features = reading.columns.enumerated().map {
      Column(name: "x\($0.offset + 1)", values: .numbers($0.element))
    }
    table.form = RowForm(reading.shape, layout: data.inputLayout, tokens: use.tokens)
    table.lengths = reading.lengths
  }

  /// Rows of numbers as columns; null is a missing value.
  func matrix(_ rows: JSONArray, at place: JSONPointer, names: (Int) -> String) -> [Column]? {
    if let columns = soundColumns(rows) {
      return columns.enumerated().map { Column(name: names($0), values: .numbers($1)) }
    }
    var columns: [[Double]] = []
    let before = faults.faults.count
    for (index, row) in rows.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      let rowPlace = place.appending(index)
      guard let values = row.arrayValue else {
        faults.add("expected an array of numbers, got \(row.typeNameWithArticle)", at: rowPlace)
        continue
      }
      if index == 0 {
        if values.isEmpty || values.count > limits.maximumColumns {
          faults.add(
            "must have between 1 and \(limits.maximumColumns) values, got \(values.count)", at: rowPlace)
          return nil
        }
        columns = [[Double]](repeating: [], count: values.count)
        for column in columns.indices { columns[column].reserveCapacity(rows.count) }
      }
      if values.count != columns.count {
        if columns.isEmpty { continue }
        faults.add("has \(values.count) values, but the first row has \(columns.count)", at: rowPlace)
        continue
      }
      if let numbers = values.numbers {
        for (column, number) in numbers.enumerated() { columns[column].append(number) }
      } else {
        for (column, value) in values.enumerated() {
          columns[column].append(number(value, at: rowPlace.appending(column)))
        }
      }
    }
    guard faults.faults.count == before else {
      if missing == .error { reportMissing(rows, at: place) }
      return nil
    }
    return columns.enumerated().map { Column(name: names($0), values: .numbers($1)) }
  }

  /// Adds missing values to other faults, so that all are heard of at once.
  private func reportMissing(_ rows: JSONArray, at place: JSONPointer) {
    let before = faults.faults.count
    for (index, row) in rows.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { return }
      for (column, value) in (row.arrayValue ?? []).enumerated() where value.isNull {
        faults.add(
          "the value is missing; set `missing` to `mean` or `drop` to allow this",
          at: place.appending(index).appending(column))
      }
    }
  }

  /// The columns of rows of numbers, all as long as the first; nil where anything is otherwise.
  private func soundColumns(_ rows: JSONArray) -> [[Double]]? {
    guard let (numbers, width) = rows.matrix, width <= limits.maximumColumns else { return nil }
    let columns = NumberColumns(width: width, rows: rows.count)
    numbers.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      for start in stride(from: 0, to: numbers.count, by: width) {
        columns.row.update(from: base + start, count: width)
        columns.endRow()
      }
    }
    return columns.finish()
  }

  private func number(_ value: JSONValue, at place: JSONPointer) -> Double {
    if let number = value.doubleValue { return number }
    if !value.isNull { faults.add("expected a number, got \(value.typeNameWithArticle)", at: place) }
    return .nan
  }

  // MARK: - Targets

  private func readTargets(_ targets: JSONArray, isSequence: Bool, into table: inout Table) {
    let place = pointer.appending("targets")
    guard isSequence, SequenceTargets.areForSteps(targets) || isAnsweredByStep(targets, table) else {
      table.targets = targetColumns(targets, at: place) ?? []
      return
    }
    guard let reading = SequenceTargets(pointer: place, faults: faults, limits: limits).read(targets) else {
      return
    }
    table.targets = reading.columns
    table.targetsAreSequences = true
    (table.targetSteps, table.targetLengths) = (reading.steps, reading.lengths)
  }

  /// Whether targets of one number each, in arrays, are of the only steps that the rows have.
  private func isAnsweredByStep(_ targets: JSONArray, _ table: Table) -> Bool {
    guard targets.first(where: { !$0.isNull })?.arrayValue != nil else { return false }
    let given = table.form?.shape ?? data.inputShape.flatMap { data.inputLayout.shape(ofSource: $0) }
    guard let shape = given, (table.form?.steps ?? shape.steps) == 1 else { return false }
    return use.answersSteps(shape.dimensions)
  }

  private func targetColumns(_ targets: JSONArray, at place: JSONPointer) -> [Column]? {
    if let numbers = targets.numbers { return [Column(name: "y", values: .numbers(numbers))] }
    let kinds = targets.lazy.filter { !$0.isNull }
    guard let first = kinds.first else {
      faults.add("every target is null", at: place)
      return nil
    }
    if first.arrayValue != nil {
      let width = first.arrayValue?.count ?? 0
      return matrix(targets, at: place, names: { width == 1 ? "y" : "y\($0 + 1)" })
    }
    let before = faults.faults.count
    for (index, target) in targets.enumerated() where target.typeName != first.typeName {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      if target.isNull { continue }
      let (wanted, got) = (first.typeNameWithArticle, target.typeNameWithArticle)
      faults.add("expected \(wanted) like the first target, got \(got)", at: place.appending(index))
    }
    guard faults.faults.count == before else { return nil }
    switch first {
    case .string:
      return [Column(name: "y", values: ClassLabels.encode(texts: targets.map(\.stringValue)))]
    case .bool:
      return [Column(name: "y", values: ClassLabels.encode(booleans: targets.map(\.boolValue)))]
    case .number:
      return [Column(name: "y", values: .numbers(targets.map { $0.doubleValue ?? .nan }))]
    default:
      faults.add("expected a number, a row of numbers, a class name or a boolean", at: place.appending(0))
      return nil
    }
  }
}
