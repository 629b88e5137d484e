// Rows of numbers become sequences or images: `data.input_shape`, lengths and tokens, checked against what was read.

import JSON

/// Gives a table the form that the client says its rows have.
struct RowShaping {
  let data: DataSection
  let use: RowUse
  let faults: FaultCollector
  /// The `data` section.
  let section: JSONPointer

  /// Reports what does not fit; the table is of use only where nothing was reported.
  func shaped(_ loaded: LoadedTable) -> LoadedTable {
    var loaded = loaded
    if loaded.table.form == nil { loaded.table.form = form(of: loaded) }
    setLengths(&loaded)
    checkTokens(loaded)
    setTargetLengths(&loaded.table)
    if data.inputLayout == .channelsFirst {
      let place = section.appending("input_layout")
      if loaded.table.form == nil {
        faults.add("only rows with a shape have a layout", at: place)
      } else if loaded.table.form?.tokens != nil {
        faults.add("rows of tokens have no channels, and so no layout", at: place)
      }
    }
    return loaded
  }

  /// Nil for rows that are vectors.
  private func form(of loaded: LoadedTable) -> RowForm? {
    let features = loaded.table.features
    guard let sizes = data.inputShape ?? use.tokens.map({ _ in [features.count] }) else { return nil }
    let place = section.appending("input_shape")
    guard let shape = data.inputLayout.shape(ofSource: sizes) else { return nil }
    if shape.count != features.count {
      let numbers = "\(shape.count) \(shape.count == 1 ? "number" : "numbers")"
      faults.add(
        "\(text(ofSizes: sizes)) takes \(numbers), a row has \(features.count)",
        at: place)
      return nil
    }
    if sizes.count == 1, use.tokens == nil { return nil }
    for feature in features {
      guard case .classes = feature.values else { continue }
      faults.add(
        "the column `\(feature.name)` holds classes; rows with a shape are numbers", at: loaded.pointer)
    }
    return RowForm(shape, layout: data.inputLayout, tokens: use.tokens)
  }

  // MARK: - Lengths

  /// The lengths that were given, or those that rows of tokens tell by their padding.
  private func setLengths(_ loaded: inout LoadedTable) {
    if let given = loaded.givenLengths {
      loaded.givenLengths = nil
      guard let lengths = self.lengths(given, loaded) else { return }
      loaded.table.lengths = lengths
    }
    if let tokens = loaded.table.form?.tokens {
      loaded.table.lengths = tokens.lengths(
        ofRows: loaded.table.features.map(\.values), loaded.table.lengths)
    }
    guard let lengths = loaded.table.lengths, let steps = loaded.table.form?.steps else { return }
    if lengths.allSatisfy({ $0 == steps }) {
      loaded.table.lengths = nil
    } else {
      clearPadding(&loaded.table, lengths)
    }
  }

  /// Nil when a fault says why.
  private func lengths(_ given: LoadedTable.GivenLengths, _ loaded: LoadedTable) -> [Int]? {
    let place = section.appending("lengths")
    guard let steps = loaded.table.form?.steps else {
      let shape = loaded.table.form?.shape.description ?? "[\(loaded.table.features.count)]"
      faults.add("only rows of steps have lengths; rows are \(shape)", at: place)
      return nil
    }
    if loaded.table.lengths != nil {
      faults.add("the rows tell their lengths by themselves", at: place)
      return nil
    }
    let rows = loaded.table.features.first?.values.count ?? 0
    if given.values.count != rows {
      faults.add("must have one entry per row of inputs (\(rows)), got \(given.values.count)", at: place)
      return nil
    }
    return given.lengths(steps: steps, faults: faults)
  }

  /// What stands behind the end of a row is of no interest: it may even be missing.
  private func clearPadding(_ table: inout Table, _ lengths: [Int]) {
    guard let form = table.form else { return }
    for column in table.features.indices {
      let step = form.step(ofColumn: column)
      guard lengths.contains(where: { $0 <= step }) else { continue }
      guard case .numbers(var values) = table.features[column].values.selecting(Array(lengths.indices)) else {
        continue
      }
      for row in lengths.indices where lengths[row] <= step { values[row] = 0 }
      table.features[column].values = .numbers(values)
    }
  }

  /// The steps that have a target: as many as the model makes of the row.
  private func setTargetLengths(_ table: inout Table) {
    guard table.targetsAreSequences, let outputSteps = use.outputSteps, let steps = table.form?.steps else {
      return
    }
    let ends = (0..<table.rowCount).map { outputSteps(table.lengths?[$0] ?? steps) }
    let (own, all) = (table.targetSteps, outputSteps(steps))
    if let given = table.targetLengths {
      let before = faults.faults.count
      for row in ends.indices where given[row] != ends[row] {
        if faults.faults.count - before >= FaultCollector.maximumInRows { return }
        let length = table.lengths?[row] ?? steps
        faults.add(
          "the model makes \(ends[row]) of the \(length) \(length == 1 ? "step" : "steps") of this row, and it has "
            + "\(given[row]) \(given[row] == 1 ? "target" : "targets")",
          at: section.appending("targets").appending(row))
      }
      guard faults.faults.count == before else { return }
    } else {
      // Where the steps of all rows are others, the model's shapes tell it.
      guard ends.contains(where: { $0 != all }), own == all || ends.allSatisfy({ $0 == own }) else { return }
      table.targetLengths = ends
    }
    // Behind its end a row repeats its last target, so that padding is no class, for all steps that the model makes.
    let places = ends.indices.flatMap { row in (0..<all).map { row * own + min($0, ends[row] - 1) } }
    table.targets = table.targets.map { Column(name: $0.name, values: $0.values.selecting(places)) }
    table.targetSteps = all
  }

  // MARK: - Tokens

  private func checkTokens(_ loaded: LoadedTable) {
    guard let tokens = loaded.table.form?.tokens else { return }
    let before = faults.faults.count
    for row in 0..<(loaded.table.features.first?.values.count ?? 0) {
      for (column, feature) in loaded.table.features.enumerated() {
        guard let value = feature.values.number(ofRow: row), let fault = tokens.fault(of: value) else {
          continue
        }
        // What is missing is told, or left out, with all that is missing.
        if value.isNaN, data.missing != .mean { continue }
        if faults.faults.count - before >= FaultCollector.maximumInRows { return }
        let place = loaded.place(row, column)
        faults.add(place.words + fault, at: place.pointer)
      }
    }
  }
}
