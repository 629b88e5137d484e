// Every metric of every epoch: what getJobMetrics shows, whole, down-sampled or as CSV.

public import JSON

/// Metric values by epoch, one column per name.
public struct MetricSeries: Equatable, Sendable {
  /// The metrics, training ones first.
  public let names: [String]
  /// Counted from 1, ascending.
  public private(set) var epochs: [Int] = []
  /// `values[name][i]` belongs to `epochs[i]`.
  public private(set) var values: [[Double]]

  /// No epoch yet.
  public init(names: [String]) {
    self.names = names
    values = [[Double]](repeating: [], count: names.count)
  }

  /// Appends one epoch; `row` holds one value per name, in the order of the names.
  public mutating func append(epoch: Int, row: [Double]) {
    precondition(row.count == names.count, "one value per metric")
    epochs.append(epoch)
    for (index, value) in row.enumerated() { values[index].append(value) }
  }

  /// The newest value of each metric.
  public var latest: [(name: String, value: Double)] {
    zip(names, values).compactMap { name, column in column.last.map { (name, $0) } }
  }

  /// The document `{"names": […], "epochs": […], "series": {name: […]}, "points": n, "total_points": N}`.
  ///
  /// - Parameters:
  ///   - names: which metrics; all when nil. Names that are not here are left out.
  ///   - fromEpoch: the first epoch to show.
  ///   - maximumPoints: at most so many epochs, evenly spaced, the first and the last among them.
  public func document(names wanted: [String]?, fromEpoch: Int?, maximumPoints: Int?) -> JSONValue {
    let columns = columns(wanted)
    let shown = shown(fromEpoch: fromEpoch, maximumPoints: maximumPoints)
    let series = columns.map { column in
      (names[column], JSONValue.array(JSONArray(numbers: shown.map { values[column][$0] })))
    }
    return .object(
      JSONObject([
        ("names", .array(JSONArray(columns.map { .string(names[$0]) }))),
        ("epochs", .array(JSONArray(numbers: shown.map { Double(epochs[$0]) }))),
        ("series", .object(JSONObject(series))),
        ("points", .number(Double(shown.count))),
        ("total_points", .number(Double(epochs.count))),
      ]))
  }

  /// Where the epochs after `epoch` stand. O(log n).
  public func positions(after epoch: Int) -> Range<Int> {
    var (low, high) = (0, epochs.count)
    while low < high {
      let middle = (low + high) / 2
      if epochs[middle] > epoch { high = middle } else { low = middle + 1 }
    }
    return low..<epochs.count
  }

  /// `{"epochs": […], "series": {name: […]}}` of a part of the epochs. O(the part).
  public func part(_ positions: Range<Int>) -> JSONObject {
    let columns = zip(names, values).map { name, column in
      (name, JSONValue.array(JSONArray(numbers: Array(column[positions]))))
    }
    return [
      "epochs": .array(JSONArray(numbers: epochs[positions].map(Double.init))),
      "series": .object(JSONObject(columns)),
    ]
  }

  /// The same selection as CSV with a header (RFC 4180), `epoch` first; a value that is not finite is written
  /// as `NaN`, `Infinity` or `-Infinity`.
  public func csv(names wanted: [String]?, fromEpoch: Int?, maximumPoints: Int?) -> String {
    let columns = columns(wanted)
    var text = (["epoch"] + columns.map { names[$0] }).joined(separator: ",") + "\r\n"
    for index in shown(fromEpoch: fromEpoch, maximumPoints: maximumPoints) {
      let row = columns.map { Self.text(values[$0][index]) }
      text += ([String(epochs[index])] + row).joined(separator: ",") + "\r\n"
    }
    return text
  }

  private func columns(_ wanted: [String]?) -> [Int] {
    guard let wanted else { return Array(names.indices) }
    return names.indices.filter { wanted.contains(names[$0]) }
  }

  private func shown(fromEpoch: Int?, maximumPoints: Int?) -> [Int] {
    let first = epochs.firstIndex { $0 >= fromEpoch ?? Int.min } ?? epochs.count
    let count = epochs.count - first
    guard let maximumPoints, maximumPoints < count else { return Array(first..<epochs.count) }
    if maximumPoints <= 1 { return maximumPoints == 1 ? [epochs.count - 1] : [] }
    return (0..<maximumPoints).map { first + $0 * (count - 1) / (maximumPoints - 1) }
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return value.description
  }
}

/// What is wrong with stored bytes that should be one of Training's own documents.
public enum StoredFormatError: Error, Equatable, Sendable {
  case notJSON
  case unsupportedVersion
  case damaged(String)
}

extension MetricSeries {
  /// `{"version": 1, "names": […], "epochs": […], "values": [[…], …]}`; read back exactly.
  public func serialized() -> [UInt8] {
    let document: JSONValue = .object(
      JSONObject([
        ("version", 1),
        ("names", .array(JSONArray(names.map { .string($0) }))),
        ("epochs", .array(JSONArray(numbers: epochs.map(Double.init)))),
        ("values", .array(JSONArray(values.map { .array(JSONArray(numbers: $0)) }))),
      ]))
    return document.serialized()
  }

  /// Reads what ``serialized()`` wrote.
  ///
  /// - Throws: what is wrong with other bytes.
  public init(serialized bytes: [UInt8]) throws(StoredFormatError) {
    guard let document = try? JSONParser.parse(bytes) else { throw .notJSON }
    guard document["version"] == 1 else { throw .unsupportedVersion }
    guard
      let names = document["names"]?.arrayValue?.compactMap(\.stringValue),
      let epochs = document["epochs"]?.arrayValue?.compactMap(\.intValue),
      let columns = document["values"]?.arrayValue, columns.count == names.count
    else { throw .damaged("names, epochs or values") }
    self.init(names: names)
    let values = columns.map { $0.arrayValue?.compactMap(StoredNumber.read) ?? [] }
    guard values.allSatisfy({ $0.count == epochs.count }) else { throw .damaged("values") }
    self.epochs = epochs
    self.values = values
  }
}

/// Numbers of stored documents, where the writer has put non-finite ones as strings.
enum StoredNumber {
  static func read(_ value: JSONValue) -> Double? {
    switch value.stringValue {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: value.doubleValue
    }
  }
}
