// Arrays beside a document as a table: inputs of two to four dimensions, and targets and lengths in files of their own.

import JSON
import Text

/// Reads the files; each fault goes to the member of the document that inline rows would have in its place.
struct ArrayTable {
  /// The `data` section.
  let section: JSONPointer
  let faults: FaultCollector
  let limits: DataLimits
  let data: DataSection
  let use: RowUse

  /// Nil when a fault says why.
  func table(_ files: ArrayFiles) -> LoadedTable? {
    let before = faults.faults.count
    let place = section.appending("inputs")
    let inputs = array(files.inputs, "inputs", dimensions: 2...4)
    let sizes = inputs.map { Array($0.shape.dropFirst()) } ?? []
    var table = Table(features: [], targets: [])
    if let inputs {
      report(infinitiesOf: inputs, at: place)
      table.features = (0..<inputs.columnCount).map {
        Column(name: "x\($0 + 1)", values: inputs.values(of: $0))
      }
      table.form = form(sizes)
    }
    let isSequence = table.form?.steps != nil || data.inputShape?.count == 2
    readTargets(files.targets, isSequence: isSequence, into: &table)
    if let inputs, !table.targets.isEmpty, table.rowCount != inputs.rowCount {
      faults.add(
        "must have one entry per row of inputs (\(inputs.rowCount)), got \(table.rowCount)",
        at: section.appending("targets"))
    }
    let lengths = files.lengths.flatMap { array($0, "lengths", dimensions: 1...1) }
    guard faults.faults.count == before else { return nil }
    var loaded = LoadedTable(table, pointer: place) { row, feature in
      (place, "row \(row + 1), number \(feature + 1): ")
    }
    loaded.givenLengths = lengths.map { lengths in
      let place = section.appending("lengths")
      return LoadedTable.GivenLengths(values: lengths.numbers(of: 0)) { (place, "row \($0 + 1): ") }
    }
    return loaded
  }

  /// An array out of a file; nil when a fault says why.
  private func array(_ bytes: [UInt8], _ member: String, dimensions: ClosedRange<Int>) -> NPYArray? {
    let place = section.appending(member)
    switch FileKind(bytes) {
    case .array: break
    case .text:
      faults.add("an array in NumPy's format (NPY) is needed, not a text", at: place)
      return nil
    case .foreign(let what):
      faults.add("an array in NumPy's format (NPY) is needed, not \(what)", at: place)
      return nil
    }
    do {
      return try NPYArray(
        bytes, maximumRows: limits.maximumRows, maximumColumns: limits.maximumColumns, dimensions: dimensions)
    } catch {
      faults.add(error.description, at: place)
      return nil
    }
  }

  /// Nil for rows of features, to which `input_shape` may still give a form.
  private func form(_ sizes: [Int]) -> RowForm? {
    let areTokens = use.tokens != nil && (data.inputShape?.count ?? 1) == 1
    guard sizes.count > 1 || (areTokens && sizes.count == 1) else { return nil }
    if let given = data.inputShape, given != sizes {
      faults.add(
        "\(text(ofSizes: given)) is given, but the rows are \(text(ofSizes: sizes))",
        at: section.appending("input_shape"))
    }
    return data.inputLayout.shape(ofSource: sizes).map {
      RowForm($0, layout: data.inputLayout, tokens: use.tokens)
    }
  }

  private func report(infinitiesOf array: NPYArray, at place: JSONPointer) {
    if array.areAllFinite { return }
    let places = (0..<array.columnCount).lazy.flatMap { column in
      array.numbers(of: column).enumerated().lazy.filter { $0.element.isInfinite }.map { row, _ in
        "row \(row + 1), number \(column + 1)"
      }
    }
    for found in places.prefix(FaultCollector.maximumInRows) {
      faults.add("\(found): the value is infinite", at: place)
    }
  }

  // MARK: - Targets

  private func readTargets(_ bytes: [UInt8], isSequence: Bool, into table: inout Table) {
    guard case .text = FileKind(bytes) else {
      guard let array = array(bytes, "targets", dimensions: 1...3) else { return }
      report(infinitiesOf: array, at: section.appending("targets"))
      return read(array, isSequence: isSequence, into: &table)
    }
    if let column = column(ofText: bytes) { table.targets = [column] }
  }

  private func read(_ array: NPYArray, isSequence: Bool, into table: inout Table) {
    let shape = array.shape
    if shape.count == 3, !isSequence {
      return faults.add(
        "only sequences have targets of \(text(ofSizes: shape.dropFirst())) for a row",
        at: section.appending("targets"))
    }
    let areForSteps =
      isSequence && (shape.count == 3 || (shape.count == 2 && (shape[1] > 1 || isAnsweredByStep(table))))
    let steps = areForSteps ? shape[1] : 1
    let width = array.columnCount / steps
    table.targetsAreSequences = areForSteps
    table.targetSteps = steps
    table.targets = (0..<width).map { target in
      var numbers = [Double](repeating: 0, count: array.rowCount * steps)
      for step in 0..<steps {
        for (row, number) in array.numbers(of: step * width + target).enumerated() {
          numbers[row * steps + step] = number
        }
      }
      return Column(
        name: width == 1 ? "y" : "y\(target + 1)",
        values: array.isBoolean ? ClassLabels.encode(booleans: numbers.map { $0 == 1 }) : .numbers(numbers))
    }
  }

  /// Whether targets `[rows, 1]` are of the only steps that the rows have.
  private func isAnsweredByStep(_ table: Table) -> Bool {
    let given = table.form?.shape ?? data.inputShape.flatMap { data.inputLayout.shape(ofSource: $0) }
    guard let shape = given, (table.form?.steps ?? shape.steps) == 1 else { return false }
    return use.answersSteps(shape.dimensions)
  }

  /// The only column of a CSV text.
  private func column(ofText bytes: [UInt8]) -> Column? {
    let place = section.appending("targets")
    do {
      let text = try DecodedText(bytes, encoding: nil)
      let found = DialectDetector(bytes: text.bytes, options: DialectOptions(), names: []).detect()
      let csv = try CSVTable(
        text.bytes, dialect: found.dialect, maximumRows: limits.maximumRows,
        maximumColumns: limits.maximumColumns)
      guard csv.names.count == 1 else {
        faults.add("one column is needed, the text has \(csv.names.count)", at: place)
        return nil
      }
      let reader = ColumnReader(csv: csv, limits: limits)
      let texts = csv.texts(of: reader.needsTexts(0, nil) ? [0] : [])
      let reading = reader.read(0, texts[0], declared: nil)
      for fault in reading.faults { faults.add(fault, at: place) }
      return Column(name: csv.names[0], values: reading.values)
    } catch let error as TextEncodingError {
      faults.add("byte \(error.byteOffset): not valid \(error.encoding.rawValue.uppercased())", at: place)
    } catch {
      faults.add("\(error)", at: place)
    }
    return nil
  }
}
