// What the tests of this target share: data sets from the text of a `data` section and a file.

import Data
import JSON
import Testing

/// A data set and what was said of it.
struct Loaded {
  var dataset: Dataset
  var warnings: [Warning]
  /// The section with every default written out.
  var resolved: JSONValue

  var codes: [String] { warnings.map(\.code) }
}

/// Everything that is wrong with a section and its data.
struct Refusal: Error {
  var faults: [Fault]

  /// As `#/pointer: detail`.
  var texts: [String] { faults.map { "\($0.pointer.fragment): \($0.detail)" } }
}

/// Loads what a `data` section with these members names.
func load(
  _ members: String, file: [UInt8]? = nil, task: TaskChoice = .auto, seed: UInt64 = 0,
  limits: DataLimits = .init()
) throws -> Loaded {
  let faults = FaultCollector()
  let document = try JSONParser.parse(Array("{\(members)}".utf8))
  let section = DataSection(
    document, at: JSONPointer().appending("data"), file: file, faults: faults, limits: limits)
  if !faults.isEmpty { throw Refusal(faults: faults.faults) }
  var warnings: [Warning] = []
  let standardize = section.standardize ?? true
  let dataset = DatasetLoader(faults: faults, limits: limits)
    .load(section, task: task, standardize: standardize, seed: seed, warnings: &warnings)
  guard let dataset, faults.isEmpty else { throw Refusal(faults: faults.faults) }
  return Loaded(
    dataset: dataset, warnings: warnings,
    resolved: section.resolved(dataset: dataset, standardize: standardize, seed: seed))
}

/// Loads a CSV text.
func load(_ members: String, csv: String, task: TaskChoice = .auto) throws -> Loaded {
  try load(members, file: Array(csv.utf8), task: task)
}

/// The faults of data that are refused, as `#/pointer: detail`; none if they are not.
func faults(_ members: String, file: [UInt8], task: TaskChoice = .auto) throws -> [String] {
  do {
    _ = try load(members, file: file, task: task)
    return []
  } catch let refusal as Refusal {
    return refusal.texts
  }
}

/// The faults of a CSV text that is refused.
func faults(_ members: String, csv: String, task: TaskChoice = .auto) throws -> [String] {
  try faults(members, file: Array(csv.utf8), task: task)
}
