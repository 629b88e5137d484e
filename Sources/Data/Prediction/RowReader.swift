// Rows without targets, for a trained model: JSON, CSV or an array brought into the columns that it was trained on.

package import JSON
import Text

/// Rows to predict, as columns of the encoder's order and kinds: `encoder.encode(rows.columns, rows: …)` takes them.
package struct Rows: Sendable {
  /// The features, in the encoder's order.
  package var columns: [Column]
  /// Rows.
  package var count: Int
  /// Steps of each row, where they differ.
  package var lengths: [Int]?
  /// What the client should know of the rows.
  package var warnings: [Warning] = []
}

/// Reads rows to predict.
///
/// They mean the same whichever way they come: a class is found by what it spells, a missing value is filled or refused by
/// the policy of the training, and an unknown class is a fault or, under `ignore`, like a missing one that is filled.
package struct RowReader: Sendable {
  let encoder: InputEncoder
  let unknown: UnknownPolicy
  let limits: DataLimits

  static let tooLarge = "the number is too large for this model"

  /// - Parameter unknown: what to do with classes that did not occur in training, if not what the job says.
  package init(_ encoder: InputEncoder, unknown: UnknownPolicy? = nil, limits: DataLimits = .init()) {
    self.encoder = encoder
    self.unknown = unknown ?? encoder.unknown
    self.limits = limits
  }

  /// CSV in the model's dialect or another that is found, or an array in NumPy's format; by the first bytes.
  ///
  /// Columns are found by name. Without names they are the features in their order, or all columns of the training.
  /// Nil when a fault says why. O(bytes).
  package func rows(file bytes: [UInt8], faults: FaultCollector) -> Rows? {
    switch FileKind(bytes, encoding: encoder.format?.encoding) {
    case .array: return bounded(rows(array: bytes, faults), JSONPointer(), faults)
    case .text: return bounded(rows(text: bytes, faults), JSONPointer(), faults)
    case .foreign(let what):
      faults.add("the rows are not a table but \(what)", at: JSONPointer())
      return nil
    }
  }

  private func rows(array bytes: [UInt8], _ faults: FaultCollector) -> Rows? {
    guard let form = encoder.form else { return ArrayRows(reader: self, faults: faults).rows(bytes) }
    return ShapedRows(reader: self, form: form, faults: faults).rows(array: bytes)
  }

  private func rows(text bytes: [UInt8], _ faults: FaultCollector) -> Rows? {
    guard let form = encoder.form, encoder.window != nil else {
      return TextRows(reader: self, faults: faults).rows(bytes)
    }
    let rows = TextRows(reader: ofWindowRows, faults: faults).rows(bytes)
    return ShapedRows(reader: self, form: form, faults: faults).windows(rows)
  }

  /// Rows of JSON: arrays in the order of the features, or objects by name; rows with a shape nested as in training. Null
  /// is a missing value; members that are no features are passed over with a warning. Nil when a fault says why. O(values).
  ///
  /// - Parameter lengths: the steps of each row, where the client gives them.
  package func rows(
    _ rows: JSONArray, lengths: JSONArray? = nil, at place: JSONPointer, faults: FaultCollector
  ) -> Rows? {
    if let form = encoder.form {
      let shaped = ShapedRows(reader: self, form: form, faults: faults)
      if rows.first?.objectValue != nil {
        return isSmallEnough(rows.count, place, faults) ? shaped.rows(objects: rows, at: place) : nil
      }
      return bounded(shaped.rows(rows, lengths: lengths, at: place), place, faults)
    }
    if lengths != nil {
      faults.add("only sequences have lengths", at: JSONPointer().appending("lengths"))
      return nil
    }
    guard isSmallEnough(rows.count, place, faults) else { return nil }
    let before = faults.faults.count
    var builder = RowsBuilder(encoder)
    var extras: [String] = []
    let names = Set(encoder.names)
    var seen = names
    for (index, row) in rows.enumerated() {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      let rowPlace = place.appending(index)
      if let object = row.objectValue {
        for key in object.keys where seen.insert(key).inserted { extras.append(key) }
        for (column, name) in encoder.names.enumerated()
        where faults.faults.count - before < FaultCollector.maximumInRows {
          let place = rowPlace.appending(name)
          if let value = object[name] {
            append(value, column, at: place, faults, to: &builder)
          } else {
            let hint =
              encoder.missing == .mean
              ? "" : suggestion(for: name, among: object.keys.filter { !names.contains($0) }, "to rename")
            appendMissing(column, hint, at: place, faults, to: &builder)
          }
        }
      } else if let values = row.arrayValue {
        if values.count != encoder.names.count {
          faults.add(
            "has \(values.count) values, but the model has \(encoder.names.count) features", at: rowPlace)
          continue
        }
        for (column, value) in values.enumerated() {
          append(value, column, at: rowPlace.appending(column), faults, to: &builder)
        }
      } else {
        faults.add("expected an array of values or an object by feature name", at: rowPlace)
      }
    }
    guard faults.faults.count == before else { return nil }
    var read = Rows(columns: builder.columns, count: rows.count)
    read.warnings = Self.unusedMembers(extras, at: place) + builder.warnings(at: place)
    return read
  }

  /// A remark on the members of rows that are no features, if there are any.
  static func unusedMembers(_ extras: [String], at place: JSONPointer) -> [Warning] {
    if extras.isEmpty { return [] }
    return [
      Warning(
        code: "unused_members",
        message:
          "the model has no \(extras.count == 1 ? "feature" : "features") \(listed(extras.prefix(5)))"
          + "\(extras.count > 5 ? " and \(extras.count - 5) more" : ""), which the rows have",
        pointer: place)
    ]
  }

  /// Nil with a fault where the encoded rows would be more values than training may have.
  private func bounded(_ rows: Rows?, _ place: JSONPointer, _ faults: FaultCollector) -> Rows? {
    rows.flatMap { isSmallEnough($0.count, place, faults) ? $0 : nil }
  }

  /// Asked before rows of JSON are read, of which an empty object may stand for thousands of values.
  private func isSmallEnough(_ count: Int, _ place: JSONPointer, _ faults: FaultCollector) -> Bool {
    if (product(of: [count, encoder.width]) ?? .max) <= limits.maximumValues { return true }
    faults.add(
      "\(count) rows of \(encoder.width) encoded values are more than \(limits.maximumValues) values; "
        + "send fewer rows at once", at: place)
    return false
  }

  private func append(
    _ value: JSONValue, _ column: Int, at place: JSONPointer, _ faults: FaultCollector,
    to builder: inout RowsBuilder
  ) {
    switch (encoder.encodings[column], value) {
    case (_, .null): appendMissing(column, "", at: place, faults, to: &builder)
    case (let encoding, .number(let number)) where encoding.canEncode(number): builder.append(number, column)
    case (.number, .number): faults.add(Self.tooLarge, at: place)
    case (.classes, .string), (.classes, .number), (.classes, .bool):
      let fault = builder.append(
        builder.code(of: value, column), ClassLabels.spelling(of: value), column, unknown)
      if let fault { faults.add(fault, at: place) }
    case (let encoding, .string(let text)) where Self.number(text).map(encoding.canEncode) == true:
      builder.append(Self.number(text) ?? .nan, column)
    case (.number, _): faults.add("expected a number, got a value of type \(value.typeName)", at: place)
    case (.classes, _): faults.add("expected a class name, got a value of type \(value.typeName)", at: place)
    }
  }

  /// The number that a text spells, as a field of a table may.
  private static func number(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { DecimalText.parse(DecimalText.trimmed($0)) }
  }

  private func appendMissing(
    _ column: Int, _ suggestion: String, at place: JSONPointer, _ faults: FaultCollector,
    to builder: inout RowsBuilder
  ) {
    if encoder.missing != .mean {
      faults.add("the value of `\(encoder.names[column])` is missing\(suggestion)", at: place)
    }
    builder.appendMissing(column)
  }
}

/// Columns that grow value by value.
struct RowsBuilder {
  private let names: [String]
  private let labels: [[String]?]
  private let matchers: [ClassMatcher?]
  private var numbers: [[Double]]
  private var codes: [[Int32]]
  private var unknownCounts: [Int]

  init(_ encoder: InputEncoder) {
    names = encoder.names
    labels = encoder.encodings.map { encoding in
      if case .classes(let labels, _) = encoding { labels } else { nil }
    }
    matchers = labels.map { $0.map { ClassMatcher(texts: $0) } }
    numbers = names.map { _ in [] }
    codes = names.map { _ in [] }
    unknownCounts = names.map { _ in 0 }
  }

  func code(of value: JSONValue, _ column: Int) -> Int32? { matchers[column]?.code(of: value) }

  func code(of text: String, _ column: Int) -> Int32? { matchers[column]?.code(of: text) }

  mutating func append(_ number: Double, _ column: Int) { numbers[column].append(number) }

  /// Adds a class. What is wrong with it, if it is none of the column's and may not be ignored.
  mutating func append(_ code: Int32?, _ text: String, _ column: Int, _ unknown: UnknownPolicy) -> String? {
    if let code {
      codes[column].append(code)
      return nil
    }
    appendMissing(column)
    if unknown == .ignore {
      unknownCounts[column] += 1
      return nil
    }
    return
      "\(quoted(text)) did not occur in training\(suggestion(for: text, among: labels[column] ?? [])); "
      + "set `unknown` to `ignore` to predict such rows by the shares of the classes in training"
  }

  mutating func appendMissing(_ column: Int) {
    numbers[column].append(.nan)
    codes[column].append(-1)
  }

  var columns: [Column] {
    names.indices.map { column in
      let values: ColumnValues =
        if let labels = labels[column] {
          .classes(codes: codes[column], labels: labels.map(JSONValue.string))
        } else {
          .numbers(numbers[column])
        }
      return Column(name: names[column], values: values)
    }
  }

  /// A remark for each column with classes that did not occur in training.
  func warnings(at place: JSONPointer) -> [Warning] {
    names.indices.filter { unknownCounts[$0] > 0 }.map { column in
      let count = unknownCounts[column]
      return Warning(
        code: "unknown_classes",
        message:
          "\(count) \(count == 1 ? "row has" : "rows have") a class of `\(names[column])` that did not occur in "
          + "training; the training shares take its place",
        pointer: place)
    }
  }
}
