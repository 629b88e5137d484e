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
  private let running = Atomic<Int>(0)

  init(limits: TrainingLimits, processors: Int) {
    self.limits = limits
    self.processors = processors
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
    let outcome = prepared.run(
      threads: threads, isCancelled: isStopped, report: { event in report(RunReport(event)) },
      now: monotonicSeconds)
    return RunOutcome(outcome.ending.kind, JobResults(outcome, of: prepared))
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
