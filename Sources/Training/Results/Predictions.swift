// Predictions for some rows, in class names and original units, as a document or as CSV.

public import Data
public import JSON

/// What a trained model says about some rows, or about every step of them.
public struct Predictions: Sendable {
  /// Something legal about the rows that the client probably did not mean.
  public let warnings: [Warning]
  /// Rows, or of sequences the steps of all rows.
  private let count: Int
  private let sequences: Sequences?
  private let columns: Columns

  /// Which steps the predictions are of.
  struct Sequences: Sendable {
    /// Steps that the model gives for a row.
    var steps: Int
    /// Those that a row has.
    var lengths: [Int]
  }

  private enum Columns {
    /// Row-major, `labels.count` probabilities a row.
    case classes(labels: [JSONValue], predicted: [Int], probabilities: [Float])
    /// Row-major, in the targets' own units.
    case numbers(names: [String], values: [Double])
  }

  /// - Parameters:
  ///   - outputs: the network's linked outputs, row-major; of sequences for all steps, also those that a row has not.
  ///   - sequences: nil where a row has one prediction.
  init(
    _ outputs: [Float], rows: Int, sequences: Sequences? = nil, task: LearningTask, targets: TargetEncoder,
    warnings: [Warning]
  ) {
    self.sequences = sequences
    self.warnings = warnings
    var outputs = outputs
    if let sequences {
      let width = outputs.count / max(1, rows * sequences.steps)
      outputs = sequences.lengths.enumerated().flatMap { row, length in
        let start = row * sequences.steps * width
        return outputs[start..<start + length * width]
      }
      count = sequences.lengths.reduce(0, +)
    } else {
      count = rows
    }
    guard let labels = targets.labels else {
      columns = .numbers(names: targets.names, values: targets.shortestNumbers(outputs))
      return
    }
    let scores = ClassScores(outputs, task: task, classes: labels.count)
    columns = .classes(
      labels: labels, predicted: (0..<count).map(scores.predictedClass),
      probabilities: (0..<count).flatMap { row in labels.indices.map { scores.score(row: row, label: $0) } })
  }

  /// `{"predictions": […]}`: class labels, numbers, or rows of numbers for several targets; for classes also
  /// `"probabilities"`, one row per prediction in the order of `"classes"`; and `"warnings"` where there are any. Of
  /// sequences a row has an array of such, one for each of its steps.
  public var document: JSONValue {
    var document = JSONObject()
    switch columns {
    case .classes(let labels, let predicted, let probabilities):
      document["predictions"] = nested { range in JSONArray(range.map { labels[predicted[$0]] }) }
      document["probabilities"] = nested { range in
        JSONArray(
          range.map { row in
            .array(JSONArray(floats: Array(probabilities[row * labels.count..<(row + 1) * labels.count])))
          })
      }
      document["classes"] = .array(JSONArray(labels))
    case .numbers(let names, let values):
      document["predictions"] = nested { range in
        names.count == 1
          ? JSONArray(numbers: Array(values[range]))
          : JSONArray(
            range.map { row in
              .array(JSONArray(numbers: Array(values[row * names.count..<(row + 1) * names.count])))
            })
      }
    }
    if !warnings.isEmpty { document["warnings"] = .array(JSONArray(warnings.map(\.document))) }
    return .object(document)
  }

  /// Everything as one array, or of sequences an array for each row.
  private func nested(_ array: (Range<Int>) -> JSONArray) -> JSONValue {
    guard let sequences else { return .array(array(0..<count)) }
    var start = 0
    return .array(
      JSONArray(
        sequences.lengths.map { length in
          defer { start += length }
          return .array(array(start..<start + length))
        }))
  }

  /// A header and a line for each row (RFC 4180): `prediction`, or `prediction_NAME` for each of several targets, and
  /// `probability_CLASS` for each class. Of sequences a line for each step, behind `row` and `step`, both from 1.
  public var csv: String {
    var text = ""
    let places = sequences.map { sequences in
      sequences.lengths.enumerated().flatMap { row, length in
        (0..<length).map { ["\(row + 1)", "\($0 + 1)"] }
      }
    }
    func line(_ fields: [String]) { text += fields.map(Self.field).joined(separator: ",") + "\r\n" }
    let head = sequences == nil ? [] : ["row", "step"]
    switch columns {
    case .classes(let labels, let predicted, let probabilities):
      let names = labels.map(Self.text)
      line(head + ["prediction"] + names.map { "probability_\($0)" })
      for row in 0..<count {
        let shares = probabilities[row * labels.count..<(row + 1) * labels.count]
        line((places?[row] ?? []) + [names[predicted[row]]] + shares.map { Self.text(.float($0)) })
      }
    case .numbers(let names, let values):
      line(head + (names.count == 1 ? ["prediction"] : names.map { "prediction_\($0)" }))
      for row in 0..<count {
        let own = values[row * names.count..<(row + 1) * names.count]
        line((places?[row] ?? []) + own.map { Self.text(.number($0)) })
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
