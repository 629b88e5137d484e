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
///
/// - Parameters:
///   - tokens: what the model knows, where it reads tokens.
///   - outputSteps: how many steps the model makes of a row of so many.
func load(
  _ members: String, file: [UInt8]? = nil, arrays: ArrayFiles? = nil, task: TaskChoice = .auto,
  seed: UInt64 = 0, limits: DataLimits = .init(), tokens: TokenSet? = nil,
  outputSteps: @escaping @Sendable (Int) -> Int = { $0 }
) throws -> Loaded {
  let faults = FaultCollector()
  let document = try JSONParser.parse(Array("{\(members)}".utf8))
  let section = DataSection(
    document, at: JSONPointer().appending("data"), file: file, arrays: arrays, faults: faults,
    limits: limits)
  if !faults.isEmpty { throw Refusal(faults: faults.faults) }
  var warnings: [Warning] = []
  let standardize = section.standardize ?? true
  let dataset = DatasetLoader(faults: faults, limits: limits)
    .load(
      section, task: task, standardize: standardize, seed: seed,
      use: RowUse(tokens: tokens, outputSteps: outputSteps), warnings: &warnings)
  guard let dataset, faults.isEmpty else { throw Refusal(faults: faults.faults) }
  return Loaded(
    dataset: dataset, warnings: warnings,
    resolved: section.resolved(dataset: dataset, standardize: standardize, seed: seed))
}

/// Loads a CSV text.
func load(_ members: String, csv: String, task: TaskChoice = .auto) throws -> Loaded {
  try load(members, file: Array(csv.utf8), task: task)
}

/// The faults of what `body` loads, as `#/pointer: detail`; none if it is not refused.
func faults(of body: () throws -> Loaded) throws -> [String] {
  do {
    _ = try body()
    return []
  } catch let refusal as Refusal {
    return refusal.texts
  }
}

/// The faults of data that are refused, as `#/pointer: detail`; none if they are not.
func faults(_ members: String, file: [UInt8], task: TaskChoice = .auto) throws -> [String] {
  try faults { try load(members, file: file, task: task) }
}

/// The faults of a CSV text that is refused.
func faults(_ members: String, csv: String, task: TaskChoice = .auto) throws -> [String] {
  try faults(members, file: Array(csv.utf8), task: task)
}

/// A file as `numpy.save` writes it.
func npy(_ type: String, _ shape: String, _ data: [UInt8], isColumnMajor: Bool = false) -> [UInt8] {
  let order = isColumnMajor ? "True" : "False"
  let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }   \n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
}

/// The bytes of little-endian single-precision numbers.
func singles(_ numbers: [Float]) -> [UInt8] {
  numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
}
