// Predictions for some rows, in class names and original units, as a document or as CSV.

public import Data
public import JSON

/// What a trained model says about some rows.
public struct Predictions: Sendable {
  /// Something legal about the rows that the client probably did not mean.
  public let warnings: [Warning]
  private let rows: Int
  private let columns: Columns

  private enum Columns {
    /// Row-major, `labels.count` probabilities a row.
    case classes(labels: [JSONValue], predicted: [Int], probabilities: [Float])
    /// Row-major, in the targets' own units.
    case numbers(names: [String], values: [Double])
  }

  /// - Parameter outputs: the network's linked outputs, row-major.
  init(_ outputs: [Float], rows: Int, task: LearningTask, targets: TargetEncoder, warnings: [Warning]) {
    self.rows = rows
    self.warnings = warnings
    guard let labels = targets.labels else {
      columns = .numbers(names: targets.names, values: targets.shortestNumbers(outputs))
      return
    }
    let scores = ClassScores(outputs, task: task, classes: labels.count)
    columns = .classes(
      labels: labels, predicted: (0..<rows).map(scores.predictedClass),
      probabilities: (0..<rows).flatMap { row in labels.indices.map { scores.score(row: row, label: $0) } })
  }

  /// `{"predictions": […]}`: class labels, numbers, or rows of numbers for several targets; for classes also
  /// `"probabilities"`, one row per prediction in the order of `"classes"`; and `"warnings"` where there are any.
  public var document: JSONValue {
    var document = JSONObject()
    switch columns {
    case .classes(let labels, let predicted, let probabilities):
      document["predictions"] = .array(JSONArray(predicted.map { labels[$0] }))
      document["probabilities"] = .array(
        JSONArray(
          (0..<rows).map { row in
            .array(JSONArray(floats: Array(probabilities[row * labels.count..<(row + 1) * labels.count])))
          }))
      document["classes"] = .array(JSONArray(labels))
    case .numbers(let names, let values):
      document["predictions"] = .array(
        names.count == 1
          ? JSONArray(numbers: values)
          : JSONArray(
            (0..<rows).map { row in
              .array(JSONArray(numbers: Array(values[row * names.count..<(row + 1) * names.count])))
            }))
    }
    if !warnings.isEmpty { document["warnings"] = .array(JSONArray(warnings.map(\.document))) }
    return .object(document)
  }

  /// A header and a line for each row (RFC 4180): `prediction`, or `prediction_NAME` for each of several targets, and
  /// `probability_CLASS` for each class.
  public var csv: String {
    var text = ""
    func line(_ fields: [String]) { text += fields.map(Self.field).joined(separator: ",") + "\r\n" }
    switch columns {
    case .classes(let labels, let predicted, let probabilities):
      let names = labels.map(Self.text)
      line(["prediction"] + names.map { "probability_\($0)" })
      for row in 0..<rows {
        let shares = probabilities[row * labels.count..<(row + 1) * labels.count]
        line([names[predicted[row]]] + shares.map { Self.text(.float($0)) })
      }
    case .numbers(let names, let values):
      line(names.count == 1 ? ["prediction"] : names.map { "prediction_\($0)" })
      for row in 0..<rows {
        line(values[row * names.count..<(row + 1) * names.count].map { Self.text(.number($0)) })
      }
    }
    return text
  }

  /// A label or number as CSV has it: a text without its quotes, everything else as JSON.
  private static func text(_ value: JSONValue) -> String {
    if let text = value.stringValue { return text }
    let written = String(decoding: value.serialized(), as: UTF8.self)
    return written.hasPrefix("\"") ? String(written.dropFirst().dropLast()) : written
  }

  /// Quoted where it must be.
  private static func field(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { !"\",\r\n".utf8.contains($0) } && !text.isEmpty
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension TargetEncoder {
  /// Outputs in original units, each with no more digits than tell it from its neighbours.
  ///
  /// An output has the 24 bits of a single-precision number; scaled and shifted in double precision it would be written
  /// with digits that mean nothing. The number is rounded to the fewest digits that stay within half a unit of the
  /// output's last place.
  fileprivate func shortestNumbers(_ outputs: [Float]) -> [Double] {
    let exact = decode(outputs)
    guard case .numbers(_, _, let scales) = self else { return exact }
    return zip(outputs.indices, exact).map { index, value in
      let slack = Double(outputs[index].ulp) / 2 * abs(scales[index % scales.count])
      return value.shortest(within: slack)
    }
  }
}

extension Double {
  /// The number rounded to as many decimal places as keep it within `slack`; itself where that is no shorter.
  fileprivate func shortest(within slack: Double) -> Double {
    guard isFinite, slack > 0 else { return self }
    // The largest power of ten that is at most 2 · slack, as a divisor or factor: exact up to 10²².
    var (power, exponent) = (1.0, 0)
    while power > 2 * slack, exponent < 22 {
      power /= 10
      exponent += 1
    }
    guard power <= 2 * slack, power * 10 > 2 * slack else { return self }
    let divisor = (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    let scaled = self * divisor
    guard abs(scaled) < 0x1p53 else { return self }
    let rounded = scaled.rounded() / divisor
    return abs(rounded - self) <= slack ? rounded : self
  }
}
