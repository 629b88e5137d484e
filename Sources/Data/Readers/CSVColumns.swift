// CSV columns by name as a table: its dialect found, the type of each column decided over all rows.

import JSON
import Text

/// Chooses the feature and target columns of a CSV text and reads their values.
struct CSVColumns {
  let file: DataFile

  private var faults: FaultCollector { file.faults }

  /// Nil when a fault says why.
  func table(_ bytes: [UInt8], warnings: inout [Warning]) -> LoadedTable? {
    let text: DecodedText
    do { text = try DecodedText(bytes, encoding: file.data.dialect.encoding) } catch {
      faults.add(
        "byte \(error.byteOffset): not valid \(error.encoding.rawValue.uppercased()); set `encoding` if the text has another",
        at: file.pointer)
      return nil
    }
    guard let (csv, found) = read(text) else { return nil }
    let before = faults.faults.count
    let outside = outside(csv)
    let note = note(csv, found)
    guard let choice = file.columns(csv.names, csv.positions, leftOut: outside, note: note) else {
      return nil
    }
    warnings += self.warnings(text, found, csv, outside.subtracting(choice.features + choice.targets))
    var columns = ChosenColumns(csv: csv, limits: file.limits, choice: choice)
    // Some pixels are the same in every image, some tokens in every row.
    columns.read(areFeaturesNamed: file.data.features != nil || file.areShaped)
    for fault in columns.faults.prefix(FaultCollector.maximumInRows) { faults.add(fault, at: file.pointer) }
    if columns.features.isEmpty, columns.faults.isEmpty {
      faults.add(
        "no column is left as a feature: \(columns.reasons); name columns in `features` to use them nevertheless",
        at: file.pointer)
    }
    guard faults.faults.count == before else { return nil }
    let notes = columns.notes.filter { !file.areShaped || $0.code != ColumnReading.Reason.oneValue.rawValue }
    warnings += notes.map { Warning(code: $0.code, message: $0.message, pointer: file.section) }
    var format = TableFormat()
    format.isText = true
    format.dialect = found.dialect
    format.encoding = text.encoding
    format.missingMarks = file.data.dialect.missingMarks
    format.columnCount = csv.names.count
    format.types = columns.types
    format.ignored = columns.ignored(outside)
    let positions = columns.features.map(\.position)
    let pointer = file.pointer
    func place(_ row: Int, _ column: Int) -> (JSONPointer, String) {
      (pointer, "row \(csv.recordNumber(of: row)), column \(column + 1) (`\(csv.names[column])`): ")
    }
    var loaded = LoadedTable(columns.table, format: format, pointer: pointer) { place($0, positions[$1]) }
    if let column = choice.lengths {
      loaded.givenLengths = LoadedTable.GivenLengths(values: csv.numbers(of: column)) { place($0, column) }
    }
    return loaded
  }

  // MARK: - Reading

  /// The text in its dialect; nil when a fault says why.
  private func read(_ text: DecodedText) -> (CSVTable, DetectedDialect)? {
    let options = file.data.dialect
    let names = Set(file.data.target + (file.data.features ?? []))
    var found = DialectDetector(bytes: text.bytes, options: options, names: names).detect()
    do throws(CSVError) {
      var csv = try table(text.bytes, found.dialect)
      if found.isDecimalOpen, hasDecimalComma(csv) {
        found.dialect.decimal = UInt8(ascii: ",")
        csv = try table(text.bytes, found.dialect)
      }
      return (csv, found)
    } catch {
      faults.add(error.description + alternative(text.bytes, found.dialect), at: file.pointer)
      return nil
    }
  }

  private func table(_ bytes: [UInt8], _ dialect: Dialect) throws(CSVError) -> CSVTable {
    try CSVTable(
      bytes, dialect: dialect, missingMarks: file.data.dialect.missingMarks,
      maximumRows: file.limits.maximumRows, maximumColumns: file.limits.maximumColumns)
  }

  /// Whether a number with a decimal comma comes after the sample from which the dialect was found.
  private func hasDecimalComma(_ csv: CSVTable) -> Bool {
    csv.names.indices.contains { column in
      guard let row = csv.firstText(of: column) else { return false }
      let field = csv.fields(ofRow: row)[column]
      return NumberLook(csv.withBytes(of: field) { Array($0) }[...]) == .decimalComma
    }
  }

  /// The delimiter under which the text can be read that cannot be read as it is.
  private func alternative(_ bytes: [UInt8], _ dialect: Dialect) -> String {
    if bytes.first == UInt8(ascii: "#"), dialect.comment == nil {
      return "; set `comment` to \"#\" if lines that begin with it are to be skipped"
    }
    if file.data.dialect.delimiter != nil { return "" }
    for delimiter in [",", ";", "\t", "|"].map({ UInt8(ascii: $0) }) where delimiter != dialect.delimiter {
      var other = dialect
      other.delimiter = delimiter
      guard let csv = try? table(bytes, other), csv.names.count > 1 else { continue }
      let name = delimiter == UInt8(ascii: "\t") ? "tab" : String(Character(Unicode.Scalar(delimiter)))
      return "; with `delimiter` \"\(name)\" all \(csv.rowCount) rows can be read"
    }
    return ""
  }

  /// What may be behind a name that is not found.
  private func note(_ csv: CSVTable, _ found: DetectedDialect) -> String {
    if found.header == .absent {
      return
        "; the first line was not taken as a header, so that the columns are `x1` to `x\(csv.names.count)`"
    }
    guard csv.names.count == 1, let name = csv.names.first else { return "" }
    let marks = [(" ", "spaces"), (":", "colons"), ("^", "carets"), ("~", "tildes")]
    let found = marks.first { mark in
      file.data.target.allSatisfy(name.split(separator: mark.0).map(String.init).contains)
    }
    return found.map { "; the fields seem to be separated by \($0.1): set `delimiter` to \"\($0.0)\"" } ?? ""
  }

  // MARK: - Columns without a name

  /// Columns that are no feature by themselves: row names, and what delimiters at the ends of lines make.
  private func outside(_ csv: CSVTable) -> Set<Int> {
    var outside = Set(csv.nameless.filter { isEmpty($0, csv) })
    if csv.names.count > 1, csv.nameless.contains(0) { outside.insert(0) }
    return outside
  }

  private func isEmpty(_ column: Int, _ csv: CSVTable) -> Bool {
    csv.firstText(of: column) == nil && csv.numbers(of: column).allSatisfy(\.isNaN)
  }

  private func warnings(
    _ text: DecodedText, _ found: DetectedDialect, _ csv: CSVTable, _ outside: Set<Int>
  ) -> [Warning] {
    var warnings: [Warning] = []
    func warn(_ code: String, _ message: String, _ member: String? = nil) {
      let place = member.map(file.section.appending) ?? file.section
      warnings.append(Warning(code: code, message: message, pointer: place))
    }
    if text.isGuessed {
      warn(
        "guessed_encoding",
        "the text is not UTF-8 and is read as windows-1252; set `encoding` if it is another")
    }
    switch found.header {
    case .plain: break
    case .numeric:
      warn(
        "numeric_header",
        "the first line looks like a row of data, but is taken as the header because its names are asked for; set "
          + "`header` to false and name columns `x1`, `x2`, … if it is none")
    case .assumed:
      warn(
        "assumed_header",
        "all columns are texts, and the first line is taken as the header; set `header` if it is none")
    case .absent where file.data.dialect.hasHeader == nil:
      warn(
        "no_header",
        "the first line is a row of data and no header; the columns are named `x1` to `x\(csv.names.count)`")
    case .absent: break
    }
    if outside.contains(0), csv.names.count > 1, csv.nameless.contains(0) {
      warn(
        "row_names",
        "the first column, without a name, is taken for the names of the rows and left out; name `\(csv.names[0])` "
          + "in `features` to use it")
    }
    let tail = csv.nameless.filter { $0 > 0 && outside.contains($0) }
    if !tail.isEmpty {
      warn(
        "nameless_column",
        "\(Self.count(tail)) without a name and without values \(tail.count == 1 ? "is" : "are") left out")
    }
    let named = csv.nameless.filter { !outside.contains($0) }
    if !named.isEmpty {
      warn(
        "nameless_column",
        "\(Self.count(named)) without a name \(named.count == 1 ? "is" : "are") named \(listed(named.map { csv.names[$0] }))"
      )
    }
    return warnings
  }

  private static func count(_ columns: [Int]) -> String {
    columns.count == 1 ? "a column" : "\(columns.count) columns"
  }
}
