// What the tests of jobs share: a clock, a folder, small requests, and a runner that does as it is told.

import Dispatch
import Foundation
import JSON
import Jobs
import Synchronization
import Telemetry
import Testing
import Training

/// A clock that a test moves.
final class ManualClock: WallClock {
  private let milliseconds = Atomic<Int64>(1_767_225_600_000)

  func now() -> Timestamp {
    Timestamp(milliseconds: milliseconds.load(ordering: .relaxed))
  }

  func advance(milliseconds delta: Int64) {
    milliseconds.add(delta, ordering: .relaxed)
  }
}

/// A folder that goes with the value.
final class TemporaryDirectory: Sendable {
  let path = NSTemporaryDirectory() + "curvesmith-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// What a loss of power would leave: the files as they are now, while they are still open.
  func crashCopy() throws -> TemporaryDirectory {
    let copy = try TemporaryDirectory()
    for file in try FileManager.default.contentsOfDirectory(atPath: path) where file != "lock" {
      try FileManager.default.copyItem(atPath: "\(path)/\(file)", toPath: "\(copy.path)/\(file)")
    }
    return copy
  }
}

/// A specification that is valid and trains in milliseconds.
func request(
  _ name: String = "job", priority: Int = 0, strategy: String = "fixed", _ changes: JSONObject = [:]
) -> TrainingRequest {
  var document: JSONObject = [
    "name": .string(name), "metadata": ["team": "test"],
    "data": ["synthetic": ["kind": "xor", "rows": 16]], "model": ["hidden": [2]],
    "activation": [
      "strategy": .string(strategy), "function": strategy == "fixed" ? "tanh" : "parametric_tanh",
    ],
    "training": ["epochs": 3], "priority": .integer(priority),
  ]
  for (key, value) in changes.pairs { document[key] = value }
  return TrainingRequest(document: .object(document))
}

/// A runner whose runs end when, and as, the test says.
final class ScriptedRunner: TrainingRunner {
  /// One run under way.
  final class Session: Sendable {
    let name: String
    private let commands = Mutex<[Command]>([])
    private let arrivals = DispatchSemaphore(value: 0)

    enum Command {
      case report(RunReport)
      case finish(RunOutcome)
    }

    init(name: String) {
      self.name = name
    }

    func report(epoch: Int) {
      var series = MetricSeries(names: ["training_loss"])
      for epoch in 1...epoch { series.append(epoch: epoch, row: [1 / Double(epoch)]) }
      let report = RunReport(
        progress: ["epoch": .integer(epoch)], remainingSeconds: 2,
        metrics: ["training_loss": .number(1 / Double(epoch))], series: series)
      send(.report(report))
    }

    func finish(_ ending: RunOutcome.Ending, _ results: JobResults = .none) {
      send(.finish(RunOutcome(ending, results)))
    }

    private func send(_ command: Command) {
      commands.withLock { $0.append(command) }
      arrivals.signal()
    }

    /// The next command; nil after a millisecond without one.
    fileprivate func next() -> Command? {
      guard arrivals.wait(timeout: .now() + .milliseconds(1)) == .success else { return nil }
      return commands.withLock { $0.removeFirst() }
    }
  }

  private let heedsStop: Bool
  private let sessions: AsyncStream<Session>
  private let continuation: AsyncStream<Session>.Continuation

  /// - Parameter heedsStop: false for a training that reaches its end before it looks at the flag.
  init(heedsStop: Bool = true) {
    self.heedsStop = heedsStop
    (sessions, continuation) = AsyncStream.makeStream()
  }

  /// The next run that begins.
  func next() async throws -> Session {
    var iterator = sessions.makeAsyncIterator()
    return try #require(await iterator.next(isolation: nil))
  }

  func run(
    _ assignment: Assignment, isStopped: @Sendable () -> Bool, report: (RunReport) -> Void
  ) -> RunOutcome {
    let session = Session(name: assignment.job.name ?? "?")
    continuation.yield(session)
    // Like training, it looks at the flag between small pieces of work.
    while true {
      switch session.next() {
      case .report(let state)?: report(state)
      case .finish(let outcome)?: return outcome
      case nil:
        if heedsStop && isStopped() { return RunOutcome(.stopped) }
      }
    }
  }
}

/// A service over a folder of its own.
struct Harness {
  let directory: TemporaryDirectory
  let clock: ManualClock
  let store: any JobStore
  let service: JobService
  let runner: ScriptedRunner

  init(
    in directory: TemporaryDirectory? = nil, workers: Int = 1, capacity: Int = 100, heedsStop: Bool = true,
    processors: Int = 1, clock: ManualClock = ManualClock(),
    wrapping: (any JobStore) -> any JobStore = { $0 },
    sleep: @escaping @Sendable (Double) async -> Void = { try? await Task.sleep(for: .seconds($0)) }
  ) throws {
    self.directory = try directory ?? TemporaryDirectory()
    self.clock = clock
    runner = ScriptedRunner(heedsStop: heedsStop)
    store = wrapping(try SQLiteJobStore(directory: self.directory.path))
    var configuration = JobService.Configuration(version: "test", instructionSet: "none")
    configuration.workers = workers
    configuration.queueCapacity = capacity
    configuration.processors = processors
    service = JobService(
      store: store, configuration: configuration, clock: clock, ids: TimeOrderedIDGenerator(clock: clock),
      log: quietLog, runner: runner, sleep: sleep)
  }

  static func started(workers: Int = 1, heedsStop: Bool = true) async throws -> Harness {
    let harness = try Harness(workers: workers, heedsStop: heedsStop)
    try await harness.service.start()
    return harness
  }

  /// Submits and returns the job's identifier.
  func submit(_ name: String = "job", priority: Int = 0) async throws -> JobID {
    try await service.submit(request(name, priority: priority)).job.id
  }

  /// The job once it has ended.
  func ended(_ id: JobID) async throws -> Job {
    let job = try #require(try await service.wait(for: id, untilNot: nil, seconds: 60))
    try #require(job.status.isTerminal)
    return job
  }

  func status(_ id: JobID) async throws -> JobStatus? {
    try await service.job(id)?.status
  }
}

extension CancelResult {
  var accepted: Job? { if case .accepted(let job) = self { job } else { nil } }
  var already: Job? { if case .already(let job) = self { job } else { nil } }
  var ended: Job? { if case .ended(let job) = self { job } else { nil } }
}

extension DeleteResult {
  var notEnded: Job? { if case .notEnded(let job) = self { job } else { nil } }
}

let quietLog = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
