// What the service made of one table: it trained, or it refused, and what it said of the data either way.

import JSON
import Testing

/// The answer to one submission, after the job has ended.
struct Outcome: Sendable {
  /// The status of the submission's answer.
  var status: Int
  /// The ended job; the problem document of a refusal.
  var document: JSONValue

  var trained: Bool { document["status"] == "succeeded" }
  var metrics: JSONValue? { document["result"]?["metrics"] }
  var parameters: Int? { document["result"]?["parameters"]?.intValue }
  var task: String? { document["resolved_spec"]?["task"]?.stringValue }
  var features: [String]? {
    document["resolved_spec"]?["data"]?["features"]?.arrayValue?.compactMap(\.stringValue)
  }

  /// The texts of every fault, of a job's error and of every warning.
  var remarks: [String] {
    let faults = (document["errors"]?.arrayValue ?? []).compactMap { $0["detail"]?.stringValue }
    let error = document["error"]?["message"]?.stringValue.map { [$0] } ?? []
    return faults + error + warnings.compactMap { $0["message"]?.stringValue }
  }
  var warnings: [JSONValue] { (document["warnings"]?.arrayValue ?? []).map { $0 } }

  /// Whether one remark has all of these words, in any case.
  func says(_ words: [String]) -> Bool {
    remarks.contains { remark in
      let remark = remark.lowercased()
      return words.allSatisfy { remark.contains($0.lowercased()) }
    }
  }

  func metric(_ name: String) -> Double { metrics?[name]?.doubleValue ?? .nan }

  /// Whether two jobs trained on the same numbers: the same parameters, and metrics that differ by rounding at most.
  func isSame(as other: Outcome) -> Bool {
    guard trained, other.trained, parameters == other.parameters, task == other.task else { return false }
    guard let mine = metrics?.objectValue, let others = other.metrics?.objectValue else { return false }
    return mine.pairs.allSatisfy { name, value in
      guard let value = value.doubleValue else { return others[name].map { $0.doubleValue == nil } ?? false }
      guard let theirs = others[name]?.doubleValue else { return false }
      return abs(value - theirs) <= 1e-4 * max(1, abs(theirs))
    }
  }
}

extension Outcome: CustomStringConvertible {
  var description: String {
    let refused = document["detail"]?.stringValue ?? ""
    return
      "\(status) \(document["status"]?.stringValue ?? refused), \(parameters ?? 0) parameters, \(remarks)"
  }
}

extension Client {
  /// Submits a table under a specification and waits until the job has ended, or gives its refusal.
  func outcome(_ spec: JSONValue, csv: [UInt8]? = nil) async throws -> Outcome {
    let answer =
      if let csv { try await post("/v1/jobs", spec: spec, csv: csv) } else {
        try await post("/v1/jobs", json: spec)
      }
    let document = try answer.json()
    guard answer.status == 202, let id = document["id"]?.stringValue else {
      return Outcome(status: answer.status, document: document)
    }
    return Outcome(status: answer.status, document: try await finished(id))
  }

  func outcome(_ spec: JSONValue, csv: String) async throws -> Outcome {
    try await outcome(spec, csv: Array(csv.utf8))
  }
}

/// The tables of `Fixtures/cases`: each a small input of a kind that people send, with the specification beside it.
enum Case {
  static func csv(_ name: String) throws -> [UInt8] { try bytes("\(name).csv") }
  static func text(_ name: String) throws -> String { String(decoding: try csv(name), as: UTF8.self) }
  static func spec(_ name: String) throws -> JSONValue { try JSONParser.parse(bytes("\(name).json")) }
  static func bytes(_ file: String) throws -> [UInt8] {
    try Repository.bytes("Tests/curvesmithTests/Fixtures/cases/\(file)")
  }

  /// The specification of most cases: a small network, a few epochs.
  static func spec(target: String = "y", data: [String: JSONValue] = [:]) -> JSONValue {
    var members: JSONObject = ["target": .string(target)]
    for (name, value) in data.sorted(by: { $0.key < $1.key }) { members[name] = value }
    return [
      "data": .object(members), "model": ["hidden": [4]], "activation": "relu", "training": ["epochs": 3],
    ]
  }
}

/// Tables of 48 rows over the columns `a`, `b` and `y`, plain, from which others are made.
enum Table {
  static let rows = 48
  static func a(_ row: Int) -> Int { row % 7 }
  static func b(_ row: Int) -> Int { row * 3 % 5 }
  static func number(_ row: Int) -> String { "\(Double(a(row) * 2 + b(row) * 3) + 0.5)" }
  static func kind(_ row: Int) -> String { a(row) * 2 + b(row) > 8 ? "yes" : "no" }

  /// Lines of fields under a header, joined by commas and newlines.
  static func text(
    _ header: String = "a,b,y", rows: Int = rows, separator: String = ",", end: String = "\n",
    _ fields: (Int) -> [String]
  ) -> String {
    ([header] + (0..<rows).map { fields($0).joined(separator: separator) }).map { $0 + end }.joined()
  }

  static let classes = text { ["\(a($0))", "\(b($0))", kind($0)] }
  static let numbers = text { ["\(a($0))", "\(b($0))", number($0)] }
}
