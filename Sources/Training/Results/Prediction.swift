// Predictions for new rows, given as JSON or CSV, in class names and original units.

import Data
import Engine
public import JSON
import Text

extension TrainedModel {
  /// Predicts from `{"inputs": [row, …]}`.
  ///
  /// A row is an array in the order of the features, or an object by feature name; class features take their text.
  /// Null stands for a missing value, which `missing: mean` fills and any other policy refuses.
  ///
  /// - Throws: every faulty row and value at once.
  public func predict(_ body: JSONValue) throws(SpecificationError) -> Predictions {
    let faults = FaultCollector()
    var reader = ObjectReader(body, faults: faults)
    let inputs = reader.array("inputs", required: true)
    reader.finish()
    var columns: [Column] = []
    if let inputs {
      let place = JSONPointer().appending("inputs")
      if inputs.isEmpty { faults.add("needs at least one row", at: place) }
      columns = PredictionRows(encoder: inputEncoder, faults: faults).columns(inputs, at: place)
    }
    guard faults.isEmpty, let inputs else { throw SpecificationError(faults: faults.faults) }
    return predict(columns, rows: inputs.count)
  }

  /// Predicts every row of a CSV text whose header names at least the features; other columns are ignored.
  public func predict(csv bytes: [UInt8]) throws(SpecificationError) -> Predictions {
    let faults = FaultCollector()
    let limits = TrainingLimits()
    let csv: CSVTable
    do throws(CSVError) {
      csv = try CSVTable(
        bytes, maximumRows: limits.data.maximumRows, maximumColumns: limits.data.maximumColumns)
    } catch {
      throw SpecificationError(faults: [Fault(pointer: JSONPointer(), detail: error.description)])
    }
    let columns = PredictionRows(encoder: inputEncoder, faults: faults).columns(csv)
    guard faults.isEmpty else { throw SpecificationError(faults: faults.faults) }
    return predict(columns, rows: csv.rowCount)
  }

  private func predict(_ columns: [Column], rows: Int) -> Predictions {
    let inputs = inputEncoder.encode(columns, rows: Array(0..<rows))
    let outputs = withPredictor { $0.predictions(inputs: inputs, rows: rows) }
    return Predictions(outputs, rows: rows, task: task, targets: targetEncoder, warnings: [])
  }
}

/// Reads rows to predict into columns of the encoder's order and kinds.
private struct PredictionRows {
  let encoder: InputEncoder
  let faults: FaultCollector

  /// Past this many faults, more of them help nobody.
  private static let maximumFaults = 20

  private static let tooLarge = "the number is too large for this model"

  private var isFaultyEnough: Bool { faults.faults.count >= Self.maximumFaults }

  // MARK: - JSON

  func columns(_ rows: JSONArray, at place: JSONPointer) -> [Column] {
    var builder = ColumnBuilder(encoder)
    let known = Set(encoder.names)
    for (index, row) in rows.enumerated() {
      if isFaultyEnough { break }
      let rowPlace = place.appending(index)
      if let object = row.objectValue {
        for key in object.keys where !known.contains(key) && !isFaultyEnough {
          let suggestion = suggestion(for: key, among: encoder.names)
          faults.add("the model has no feature `\(key)`\(suggestion)", at: rowPlace.appending(key))
        }
        for (column, name) in encoder.names.enumerated() {
          append(object[name] ?? .null, column: column, at: rowPlace.appending(name), to: &builder)
        }
      } else if let values = row.arrayValue {
        if values.count != encoder.names.count {
          faults.add(
            "has \(values.count) values, but the model has \(encoder.names.count) features", at: rowPlace)
          continue
        }
        for (column, value) in values.enumerated() {
          append(value, column: column, at: rowPlace.appending(column), to: &builder)
        }
      } else {
        faults.add("expected an array of values or an object by feature name", at: rowPlace)
      }
    }
    return builder.columns
  }

  private func append(_ value: JSONValue, column: Int, at place: JSONPointer, to builder: inout ColumnBuilder)
  {
    switch (encoder.encodings[column], value) {
    case (_, .null):
      if encoder.missing != .mean {
        faults.add("the value of `\(encoder.names[column])` is missing", at: place)
      }
      builder.appendMissing(column)
    case (let encoding, .number(let number)) where encoding.canEncode(number): builder.append(number, column)
    case (.number, .number): faults.add(Self.tooLarge, at: place)
    case (.classes(let labels, _), .string(let text)):
      if let fault = builder.append(text, column, labels) { faults.add(fault, at: place) }
    case (.number, _): faults.add("expected a number, got a value of type \(value.typeName)", at: place)
    case (.classes, _): faults.add("expected a class name, got a value of type \(value.typeName)", at: place)
    }
  }

  // MARK: - CSV

  func columns(_ csv: CSVTable) -> [Column] {
    var builder = ColumnBuilder(encoder)
    let root = JSONPointer()
    let texts = texts(csv)
    for (column, name) in encoder.names.enumerated() {
      if isFaultyEnough { break }
      guard let position = csv.positions[name] else {
        let suggestion = suggestion(for: name, among: csv.names, "to rename")
        faults.add("the data has no column `\(name)`\(suggestion)", at: root)
        continue
      }
      let numbers = csv.numbers(of: position)
      let fields = texts[position]
      for row in 0..<csv.rowCount {
        if isFaultyEnough { return builder.columns }
        let (number, field) = (numbers[row], fields?[row])
        let isMissing = number.isNaN && (field.map(csv.isMissing) ?? true)
        guard let fault = append(number, field, isMissing, column, csv, to: &builder) else { continue }
        let place = "row \(csv.recordNumber(of: row)), column \(position + 1) (`\(name)`): "
        faults.add(place + fault, at: root)
      }
    }
    return builder.columns
  }

  /// The fields of the columns whose texts are needed, by column: those of classes, and those that are not all numbers.
  private func texts(_ csv: CSVTable) -> [Int: [CSVTable.Field]] {
    let columns = zip(encoder.names, encoder.encodings).compactMap { name, encoding -> Int? in
      guard let position = csv.positions[name] else { return nil }
      if case .classes = encoding { return position }
      return csv.firstText(of: position) == nil ? nil : position
    }
    return csv.texts(of: columns)
  }

  /// What is wrong with the value, if anything.
  private func append(
    _ number: Double, _ field: CSVTable.Field?, _ isMissing: Bool, _ column: Int, _ csv: CSVTable,
    to builder: inout ColumnBuilder
  ) -> String? {
    if isMissing {
      builder.appendMissing(column)
      return encoder.missing == .mean ? nil : "the value is missing"
    }
    switch encoder.encodings[column] {
    case .number where number.isNaN: return "expected a number"
    case let encoding where encoding.canEncode(number):
      builder.append(number, column)
      return nil
    case .number: return Self.tooLarge
    case .classes(let labels, _):
      guard let text = field.flatMap(csv.text(of:)) else { return "not valid UTF-8" }
      return builder.append(text, column, labels)
    }
  }
}

/// Columns that grow value by value.
private struct ColumnBuilder {
  private let names: [String]
  private let labels: [[JSONValue]?]
  private var numbers: [[Double]]
  private var codes: [[Int32]]

  init(_ encoder: InputEncoder) {
    names = encoder.names
    labels = encoder.encodings.map { encoding in
      if case .classes(let labels, _) = encoding { labels.map(JSONValue.string) } else { nil }
    }
    numbers = names.map { _ in [] }
    codes = names.map { _ in [] }
  }

  mutating func append(_ number: Double, _ column: Int) { numbers[column].append(number) }

  /// What is wrong with the text, if it is no class of the column.
  mutating func append(_ text: String, _ column: Int, _ labels: [String]) -> String? {
    if let code = labels.firstIndex(of: text) {
      codes[column].append(Int32(code))
      return nil
    }
    return "`\(text.prefix(40))` did not occur in training\(suggestion(for: text, among: labels))"
  }

  mutating func appendMissing(_ column: Int) {
    numbers[column].append(.nan)
    codes[column].append(-1)
  }

  var columns: [Column] {
    names.indices.map { column in
      let values: ColumnValues =
        if let labels = labels[column] {
          .classes(codes: codes[column], labels: labels)
        } else {
          .numbers(numbers[column])
        }
      return Column(name: names[column], values: values)
    }
  }
}
