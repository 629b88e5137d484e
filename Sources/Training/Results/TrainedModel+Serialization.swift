// A trained model as bytes: a versioned header in JSON, then its numbers with their exact bits.

import Data
import Engine
import JSON

/// Layout, little-endian: 8 bytes `CSMODEL` and a version byte; u32 length of the header; the header (UTF-8 JSON); the
/// parameters, then the running statistics, as Float32. The header holds the resolved `model` and `activation` sections,
/// from which everything else is built again, so that no expression is stored.
extension TrainedModel {
  private static let magic = Array("CSMODEL".utf8)
  private static let version: UInt8 = 1

  /// The model as bytes that `init(serialized:)` reads back exactly.
  public func serialized() -> [UInt8] {
    let header = header.serialized()
    var bytes = Self.magic + [Self.version]
    Self.append(UInt32(header.count), to: &bytes)
    bytes += header
    bytes.reserveCapacity(bytes.count + 4 * (state.parameters.count + state.statistics.count))
    for value in state.parameters { Self.append(value.bitPattern, to: &bytes) }
    for value in state.statistics { Self.append(value.bitPattern, to: &bytes) }
    return bytes
  }

  /// Reads what `serialized()` wrote, of this or an earlier version.
  ///
  /// - Throws: where the bytes are none, or the numbers do not fit the model of the header. O(bytes)
  public init(serialized bytes: [UInt8]) throws(StoredFormatError) {
    let start = Self.magic.count + 5
    guard bytes.count >= start, bytes.starts(with: Self.magic) else { throw .damaged("no trained model") }
    guard bytes[Self.magic.count] == Self.version else { throw .unsupportedVersion }
    let length = Int(Self.word(bytes, at: start - 4))
    guard bytes.count >= start + length else { throw .damaged("the header is cut off") }
    guard let header = try? JSONParser.parse(Array(bytes[start..<start + length])) else { throw .notJSON }
    let numbers = bytes.count - start - length
    guard let parameterCount = header["parameters"]?.intValue,
      let statisticCount = header["statistics"]?.intValue,
      parameterCount >= 0, statisticCount >= 0, numbers == 4 * (parameterCount + statisticCount)
    else { throw .damaged("the numbers are cut off") }
    func floats(from first: Int, count: Int) -> [Float] {
      (0..<count).map { Float(bitPattern: Self.word(bytes, at: start + length + 4 * (first + $0))) }
    }
    let selected = (header["selected"]?.objectValue?.pairs ?? []).compactMap { pair -> (Int, Int)? in
      guard let activation = Int(pair.key), let candidate = pair.value.intValue else { return nil }
      return (activation, candidate)
    }
    let state = ModelState(
      parameters: floats(from: 0, count: parameterCount),
      statistics: floats(from: parameterCount, count: statisticCount),
      selected: Dictionary(selected, uniquingKeysWith: { first, _ in first }),
      stages: header["stages"]?.arrayValue?.compactMap(\.intValue) ?? [])
    self = try Self.model(header, state: state)
    guard plan.accepts(state), inputStatistics.count == assembly.sites.count,
      candidates.count == assembly.sites.count
    else { throw .damaged("the numbers belong to another model") }
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> shift))
    }
  }

  private static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
    UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
      | UInt32(bytes[index + 3]) << 24
  }

  // MARK: - Header

  private var header: JSONValue {
    var header: JSONObject = [
      "epoch": .integer(epoch), "task": .string(task.rawValue), "model": model.resolved,
      "activation": activation.resolved, "seed": .number(Double(seed)),
      "inputs": inputEncoder.document,
      "targets": targetEncoder.document, "parameters": .integer(state.parameters.count),
      "statistics": .integer(state.statistics.count),
      "selected": .object(
        JSONObject(state.selected.sorted { $0.key < $1.key }.map { (String($0.key), .integer($0.value)) })),
      "input_statistics": .array(JSONArray(inputStatistics.map(\.stored))),
      "candidates": .array(
        JSONArray(candidates.map { reports in .array(JSONArray(reports.map(\.document))) })),
    ]
    if !state.stages.isEmpty { header["stages"] = .array(JSONArray(numbers: state.stages.map(Double.init))) }
    return .object(header)
  }

  private static func model(_ header: JSONValue, state: ModelState) throws(StoredFormatError) -> TrainedModel
  {
    let faults = FaultCollector()
    guard
      let epoch = header["epoch"]?.intValue, let seed = header["seed"]?.intValue, seed >= 0,
      let task = header["task"]?.stringValue.flatMap(LearningTask.init),
      let inputs = header["inputs"].flatMap(InputEncoder.init(document:)),
      let targets = header["targets"].flatMap(TargetEncoder.init(document:)),
      let statistics = header["input_statistics"]?.arrayValue?.compactMap(InputStatistics.init(stored:)),
      let candidates = header["candidates"]?.arrayValue?.map({
        $0.arrayValue?.compactMap(CandidateReport.init(document:)) ?? []
      }),
      let activation = header["activation"].flatMap({
        ActivationSection($0, at: JSONPointer(), seed: UInt64(seed), faults: faults)
      })
    else { throw .damaged("the header lacks a member") }
    let section = ModelSection(
      header["model"], at: JSONPointer(), seed: UInt64(seed), faults: faults, limits: TrainingLimits())
    guard faults.isEmpty else { throw .damaged("the header's model") }
    return TrainedModel(
      epoch: epoch, task: task, model: section, activation: activation, seed: UInt64(seed),
      inputEncoder: inputs, targetEncoder: targets, state: state,
      inputStatistics: statistics, candidates: candidates)
  }
}

extension InputStatistics {
  fileprivate var stored: JSONValue {
    [
      "minimum": .number(minimum), "maximum": .number(maximum), "mean": .number(mean),
      "standard_deviation": .number(standardDeviation),
      "counts": .array(JSONArray(numbers: counts.map(Double.init))),
    ]
  }

  fileprivate init?(stored: JSONValue) {
    guard let minimum = stored["minimum"].flatMap(StoredNumber.read),
      let maximum = stored["maximum"].flatMap(StoredNumber.read),
      let mean = stored["mean"].flatMap(StoredNumber.read),
      let deviation = stored["standard_deviation"].flatMap(StoredNumber.read),
      let counts = stored["counts"]?.arrayValue?.compactMap(\.intValue)
    else { return nil }
    self.init(
      minimum: minimum, maximum: maximum, mean: mean, standardDeviation: deviation, counts: counts)
  }
}

extension CandidateReport {
  fileprivate init?(document: JSONValue) {
    guard let function = document["function"]?.stringValue, let draws = document["draws"]?.intValue,
      let probability = document["probability"].flatMap(StoredNumber.read),
      let loss = document["validation_loss"].flatMap(StoredNumber.read)
    else { return nil }
    self.init(function: function, probability: probability, draws: draws, validationLoss: loss)
  }
}
