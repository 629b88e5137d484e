// A checkpoint: the state of a run, and which run on which machine it is the state of.

import Engine
import JSON

/// A run's state with where it comes from.
public struct Checkpoint: Sendable, Equatable {
  /// What decides whether a run that goes on from the state has the bits that it would have had.
  public struct Origin: Sendable, Equatable {
    /// The job, as its service names it.
    public var job: String
    /// The attempt that made it.
    public var attempt: Int
    /// The release that made it.
    public var version: String
    /// ``Numerics/current`` of that release.
    public var numerics: Int
    /// The kernels that made it.
    public var instructionSet: String
    /// The digest of the resolved specification.
    public var specDigest: String
    /// The digest of the data.
    public var dataDigest: String

    /// An origin by its parts.
    public init(
      job: String, attempt: Int, version: String, numerics: Int = Numerics.current, instructionSet: String,
      specDigest: String, dataDigest: String
    ) {
      self.job = job
      self.attempt = attempt
      self.version = version
      self.numerics = numerics
      self.instructionSet = instructionSet
      self.specDigest = specDigest
      self.dataDigest = dataDigest
    }

    /// Whether a run that goes on here has the bits of one that was never interrupted.
    public func isExact(for other: Origin) -> Bool {
      numerics == other.numerics && instructionSet == other.instructionSet
    }

    /// Whether it is of the same training.
    public func isSameTraining(as other: Origin) -> Bool {
      job == other.job && specDigest == other.specDigest && dataDigest == other.dataDigest
    }
  }

  /// Where the state comes from.
  public var origin: Origin
  /// The run.
  public var state: RunState

  /// A state with its origin.
  public init(origin: Origin, state: RunState) {
    self.origin = origin
    self.state = state
  }
}

/// The arithmetic of a release: a number that changes with everything that changes a bit of a training.
public enum Numerics {
  /// Of this one. The trajectories that the tests keep force it to change.
  public static let current = 1
}

extension Checkpoint {
  /// Hands the bytes of the file to `write`, piece by piece.
  public func write(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    var file = CheckpointWriting(document)
    for (name, kept) in states {
      file.add("\(name).parameters", kept.parameters)
      file.add("\(name).statistics", kept.statistics)
    }
    for (index, values) in state.model.optimizer.single.enumerated() {
      file.add("optimizer.single.\(index)", values)
    }
    for (index, values) in state.model.optimizer.double.enumerated() {
      file.add("optimizer.double.\(index)", values)
    }
    file.add("moment_starts", state.model.momentStarts)
    file.add("untrained", state.untrained)
    for (index, values) in state.series.values.enumerated() { file.add("series.\(index)", values) }
    if let norms = state.gradientNorms { file.add("gradient_norms", norms.norms) }
    try file.write(write)
  }

  /// The bytes of the file.
  public func serialized() -> [UInt8] {
    var bytes: [UInt8] = []
    // Appending never throws.
    try? write { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Reads what ``write(_:)`` wrote. Whether the state fits a training shows when it goes on.
  ///
  /// - Throws: what is wrong with other bytes. O(bytes)
  public init(serialized bytes: UnsafeRawBufferPointer) throws(StoredFormatError) {
    let file = try CheckpointReading(bytes)
    let document = file.document
    guard let origin = Origin(document["origin"]), let names = document["metrics"]?.arrayValue,
      let epochs = document["epoch"]?.intValue, let iteration = document["iteration"]?.intValue,
      let lossSum = document["loss_sum"].flatMap(Bits.read),
      let elapsed = document["elapsed_seconds"].flatMap(Bits.read), elapsed >= 0, elapsed.isFinite,
      let updates = document["updates"].flatMap(Bits.read), let fixed = Self.choices(document["fixed"]),
      let draws = document["draws"]?.arrayValue?.map({ $0.arrayValue?.compactMap(\.intValue) ?? [] })
    else { throw .damaged("the header lacks a member") }
    func kept(_ name: String) throws(StoredFormatError) -> ModelState {
      guard let part = document["states"]?[name], let selected = Self.choices(part["selected"]) else {
        throw .damaged("the header lacks the state \(name)")
      }
      return ModelState(
        parameters: try file.single("\(name).parameters"), statistics: try file.single("\(name).statistics"),
        selected: selected, stages: part["stages"]?.arrayValue?.compactMap(\.intValue) ?? [])
    }
    func count(_ member: String) -> Int { min(1000, max(0, document[member]?.intValue ?? 0)) }
    var optimizer = OptimizerMemory(updates: updates)
    for index in 0..<count("single") { optimizer.single.append(try file.single("optimizer.single.\(index)")) }
    for index in 0..<count("double") { optimizer.double.append(try file.double("optimizer.double.\(index)")) }
    var columns: [[Double]] = []
    for index in 0..<names.count { columns.append(try file.double("series.\(index)")) }
    guard epochs >= 0, columns.allSatisfy({ $0.count == epochs }) else { throw .damaged("the series") }
    var series = MetricSeries(names: names.compactMap(\.stringValue))
    guard series.names.count == columns.count else { throw .damaged("the names of metrics") }
    for epoch in 0..<epochs { series.append(epoch: epoch + 1, row: columns.map { $0[epoch] }) }
    self.init(
      origin: origin,
      state: RunState(
        model: TrainingState(
          model: try kept("model"), optimizer: optimizer, momentStarts: try file.double("moment_starts"),
          draws: draws, fixed: fixed),
        newest: try kept("newest"), best: document["states"]?["best"] == nil ? nil : try kept("best"),
        bestEpoch: Self.best(document["best"]), untrained: try file.double("untrained"), series: series,
        iteration: iteration, firstLoss: document["first_loss"].flatMap(Bits.read), lossSum: lossSum,
        gradientNorms: try document["gradient_norms"].map { norms throws(StoredFormatError) in
          try Self.norms(norms, try file.double("gradient_norms"))
        }, elapsedSeconds: elapsed))
  }

  // MARK: - The header

  private var states: [(name: String, state: ModelState)] {
    [("model", state.model.model), ("newest", state.newest)] + (state.best.map { [("best", $0)] } ?? [])
  }

  private var document: JSONObject {
    var document: JSONObject = [
      "origin": origin.document, "epoch": .integer(state.epoch), "iteration": .integer(state.iteration),
      "elapsed_seconds": Bits.text(state.elapsedSeconds), "loss_sum": Bits.text(state.lossSum),
      "updates": Bits.text(state.model.optimizer.updates),
      "single": .integer(state.model.optimizer.single.count),
      "double": .integer(state.model.optimizer.double.count),
      "metrics": .array(JSONArray(state.series.names.map { .string($0) })),
      "draws": .array(JSONArray(state.model.draws.map { .array(JSONArray(numbers: $0.map(Double.init))) })),
      "fixed": Self.document(state.model.fixed),
      "states": .object(
        JSONObject(
          states.map { name, state in
            (
              name,
              [
                "selected": Self.document(state.selected),
                "stages": .array(JSONArray(numbers: state.stages.map(Double.init))),
              ]
            )
          })),
    ]
    if let loss = state.firstLoss { document["first_loss"] = Bits.text(loss) }
    if let best = state.bestEpoch {
      document["best"] = ["epoch": .integer(best.epoch), "value": Bits.text(best.value)]
    }
    if let norms = state.gradientNorms {
      var object: JSONObject = ["largest_median": Bits.text(norms.largestMedian)]
      if let spike = norms.spike {
        object["spike"] = [
          "epoch": .integer(spike.epoch), "norm": Bits.text(spike.norm), "usual": Bits.text(spike.usual),
        ]
      }
      document["gradient_norms"] = .object(object)
    }
    return document
  }

  private static func document(_ choices: [Int: Int]) -> JSONValue {
    .object(JSONObject(choices.sorted { $0.key < $1.key }.map { (String($0.key), .integer($0.value)) }))
  }

  private static func choices(_ document: JSONValue?) -> [Int: Int]? {
    guard let pairs = document?.objectValue?.pairs else { return nil }
    var choices: [Int: Int] = [:]
    for pair in pairs {
      guard let activation = Int(pair.key), let candidate = pair.value.intValue else { return nil }
      choices[activation] = candidate
    }
    return choices
  }

  private static func best(_ document: JSONValue?) -> BestEpochSoFar? {
    guard let epoch = document?["epoch"]?.intValue, let value = document?["value"].flatMap(Bits.read) else {
      return nil
    }
    return BestEpochSoFar(epoch: epoch, value: value)
  }

  private static func norms(
    _ document: JSONValue, _ values: [Double]
  ) throws(StoredFormatError) -> GradientNorms {
    guard let median = document["largest_median"].flatMap(Bits.read) else {
      throw .damaged("the norms of gradients")
    }
    var norms = GradientNorms(stepsPerEpoch: values.count)
    (norms.norms, norms.largestMedian) = (values, median)
    if let spike = document["spike"], let epoch = spike["epoch"]?.intValue,
      let norm = spike["norm"].flatMap(Bits.read), let usual = spike["usual"].flatMap(Bits.read)
    {
      norms.spike = GradientNorms.Spike(epoch: epoch, norm: norm, usual: usual)
    }
    return norms
  }
}

extension Checkpoint.Origin {
  fileprivate var document: JSONValue {
    [
      "job": .string(job), "attempt": .integer(attempt), "version": .string(version),
      "numerics": .integer(numerics), "instruction_set": .string(instructionSet),
      "spec_sha256": .string(specDigest), "data_sha256": .string(dataDigest),
    ]
  }

  fileprivate init?(_ document: JSONValue?) {
    guard let job = document?["job"]?.stringValue, let attempt = document?["attempt"]?.intValue,
      let version = document?["version"]?.stringValue, let numerics = document?["numerics"]?.intValue,
      let set = document?["instruction_set"]?.stringValue,
      let spec = document?["spec_sha256"]?.stringValue, let data = document?["data_sha256"]?.stringValue
    else { return nil }
    self.init(
      job: job, attempt: attempt, version: version, numerics: numerics, instructionSet: set,
      specDigest: spec, dataDigest: data)
  }
}

/// Numbers of the header by their bits, 16 hexadecimal digits: decimal text would do for most and lose what NaN says.
private enum Bits {
  static func text(_ value: Double) -> JSONValue {
    let digits = String(value.bitPattern, radix: 16)
    return .string(String(repeating: "0", count: 16 - digits.count) + digits)
  }

  static func read(_ value: JSONValue) -> Double? {
    guard let text = value.stringValue, text.utf8.count == 16, let bits = UInt64(text, radix: 16) else {
      return nil
    }
    return Double(bitPattern: bits)
  }
}
