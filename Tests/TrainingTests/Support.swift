// What the tests of this target share: documents from text, prepared jobs, and data files.

import Glibc
import JSON
import Testing
import Training

/// A document from its text.
func json(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

func prepare(_ text: String, csv: String? = nil, limits: TrainingLimits = .init()) throws -> PreparedTraining
{
  let attachment = csv.map { Attachment(bytes: Array($0.utf8)) }
  return try PreparedTraining(TrainingRequest(document: json(text), attachment: attachment), limits: limits)
}

/// The faults of a refused document as `#/pointer: detail`.
func faults(_ text: String, csv: String? = nil, limits: TrainingLimits = .init()) throws -> [String] {
  do throws(SpecificationError) {
    let attachment = csv.map { Attachment(bytes: Array($0.utf8)) }
    let document: JSONValue
    do { document = try json(text) } catch {
      Issue.record("the test's own document is malformed: \(error)")
      return []
    }
    _ = try PreparedTraining(TrainingRequest(document: document, attachment: attachment), limits: limits)
    return []
  } catch {
    return error.faults.map { "\($0.pointer.fragment): \($0.detail)" }
  }
}

func pointers(_ text: String, csv: String? = nil, limits: TrainingLimits = .init()) throws -> [String] {
  try faults(text, csv: csv, limits: limits).map { String($0.prefix { $0 != ":" }) }
}

extension PreparedTraining {
  /// Runs to the end under a clock that stands still.
  func run() -> TrainingOutcome { run(isCancelled: { false }, report: { _ in }, now: { 0 }) }
}

extension TrainingOutcome {
  func metric(_ name: String) -> Double { metrics.first { $0.name == name }?.value ?? .nan }
}

/// A data file of the repository.
enum DataFile: String {
  case breastCancer = "../../examples/breast-cancer.csv"
  case iris = "../../examples/iris.csv"
  case digits = "Fixtures/digits.csv"
  case diabetes = "Fixtures/diabetes.csv"
  case splineRefinement = "../../examples/spline-refinement.json"

  func bytes() throws -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let file = try #require(fopen("/\(folder)/\(rawValue)", "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  func prepare(_ text: String) throws -> PreparedTraining {
    try PreparedTraining(TrainingRequest(document: json(text), attachment: Attachment(bytes: bytes())))
  }
}

/// Whether this is a release build.
let isOptimized: Bool = {
  #if DEBUG
    false
  #else
    true
  #endif
}()

extension Tag {
  /// Trains on whole data sets, which takes seconds even in release mode; see each test for why a smaller job would
  /// not show the same.
  @Tag static var slow: Self
}
