// Rows with a shape to predict: nested as in training, or flat; sequences also out of a table in time order.

import JSON

/// Brings rows into the shape that a model was trained on.
struct ShapedRows {
  let reader: RowReader
  /// The model's.
  let form: RowForm
  let faults: FaultCollector

  private var encoder: InputEncoder { reader.encoder }
  /// As the rows of the training were nested.
  private var sizes: [Int] { form.layout.sourceSizes(of: form.shape) }

  /// The columns of some rows, in the order of the source, before anything is checked.
  struct Numbers {
    /// NaN where a value is missing.
    var columns: [[Double]]
    var count: Int
    /// Steps of each row; nil: all.
    var lengths: [Int]?
    var warnings: [Warning] = []
    /// Where a value stands: the member, and the words before what is wrong with it.
    var place: (_ row: Int, _ column: Int) -> (pointer: JSONPointer, words: String)
  }

  // MARK: - JSON

  /// Arrays within arrays, or flat rows; nil when a fault says why.
  ///
  /// - Parameter lengths: the steps of each row, where the client gives them.
  func rows(_ rows: JSONArray, lengths: JSONArray?, at place: JSONPointer) -> Rows? {
    let dimensions = NestedRows.depth(of: .array(rows)) - 1
    let isFlat = dimensions == 1 && sizes.count > 1 && encoder.window == nil
    guard dimensions == sizes.count || isFlat else {
      let flat = sizes.count > 1 && encoder.window == nil ? ", or flat with \(form.shape.count) numbers" : ""
      faults.add(
        "the model takes rows of \(text(ofSizes: sizes)), nested so\(flat); these have \(words(dimensions))",
        at: place
      )
      return nil
    }
    let nested = NestedRows(
      pointer: place, faults: faults, limits: reader.limits, layout: isFlat ? .channelsLast : form.layout,
      givenSizes: isFlat ? [form.shape.count] : sizes, sizesPlace: nil, areTokens: form.tokens != nil,
      mayBeShorter: encoder.hasLengths && !isFlat)
    guard let reading = nested.read(rows, dimensions: dimensions) else { return nil }
    let sizes = isFlat ? [form.shape.count] : sizes
    var numbers = Numbers(columns: reading.columns, count: rows.count, lengths: reading.lengths) {
      row, column in
      (place.appending(row).appending(placesOf: column, in: sizes), "")
    }
    if let lengths {
      guard let given = self.lengths(lengths, rows: rows.count, known: reading.lengths != nil) else {
        return nil
      }
      numbers.lengths = given
    }
    return checked(numbers)
  }

  private func words(_ dimensions: Int) -> String {
    dimensions == 1 ? "1 dimension" : "\(dimensions) dimensions"
  }

  /// Objects by the names of the columns; nil when a fault says why.
  func rows(objects rows: JSONArray, at place: JSONPointer) -> Rows? {
    if encoder.window != nil {
      faults.add("a row is \(text(ofSizes: sizes)), step by step", at: place)
      return nil
    }
    let before = faults.faults.count
    let names = encoder.names
    var known = Set(names)
    if let column = encoder.lengthsColumn { known.insert(column) }
    var extras: [String] = []
    var columns = [[Double]](repeating: [], count: names.count)
    var given: [Double] = []
    for (index, row) in rows.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      guard let object = row.objectValue else {
        faults.add(
          "expected an object like the other rows, got \(row.typeNameWithArticle)", at: place.appending(index)
        )
        continue
      }
      for key in object.keys where known.insert(key).inserted { extras.append(key) }
      for (column, name) in names.enumerated() {
        let value = object[name] ?? .null
        if value.doubleValue == nil, !value.isNull,
          faults.faults.count - before < FaultCollector.maximumInRows
        {
          faults.add(
            "expected a number, got \(value.typeNameWithArticle)", at: place.appending(index).appending(name))
        }
        columns[column].append(value.doubleValue ?? .nan)
      }
      given.append(encoder.lengthsColumn.flatMap { object[$0]?.doubleValue } ?? .nan)
    }
    guard faults.faults.count == before else { return nil }
    var numbers = Numbers(columns: columns, count: rows.count) { row, column in
      (place.appending(row).appending(names[column]), "")
    }
    numbers.warnings = RowReader.unusedMembers(extras, at: place)
    if let column = encoder.lengthsColumn {
      let lengths = LoadedTable.GivenLengths(values: given) { (place.appending($0).appending(column), "") }
      guard let steps = form.steps, let found = lengths.lengths(steps: steps, faults: faults) else {
        return nil
      }
      numbers.lengths = found
    }
    return checked(numbers)
  }

  /// What a client says of the steps of rows; nil when a fault says why.
  private func lengths(_ given: JSONArray, rows: Int, known: Bool) -> [Int]? {
    let place = JSONPointer().appending("lengths")
    guard let steps = form.steps, encoder.hasLengths || form.tokens?.masksZero == true else {
      faults.add("all rows of the training are \(text(ofSizes: sizes))", at: place)
      return nil
    }
    if known {
      faults.add("the rows tell their lengths by themselves", at: place)
      return nil
    }
    if given.count != rows {
      faults.add("must have one entry per row of inputs (\(rows)), got \(given.count)", at: place)
      return nil
    }
    return LoadedTable.GivenLengths(values: given.map { $0.doubleValue ?? .nan }) {
      (place.appending($0), "")
    }
    .lengths(steps: steps, faults: faults)
  }

  // MARK: - Arrays and tables

  /// An array with the dimensions of the training's rows, or flat; nil when a fault says why.
  func rows(array bytes: [UInt8]) -> Rows? {
    let root = JSONPointer()
    let array: NPYArray
    do {
      array = try NPYArray(
        bytes, maximumRows: reader.limits.maximumRows, maximumColumns: reader.limits.maximumColumns,
        dimensions: 1...4)
    } catch {
      faults.add(error.description, at: root)
      return nil
    }
    let own = Array(array.shape.dropFirst())
    if encoder.window != nil, own.count <= 1 {
      return windows(ArrayRows(reader: reader.ofWindowRows, faults: faults).rows(bytes))
    }
    let isFlat = own.count <= 1 && array.columnCount == form.shape.count
    guard own == sizes || isFlat else {
      faults.add(
        "the rows of the array are \(text(ofSizes: own)), but the model takes \(text(ofSizes: sizes))",
        at: root)
      return nil
    }
    return checked(
      Numbers(columns: (0..<array.columnCount).map(array.numbers(of:)), count: array.rowCount) {
        row, column in (root, "row \(row + 1), number \(column + 1): ")
      })
  }

  /// Every window of as many rows as the model takes, from each row on; nil when a fault says why.
  func windows(_ table: Rows?) -> Rows? {
    guard let table, let steps = form.steps else { return nil }
    let count = table.count - steps + 1
    guard count > 0 else {
      faults.add(
        "a window takes \(steps) \(steps == 1 ? "row" : "rows"), there \(table.count == 1 ? "is" : "are") \(table.count)",
        at: JSONPointer())
      return nil
    }
    guard (product(of: [count, form.shape.count]) ?? .max) <= reader.limits.maximumValues else {
      faults.add(
        "\(count) windows of \(form.shape) are more than \(reader.limits.maximumValues) values; send fewer rows at once",
        at: JSONPointer())
      return nil
    }
    let columns = (0..<steps).flatMap { step in
      table.columns.map { Column(name: $0.name, values: $0.values.selecting(Array(step..<step + count))) }
    }
    return Rows(columns: columns, count: count, warnings: table.warnings)
  }

  // MARK: - Checks

  /// The rows as columns of the encoder; nil with faults where a value is none. What stands behind the end of a row is not
  /// looked at.
  func checked(_ numbers: Numbers) -> Rows? {
    let before = faults.faults.count
    var lengths = numbers.lengths
    let values = numbers.columns.map { ColumnValues.numbers($0) }
    if let tokens = form.tokens { lengths = tokens.lengths(ofRows: values, lengths) }
    var columns: [Column] = []
    for (column, own) in numbers.columns.enumerated() {
      let step = form.step(ofColumn: column)
      var own = own
      for row in own.indices {
        if let lengths, lengths[row] <= step {
          own[row] = 0
        } else if let fault = fault(of: own[row], column) {
          if faults.faults.count - before >= FaultCollector.maximumInRows { return nil }
          let place = numbers.place(row, column)
          faults.add(place.words + fault, at: place.pointer)
        }
      }
      columns.append(Column(name: encoder.names[column], values: .numbers(own)))
    }
    guard faults.faults.count == before else { return nil }
    return Rows(columns: columns, count: numbers.count, lengths: lengths, warnings: numbers.warnings)
  }

  private func fault(of value: Double, _ column: Int) -> String? {
    if let tokens = form.tokens { return tokens.fault(of: value) }
    if value.isNaN { return encoder.missing == .mean ? nil : "the value is missing" }
    if value.isInfinite { return "the value is infinite" }
    return encoder.encodings[column].canEncode(value) ? nil : RowReader.tooLarge
  }
}

extension RowReader {
  /// A reader of the rows that make up windows.
  var ofWindowRows: RowReader {
    let names = encoder.columnNames
    var rows = InputEncoder(
      names: names, encodings: Array(encoder.encodings.prefix(names.count)), missing: encoder.missing)
    (rows.unknown, rows.format) = (encoder.unknown, encoder.format)
    return RowReader(rows, unknown: unknown, limits: limits)
  }
}
