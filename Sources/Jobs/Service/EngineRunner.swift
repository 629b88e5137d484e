// The runner that really trains: prepares a stored request and translates what training says.

import Data
import JSON
import Synchronization
import Telemetry
import Training

/// The jobs that run share the processors equally among those that leave their threads to the service.
final class EngineRunner: TrainingRunner {
  private let limits: TrainingLimits
  private let processors: Int
  private let checkpoints: Checkpointing?
  private let running = Atomic<Int>(0)

  /// - Parameter checkpoints: nil: a run that is put down begins anew.
  init(limits: TrainingLimits, processors: Int, checkpoints: Checkpointing? = nil) {
    self.limits = limits
    self.processors = processors
    self.checkpoints = checkpoints
  }

  func run(
    _ assignment: Assignment, isStopped: @Sendable () -> Bool, report: (RunReport) -> Void
  ) -> RunOutcome {
    let prepared: PreparedTraining
    do {
      prepared = try prepare(assignment)
    } catch PromiseError.refused(let error) {
      // It was valid when it was submitted: the service has been started again with narrower limits.
      return Self.failure("invalid_specification", Self.message(error))
    } catch PromiseError.otherDigest {
      return Self.failure("data_damaged", "the stored specification is not the one whose digest was promised")
    } catch {
      return Self.failure("data_damaged", "the stored request cannot be read")
    }
    running.add(1, ordering: .relaxed)
    defer { running.subtract(1, ordering: .relaxed) }
    let threads = ThreadAllowance(processors: processors) { [self] in
      max(1, processors / max(1, running.load(ordering: .relaxed)))
    }
    let (outcome, warnings) = train(assignment.job, prepared, threads, isStopped, report)
    var results = JobResults(outcome, of: prepared)
    results.warnings += warnings
    return RunOutcome(outcome.ending.kind, results)
  }

  /// From the newest state that an attempt before has left, or from the start.
  private func train(
    _ job: Job, _ prepared: PreparedTraining, _ threads: ThreadAllowance,
    _ isStopped: @Sendable () -> Bool, _ report: (RunReport) -> Void
  ) -> (outcome: TrainingOutcome, warnings: [JSONValue]) {
    let origin = checkpoints?.origin(of: job, prepared)
    let keeper = origin.flatMap { checkpoints?.keeper(of: job, $0) }
    var warnings: [JSONValue] = []
    if let checkpoints, let origin {
      let found = checkpoints.resume(job, origin) { state in
        prepared.resume(
          from: state, threads: threads, keeper: keeper, isCancelled: isStopped,
          resumed: { report(RunReport(resuming: $0)) }, report: { report(RunReport($0)) },
          now: monotonicSeconds)
      }
      if let outcome = found.result { return (outcome, found.warnings) }
      warnings = found.warnings
    }
    let outcome = prepared.run(
      threads: threads, keeper: keeper, isCancelled: isStopped, report: { report(RunReport($0)) },
      now: monotonicSeconds)
    return (outcome, warnings)
  }

  /// - Throws: `PromiseError`, or what is wrong with the stored text.
  private func prepare(_ assignment: Assignment) throws -> PreparedTraining {
    switch assignment.work {
    case .prepared(let prepared): return prepared
    case .stored(let request):
      let job = assignment.job
      return try PreparedTraining(
        TrainingRequest(
          document: try JSONParser.parse(request.document), attachment: request.attachment),
        promised: job.resolvedSpec, digest: job.provenance["spec_sha256"]?.stringValue ?? "", limits: limits)
    }
  }

  private static func failure(_ code: String, _ message: String) -> RunOutcome {
    RunOutcome(.failed, JobResults(errorCode: code, message: message))
  }

  private static func message(_ error: SpecificationError) -> String {
    let first = error.faults.first?.description ?? ""
    return "the specification is no longer accepted: \(first)"
  }
}

extension RunReport {
  init(_ event: TrainingEvent) {
    switch event {
    case .epoch(let report):
      self.init(
        progress: [
          "epoch": .integer(report.epoch), "epochs": .integer(report.epochs),
          "iteration": .integer(report.iteration), "ratio": .number((1e6 * report.ratio).rounded() / 1e6),
          "rows_per_second": .number(report.rowsPerSecond.rounded()),
        ],
        rows: report.rows, remainingSeconds: report.remainingSeconds,
        metrics: JSONValue(metrics: report.metrics),
        best: report.best?.document, series: report.series, snapshot: report.snapshot)
    }
  }
}

extension RunReport {
  /// Where an attempt begins that goes on with a run.
  init(resuming state: ResumedState) {
    self.init(
      progress: [
        "epoch": .integer(state.epoch), "epochs": .integer(state.epochs),
        "iteration": .integer(state.iteration), "ratio": .number((1e6 * state.ratio).rounded() / 1e6),
        "rows_per_second": .null,
      ],
      rows: state.rows, remainingSeconds: .infinity, metrics: JSONValue(metrics: state.series.latest),
      series: state.series)
    resumedFromEpoch = state.epoch
  }
}

extension JobResults {
  init(_ outcome: TrainingOutcome, of prepared: PreparedTraining) {
    result = outcome.resultDocument(of: prepared)
    error = outcome.errorDocument
    best = outcome.best?.document
    warnings = outcome.warnings.map(\.document)
    series = outcome.series.serialized()
    model = outcome.trained.serialized()
  }
}

extension TrainingOutcome.Ending {
  /// A time limit is the client's budget: what was learned within it is the result.
  fileprivate var kind: RunOutcome.Ending {
    switch self {
    case .succeeded, .timeLimit: .succeeded
    case .cancelled: .stopped
    case .diverged: .failed
    }
  }
}
