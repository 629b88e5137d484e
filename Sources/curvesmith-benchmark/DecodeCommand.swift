// `decode`: megabytes a second from the bytes that a client sends to the data set that training reads.

import ArgumentParser
import Data
import Engine
import JSON
import Training

struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Print MB/s from CSV, JSON and NPY to a data set on one core, and of standardisation alone.")

  @Option(help: "Megabytes of text.")
  var megabytes = 32

  @Option(help: "Columns, the target among them.")
  var columns = 21

  @Option(help: "Times that each is measured; the fastest counts.")
  var rounds = 5

  @Option(help: "Only numbers of so many digits: 2, 7 or 17.")
  var digits: Int?

  func validate() throws {
    guard (1...1000).contains(megabytes), (2...1000).contains(columns), rounds > 0 else {
      throw ValidationError("1 to 1000 megabytes, 2 to 1000 columns and at least one round")
    }
  }

  func run() throws {
    print("MB/s of \(megabytes) MB in rows of \(columns) numbers")
    for (digits, number) in Self.texts where self.digits ?? digits == digits {
      let name = "\(digits) digits"
      let table = rows(number)
      let csv = csv(table)
      try measure("CSV, \(name)", bytes: csv.count) {
        try Dataset(loading: Self.request(csv))
      }
      let json = json(table)
      try measure("JSON, \(name), parsed", bytes: json.count) { try JSONParser.parse(json) }
      try measure("JSON, \(name)", bytes: json.count) {
        try Dataset(loading: TrainingRequest(document: JSONParser.parse(json)))
      }
      try measure("CSV, \(name), whole job", bytes: csv.count) {
        try PreparedTraining(Self.request(csv))
      }
      try measure("JSON, \(name), whole job", bytes: json.count) {
        try PreparedTraining(TrainingRequest(document: JSONParser.parse(json)))
      }
    }
    try decodeArrays()
    standardize()
  }

  // MARK: - Numbers and their texts

  private typealias Number = @Sendable (inout RandomStream) -> String

  private static let texts: [(Int, Number)] = [
    (7, { random in "\(Float(random.normal()))" }),
    (2, { random in "\(Double(Int(50 * random.normal())) / 10)" }),
    (17, { random in "\(random.normal())" }),
  ]

  /// Rows of texts that make up about the wanted size.
  private func rows(_ number: Number) -> [[String]] {
    var random = RandomStream(seed: 1, stream: .synthetic)
    var rows: [[String]] = []
    var bytes = 0
    while bytes < megabytes * 1_000_000 {
      let row = (0..<columns).map { _ in number(&random) }
      bytes += row.reduce(columns) { $0 + $1.utf8.count }
      rows.append(row)
    }
    return rows
  }

  private func csv(_ rows: [[String]]) -> [UInt8] {
    let header = (1..<columns).map { "x\($0)" } + ["y"]
    return ([header] + rows).reduce(into: []) { text, row in
      text.append(contentsOf: row.joined(separator: ",").utf8)
      text.append(UInt8(ascii: "\n"))
    }
  }

  private func json(_ rows: [[String]]) -> [UInt8] {
    let inputs = rows.map { "[\($0.dropLast().joined(separator: ","))]" }.joined(separator: ",")
    let targets = rows.map { $0[columns - 1] }.joined(separator: ",")
    return Array(
      #"{"data":{"inputs":[\#(inputs)],"targets":[\#(targets)]},"activation":"relu"}"#.utf8)
  }

  private static func request(_ file: [UInt8]) -> TrainingRequest {
    TrainingRequest(
      document: ["data": ["target": "y"], "activation": "relu"], attachment: Attachment(bytes: file))
  }

  // MARK: - Arrays

  private func decodeArrays() throws {
    let rowCount = megabytes * 1_000_000 / 4 / columns
    var random = RandomStream(seed: 1, stream: .synthetic)
    let values = (0..<rowCount * columns).map { _ in Float(random.normal()) }
    let data = values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    for isColumnMajor in [false, true] {
      let order = isColumnMajor ? "True" : "False"
      let header = "{'descr': '<f4', 'fortran_order': \(order), 'shape': (\(rowCount), \(columns)), }\n"
      let length = UInt16(header.utf8.count)
      var file = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      file += Array(header.utf8) + data
      let name = isColumnMajor ? "NPY, f4 by columns" : "NPY, f4"
      // By rows it is encoded from where it lies.
      if isColumnMajor {
        try measure("\(name), read", bytes: file.count) {
          try NPYArray(file, maximumRows: .max, maximumColumns: .max)
        }
      }
      let request = TrainingRequest(
        document: ["data": ["target": .string("x\(columns)")], "activation": "relu"],
        attachment: Attachment(bytes: file))
      try measure(name, bytes: file.count) { try Dataset(loading: request) }
    }
  }

  // MARK: - Standardisation

  /// Fits and applies the encoding of features; bytes are those of the doubles read.
  private func standardize() {
    let rowCount = megabytes * 1_000_000 / 8 / columns
    var random = RandomStream(seed: 1, stream: .synthetic)
    let features = (0..<columns).map { column in
      Column(name: "x\(column)", values: .numbers((0..<rowCount).map { _ in random.normal() }))
    }
    let rows = Array(0..<rowCount)
    measure("standardisation", bytes: 8 * rowCount * columns) {
      InputEncoder(features: features, rows: rows, standardize: true, missing: .error)
        .encode(features, rows: rows)
    }
  }

  private func measure<Value>(_ name: String, bytes: Int, _ body: () throws -> Value) rethrows {
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = monotonicSeconds()
      _ = try body()
      best = min(best, monotonicSeconds() - start)
    }
    print(padded(name, 28) + column(Double(bytes) / best / 1e6))
  }
}
