// Rows to predict out of a CSV text.

import JSON
import Text

/// Reads the features of a model from a CSV text.
struct TextRows {
  let reader: RowReader
  let faults: FaultCollector

  private var encoder: InputEncoder { reader.encoder }
  private var root: JSONPointer { JSONPointer() }

  /// Nil when a fault says why.
  func rows(_ bytes: [UInt8]) -> Rows? {
    let csv: CSVTable
    var warnings: [Warning] = []
    do {
      let text = try decoded(bytes)
      let dialect = dialect(of: text.bytes)
      csv = try CSVTable(
        text.bytes, dialect: dialect, missingMarks: encoder.format?.missingMarks ?? [],
        maximumRows: reader.limits.maximumRows, maximumColumns: reader.limits.maximumColumns)
    } catch let error as TextEncodingError {
      faults.add("byte \(error.byteOffset): not valid \(error.encoding.rawValue.uppercased())", at: root)
      return nil
    } catch {
      faults.add("\(error)", at: root)
      return nil
    }
    guard let positions = positions(csv, hasHeader: csv.dialect.hasHeader, &warnings) else { return nil }
    var rows = read(csv, positions)
    rows?.warnings += warnings
    return rows
  }

  /// What is valid UTF-8 is that, whatever the training's file was: rows come from elsewhere. Else the training's encoding.
  private func decoded(_ bytes: [UInt8]) throws(TextEncodingError) -> DecodedText {
    let trained = encoder.format?.encoding
    let isWide = trained == .utf16LittleEndian || trained == .utf16BigEndian
    if let text = try? DecodedText(bytes, encoding: isWide && bytes.prefix(4096).contains(0) ? trained : nil)
    {
      return text
    }
    return try DecodedText(bytes, encoding: trained)
  }

  /// The training's dialect where the features stand in the first record under it, else the one that is found.
  private func dialect(of bytes: [UInt8]) -> Dialect {
    let stored = encoder.format.flatMap { $0.isText ? $0.dialect : nil }
    if let stored, let hasHeader = hasHeader(bytes, stored) {
      var dialect = stored
      dialect.hasHeader = hasHeader
      return dialect
    }
    var options = DialectOptions()
    options.comment = stored?.comment
    options.escape = stored?.escape
    options.thousands = stored?.thousands
    var found = DialectDetector(bytes: bytes, options: options, names: Set(encoder.names)).detect()
    if found.isDecimalOpen, let stored { found.dialect.decimal = stored.decimal }
    if let hasHeader = hasHeader(bytes, found.dialect) { found.dialect.hasHeader = hasHeader }
    return found.dialect
  }

  /// Whether the first record has the names of all features; false where it is a row of them; nil where it is neither.
  private func hasHeader(_ bytes: [UInt8], _ dialect: Dialect) -> Bool? {
    var scanner = CSVScanner(bytes, dialect: dialect)
    while let record = try? scanner.nextRecord(maximumFields: reader.limits.maximumColumns) {
      if record.isBlank(in: bytes) { continue }
      let texts = record.map { CSVHeader.tidied(CSVTable.text(of: $0, in: bytes, dialect)) }
      if Set(encoder.names).isSubset(of: texts) { return true }
      let format = CellFormat(dialect, missingMarks: encoder.format?.missingMarks ?? [])
      func isNumber(_ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { format.cell($0, isQuoted: false) } != .text
      }
      if texts.count == encoder.names.count {
        let areNumbers = zip(texts, encoder.encodings).map { text, encoding in
          if case .number = encoding { isNumber(text) as Bool? } else { nil }
        }.compactMap(\.self)
        return areNumbers.isEmpty || areNumbers.contains(false) || !Set(encoder.names).isDisjoint(with: texts)
          ? nil : false
      }
      let isTraining =
        encoder.format?.dialect.hasHeader == false && texts.count == encoder.format?.columnCount
      return isTraining ? false : nil
    }
    return nil
  }

  /// Where the features stand; nil when a fault says why.
  private func positions(_ csv: CSVTable, hasHeader: Bool, _ warnings: inout [Warning]) -> [Int]? {
    let found = encoder.names.map { csv.positions[$0] }
    if !found.contains(nil) { return found.compactMap(\.self) }
    if !hasHeader, csv.names.count == encoder.names.count {
      warnings.append(
        Warning(
          code: "no_header",
          message: "the rows have no header; their columns are taken for the features in order"))
      return Array(csv.names.indices)
    }
    for (name, position) in zip(encoder.names, found) where position == nil {
      if faults.faults.count >= FaultCollector.maximumInRows { break }
      faults.add(
        "the data has no column `\(name)`\(suggestion(for: name, among: csv.names, "to rename"))", at: root)
    }
    return nil
  }

  private func read(_ csv: CSVTable, _ positions: [Int]) -> Rows? {
    if let form = encoder.form { return readShaped(csv, positions, form) }
    let before = faults.faults.count
    var builder = RowsBuilder(encoder)
    let texts = csv.texts(
      of: zip(positions, encoder.encodings).compactMap { position, encoding in
        if case .classes = encoding { return position }
        return csv.firstText(of: position) == nil ? nil : position
      })
    for (column, position) in positions.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      if case .classes = encoder.encodings[column] {
        readClasses(csv, column, position, texts[position] ?? [], before, &builder)
      } else {
        readNumbers(csv, column, position, texts[position], before, &builder)
      }
    }
    guard faults.faults.count == before else { return nil }
    return Rows(columns: builder.columns, count: csv.rowCount, warnings: builder.warnings(at: root))
  }

  /// Rows with a shape, with the column of their steps if they have one.
  private func readShaped(_ csv: CSVTable, _ positions: [Int], _ form: RowForm) -> Rows? {
    let before = faults.faults.count
    let texts = csv.texts(of: positions.filter { csv.firstText(of: $0) != nil })
    let columns = positions.map { numbers(csv, $0, texts[$0]) ?? [] }
    guard faults.faults.count == before else { return nil }
    var rows = ShapedRows.Numbers(columns: columns, count: csv.rowCount) { row, column in
      (root, place(csv, row, positions[column]))
    }
    if let name = encoder.lengthsColumn, let steps = form.steps {
      guard let position = csv.positions[name] else {
        faults.add(
          "the data has no column `\(name)`\(suggestion(for: name, among: csv.names, "to rename"))", at: root)
        return nil
      }
      let given = LoadedTable.GivenLengths(values: csv.numbers(of: position)) {
        (root, place(csv, $0, position))
      }
      guard let lengths = given.lengths(steps: steps, faults: faults) else { return nil }
      rows.lengths = lengths
    }
    return ShapedRows(reader: reader, form: form, faults: faults).checked(rows)
  }

  /// The numbers of a column; nil when a fault says why.
  private func numbers(_ csv: CSVTable, _ position: Int, _ fields: [CSVField]?) -> [Double]? {
    guard let fields else { return csv.numbers(of: position) }
    let reading = NumberCells(csv, position, fields).reading()
    for fault in reading.faults { faults.add(fault, at: root) }
    guard reading.faults.isEmpty, case .numbers(let values) = reading.values else { return nil }
    return values
  }

  private func readNumbers(
    _ csv: CSVTable, _ column: Int, _ position: Int, _ fields: [CSVField]?, _ before: Int,
    _ builder: inout RowsBuilder
  ) {
    guard let numbers = numbers(csv, position, fields) else { return }
    for (row, number) in numbers.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { return }
      if number.isNaN {
        appendMissing(csv, row, column, position, &builder)
      } else if encoder.encodings[column].canEncode(number) {
        builder.append(number, column)
      } else {
        faults.add(place(csv, row, position) + RowReader.tooLarge, at: root)
      }
    }
  }

  private func readClasses(
    _ csv: CSVTable, _ column: Int, _ position: Int, _ fields: [CSVField], _ before: Int,
    _ builder: inout RowsBuilder
  ) {
    for (row, field) in fields.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { return }
      if csv.isMissing(field) {
        appendMissing(csv, row, column, position, &builder)
        continue
      }
      let text = csv.text(of: field)
      if let fault = builder.append(builder.code(of: text, column), text, column, reader.unknown) {
        faults.add(place(csv, row, position) + fault, at: root)
      }
    }
  }

  private func appendMissing(
    _ csv: CSVTable, _ row: Int, _ column: Int, _ position: Int, _ builder: inout RowsBuilder
  ) {
    if encoder.missing != .mean { faults.add(place(csv, row, position) + "the value is missing", at: root) }
    builder.appendMissing(column)
  }

  private func place(_ csv: CSVTable, _ row: Int, _ position: Int) -> String {
    "row \(csv.recordNumber(of: row)), column \(position + 1) (`\(csv.names[position])`): "
  }
}
