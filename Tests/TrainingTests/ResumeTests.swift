// Runs that are put down and taken up again: at every step, by way of a file, and always to the same bits.

import Data
import JSON
import Testing
import Training

/// Trainings that differ in what they keep from step to step.
private let trainings: [String: String] = [
  "adam, early stopping": #"""
  "activation": "parametric_sigmoid", "training": {"epochs": 6, "batch_size": 16,
    "early_stopping": {"patience": 1}, "schedule": {"name": "cosine"}}
  """#,
  "last state": #"""
  "activation": "tanh", "training": {"epochs": 4, "batch_size": 16, "keep": "last", "shuffle": false,
    "optimizer": "adamw", "weight_decay": 0.1}
  """#,
  "momentum": #"""
  "activation": {"strategy": "parametric", "function": "prelu", "granularity": "unit"},
  "training": {"epochs": 4, "batch_size": 16,
    "optimizer": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": true},
      "gradient_clip_norm": 0.5}
  """#,
  "plain descent": #"""
  "activation": "relu", "training": {"iterations": 17, "batch_size": 16,
    "optimizer": {"name": "sgd", "learning_rate": 0.05}}
  """#,
  "rmsprop": #"""
  "activation": "swish", "training": {"epochs": 4, "batch_size": 16, "optimizer": "rmsprop"}
  """#,
  "lbfgs": #"""
  "activation": "tanh", "training": {"epochs": 14, "batch_size": "full",
    "optimizer": {"name": "lbfgs", "history_size": 3}}
  """#,
  "running statistics and masks": #"""
  "activation": {"strategy": "expression", "expression": "x * sigmoid(beta * x)",
    "parameters": {"beta": {"initial": 1}}},
  "model": {"layers": [{"type": "dense", "units": 6}, {"type": "batch_norm"}, {"type": "activation"},
    {"type": "dropout", "rate": 0.3}]}, "training": {"epochs": 4, "batch_size": 16}
  """#,
  "draws, averaged": #"""
  "activation": {"strategy": "random", "candidates": ["sigmoid", "tanh", "relu"]},
  "training": {"epochs": 4, "batch_size": 16}
  """#,
  "draws of units, the best chosen": #"""
  "activation": {"strategy": "random", "candidates": ["tanh", "relu"], "scope": "layer", "inference": "best"},
  "training": {"epochs": 4, "batch_size": 16}
  """#,
  "draws, finalized": #"""
  "activation": {"strategy": "random", "candidates": ["tanh", "relu"], "scope": "unit", "inference": "finalize"},
  "training": {"iterations": 25, "batch_size": 16}
  """#,
  "mixture": #"""
  "activation": {"strategy": "mixture", "candidates": ["sigmoid", "tanh", "relu"]},
  "training": {"epochs": 4, "batch_size": 16}
  """#,
  "hypernetwork": #"""
  "activation": {"strategy": "hypernetwork", "generates": "parametric_sigmoid"},
  "training": {"epochs": 4, "batch_size": 16}
  """#,
  "network": #"""
  "activation": {"strategy": "network", "hidden": [4]}, "training": {"epochs": 4, "batch_size": 16}
  """#,
  "stochastic": #"""
  "activation": "rrelu", "training": {"epochs": 4, "batch_size": 16}
  """#,
  "splines refined": #"""
  "activation": {"strategy": "spline", "knots": [5, 9, 17]}, "training": {"epochs": 6, "batch_size": 16}
  """#,
  "splines refined, lbfgs": #"""
  "activation": {"strategy": "spline", "knots": [5, 9]},
  "training": {"epochs": 8, "batch_size": "full", "optimizer": "lbfgs"}
  """#,
  "recurrent": #"""
  "activation": "parametric_tanh", "training": {"epochs": 4, "batch_size": 16},
  "model": {"layers": [{"type": "lstm", "units": 4, "recurrent_activation": "parametric_sigmoid"}]}
  """#,
  "convolutional": #"""
  "activation": {"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"},
  "training": {"epochs": 4, "batch_size": 16},
  "model": {"layers": [{"type": "conv1d", "filters": 4, "kernel_size": 2, "use_bias": false},
    {"type": "batch_norm"}, {"type": "global_average_pool"}]}
  """#,
]

private func prepared(_ name: String) throws -> PreparedTraining {
  let training = try #require(trainings[name])
  let hasSteps = name == "recurrent" || name == "convolutional"
  let inputs = (0..<60).map { row in
    let numbers = (0..<4).map { "\(Double((row * 7 + $0 * 11) % 13) / 5 - 1.2)" }
    return hasSteps
      ? "[[\(numbers[0]), \(numbers[1])], [\(numbers[2]), \(numbers[3])]]"
      : "[\(numbers.joined(separator: ", "))]"
  }
  let targets = (0..<60).map { ($0 * 7) % 13 + ($0 * 7 + 22) % 13 > 12 ? #""high""# : #""low""# }
  let model = training.contains(#""model""#) ? "" : #""model": {"hidden": [5, 4]}, "#
  return try prepare(
    #"""
    {"data": {"inputs": [\#(inputs.joined(separator: ", "))], "targets": [\#(targets.joined(separator: ", "))],
      "validation_fraction": 0.2}, "seed": 3, \#(model)\#(training)}
    """#)
}

/// Keeps every state that it is offered.
private final class Shelf: StateKeeper {
  private(set) var states: [RunState] = []
  func wantsState(at time: Double) -> Bool { true }
  func take(_ state: RunState, isLast: Bool) { states.append(state) }
}

private let origin = Checkpoint.Origin(
  job: "job_1", attempt: 1, version: "1.0.0", instructionSet: "any", specDigest: "a", dataDigest: "b")

/// A state as it comes back from a file.
private func reread(_ state: RunState) throws -> RunState {
  let bytes = Checkpoint(origin: origin, state: state).serialized()
  let checkpoint = try bytes.withUnsafeBytes { try Checkpoint(serialized: $0) }
  #expect(checkpoint.origin == origin)
  return checkpoint.state
}

/// Everything that a client sees of an end, but for the seconds.
private func document(_ outcome: TrainingOutcome) -> String {
  let metrics = (outcome.kept.metrics + outcome.last.metrics).map { "\($0.name) \($0.value)" }
  return "\(outcome.ending) \(metrics) \(outcome.kept.epoch) \(outcome.last.epoch) \(outcome.iterations)"
    + " \(outcome.warnings.map(\.code)) \(String(describing: outcome.best))"
}

private func expectSame(_ resumed: TrainingOutcome, _ whole: TrainingOutcome, _ place: String) {
  #expect(resumed.trained.serialized() == whole.trained.serialized(), "the model, from \(place)")
  #expect(resumed.series.serialized() == whole.series.serialized(), "the series, from \(place)")
  #expect(document(resumed) == document(whole), "from \(place)")
}

@Suite struct ResumeTests {
  @Test(arguments: trainings.keys.sorted())
  func `from every step a run ends as if it had never been put down`(name: String) throws {
    let training = try prepared(name)
    let shelf = Shelf()
    let whole = training.run(keeper: shelf, isCancelled: { false }, report: { _ in }, now: { 0 })
    #expect(whole.ending == .succeeded)
    expectSame(training.run(), whole, "a run of which no state is taken")
    #expect(shelf.states.map(\.iteration) == Array(1..<whole.iterations))
    for state in shelf.states {
      let read = try reread(state)
      #expect(read == state)
      let resumed = training.resume(from: read, isCancelled: { false }, report: { _ in }, now: { 0 })
      expectSame(try #require(resumed), whole, "step \(state.iteration)")
    }
  }

  @Test(arguments: ["adam, early stopping", "draws of units, the best chosen", "recurrent"])
  func `wherever it is cancelled, the state that it leaves goes on`(name: String) throws {
    let training = try prepared(name)
    let whole = training.run()
    var (polls, ended) = (0, false)
    while !ended {
      polls += 1
      let limit = polls
      let counter = Counter()
      let shelf = LastState()
      let outcome = training.run(
        keeper: shelf, isCancelled: { counter.next() >= limit }, report: { _ in }, now: { 0 })
      ended = outcome.ending == .succeeded
      guard !ended, let state = shelf.state else { continue }
      let resumed = training.resume(
        from: try reread(state), isCancelled: { false }, report: { _ in }, now: { 0 })
      expectSame(try #require(resumed), whole, "poll \(polls)")
    }
    #expect(polls > 20)
  }

  @Test func `a run put down over and over has the seconds of all its parts`() throws {
    let training = try prepared("momentum")
    let whole = training.run()
    var state: RunState?
    for part in 1...3 {
      let counter = Counter()
      let shelf = LastState()
      let clock = Counter()
      // Ten seconds for each reading of the clock.
      let now = { Double(clock.next() * 10) }
      let cancel: @Sendable () -> Bool = { counter.next() > 4 }
      let outcome =
        try state.map {
          try #require(
            training.resume(from: $0, keeper: shelf, isCancelled: cancel, report: { _ in }, now: now))
        } ?? training.run(keeper: shelf, isCancelled: cancel, report: { _ in }, now: now)
      #expect(outcome.ending == .cancelled)
      let next = try #require(shelf.state)
      #expect(next.elapsedSeconds >= (state?.elapsedSeconds ?? 0) + 10, "part \(part)")
      #expect(outcome.trainingSeconds == next.elapsedSeconds)
      state = try reread(next)
    }
    let resumed = training.resume(
      from: try #require(state), isCancelled: { false }, report: { _ in }, now: { 0 })
    expectSame(try #require(resumed), whole, "four parts")
  }

  @Test func `the state of another training is refused`() throws {
    // Of those that differ in more than numbers; of others the digests tell.
    let names = [
      "plain descent", "momentum", "lbfgs", "running statistics and masks", "draws, averaged", "network",
      "splines refined", "recurrent", "convolutional",
    ]
    for name in names {
      let shelf = Shelf()
      _ = try prepared(name).run(keeper: shelf, isCancelled: { false }, report: { _ in }, now: { 0 })
      let state = try #require(shelf.states.last)
      for other in names where other != name {
        let outcome = try prepared(other).resume(
          from: state, isCancelled: { false }, report: { _ in }, now: { 0 })
        #expect(outcome == nil, "\(name) in \(other)")
      }
    }
  }
}

/// Counts its calls.
private final class Counter: @unchecked Sendable {
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}

/// Keeps what it is offered at the end alone.
private final class LastState: StateKeeper {
  private(set) var state: RunState?
  func wantsState(at time: Double) -> Bool { false }
  func take(_ state: RunState, isLast: Bool) {
    #expect(isLast)
    self.state = state
  }
}

@Suite struct CheckpointFileTests {
  private static func bytes() throws -> [UInt8] {
    let shelf = Shelf()
    _ = try prepared("recurrent").run(keeper: shelf, isCancelled: { false }, report: { _ in }, now: { 0 })
    return Checkpoint(origin: origin, state: shelf.states[6]).serialized()
  }

  private static func read(_ bytes: [UInt8]) throws -> Checkpoint {
    try bytes.withUnsafeBytes { try Checkpoint(serialized: $0) }
  }

  @Test func `a file cut anywhere is refused`() throws {
    let bytes = try Self.bytes()
    for length in bytes.indices {
      #expect(throws: StoredFormatError.self) { try Self.read(Array(bytes[..<length])) }
    }
  }

  @Test func `a file with anything flipped is refused, or is the same`() throws {
    let bytes = try Self.bytes()
    let whole = try Self.read(bytes)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= UInt8(1) << UInt8(index % 8)
      guard let read = try? Self.read(damaged) else { continue }
      // Between the sections nothing is written.
      #expect(read == whole, "byte \(index)")
      #expect(bytes[index] == 0)
    }
  }

  @Test func `sectors of zeros are found`() throws {
    let bytes = try Self.bytes()
    for start in stride(from: 0, to: bytes.count, by: 512) {
      var damaged = bytes
      for index in start..<min(start + 512, bytes.count) { damaged[index] = 0 }
      #expect(throws: StoredFormatError.self) { try Self.read(damaged) }
    }
  }

  @Test func `the file of a newer release is named so`() throws {
    var bytes = try Self.bytes()
    bytes[7] += 1
    #expect(throws: StoredFormatError.unsupportedVersion) { try Self.read(bytes) }
  }
}
