// What is kept of a request beside its rows: the document without them, and digests.

import Data
import Digest
import JSON

extension PreparedTraining {
  /// The document without what stands for the rows of the data.
  static func withoutRows(_ document: JSONValue) -> JSONValue {
    guard var object = document.objectValue, var data = object["data"]?.objectValue else { return document }
    for member in rowMembers { data[member] = nil }
    if data["lengths"]?.arrayValue != nil { data["lengths"] = nil }
    object["data"] = .object(data)
    return .object(object)
  }

  /// ``dataDigest`` of a section whose source is still there.
  static func dataDigest(_ data: DataSection) -> String {
    switch data.source {
    case .csv(let bytes), .attachment(let bytes): SHA256.hexDigest(of: bytes)
    case .arrays(let files):
      arraysDigest(files)
    case .rows(let inputs, let targets, let lengths):
      (lengths == nil ? numbersDigest(inputs, targets) : nil) ?? rowsDigest(inputs, targets, lengths)
    case .synthetic(let synthetic):
      digest([
        "kind": .string(synthetic.kind.rawValue), "rows": .integer(synthetic.rows),
        "noise": .number(synthetic.noise), "seed": .number(Double(synthetic.seed)),
      ])
    case nil: SHA256.hexDigest(of: [])
    }
  }

  private static func rowsDigest(_ inputs: JSONArray, _ targets: JSONArray, _ lengths: JSONArray?) -> String {
    var object: JSONObject = ["inputs": .array(inputs), "targets": .array(targets)]
    if let lengths { object["lengths"] = .array(lengths) }
    return digest(object)
  }

  /// Every array with its name and size before it.
  private static func arraysDigest(_ files: ArrayFiles) -> String {
    var hash = SHA256()
    for (name, bytes) in [("inputs", files.inputs), ("targets", files.targets), ("lengths", files.lengths)] {
      guard let bytes else { continue }
      hash.update("\(name) \(bytes.count)\n".utf8)
      hash.update(bytes)
    }
    return hash.hexDigest()
  }

  private static func digest(_ document: JSONObject) -> String {
    SHA256.hexDigest(of: JSONValue.object(document).serialized())
  }

  /// Nil where not everything is a number.
  private static func numbersDigest(_ inputs: JSONArray, _ targets: JSONArray) -> String? {
    var hash = SHA256()
    for array in [inputs, targets] {
      guard let (numbers, width) = array.matrix ?? array.numbers.map({ ($0, 0) }) else { return nil }
      // A column of targets and a list of them are the same data to train on, but not the same document.
      hash.update("\(array.count) \(width)\n".utf8)
      numbers.withUnsafeBufferPointer { numbers in
        var start = 0
        while start < numbers.count {
          let piece = numbers[start..<min(start + 8192, numbers.count)]
          piece.map { $0.bitPattern.littleEndian }.withUnsafeBytes { hash.update($0) }
          start = piece.endIndex
        }
      }
    }
    return hash.hexDigest()
  }
}
