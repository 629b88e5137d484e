// How a service's runs are put down and taken up again.

import Dispatch
import JSON
import Telemetry
import Training

/// Where runs leave their states, how often, and which release leaves them.
struct Checkpointing: Sendable {
  let folder: CheckpointFolder
  /// The shortest time between two states of a run.
  let seconds: Double
  let version: String
  let instructionSet: String
  let log: Logger
  let metrics: CheckpointMetrics
  private let queue = DispatchQueue(label: "jobs.checkpoints", qos: .utility)

  init(
    _ folder: CheckpointFolder, seconds: Double, version: String, instructionSet: String, log: Logger,
    metrics: CheckpointMetrics
  ) {
    self.folder = folder
    self.seconds = seconds
    self.version = version
    self.instructionSet = instructionSet
    self.log = log
    self.metrics = metrics
  }

  /// What an attempt of a job leaves its states under.
  func origin(of job: Job, _ training: PreparedTraining) -> Checkpoint.Origin {
    Checkpoint.Origin(
      job: job.id.description, attempt: job.attempt, version: version, instructionSet: instructionSet,
      specDigest: training.specDigest, dataDigest: training.dataDigest)
  }

  /// What keeps the states of an attempt.
  func keeper(of job: Job, _ origin: Checkpoint.Origin) -> CheckpointWriter {
    CheckpointWriter(
      folder, job.id, origin, seconds: seconds, queue: queue, log: log, metrics: metrics)
  }

  /// Tries the states of a job, the newest first, until one is taken up.
  ///
  /// - Parameter body: goes on from a state; nil where it is not one of this training.
  /// - Returns: what it gave, with what the client should know of it.
  func resume<Result>(
    _ job: Job, _ origin: Checkpoint.Origin, _ body: (RunState) -> Result?
  ) -> (result: Result?, warnings: [JSONValue]) {
    var warnings: [JSONValue] = []
    for name in folder.names(of: job.id) {
      let checkpoint: Checkpoint
      do {
        guard let read = try folder.read(name, of: job.id) else { continue }
        checkpoint = read
      } catch {
        warnings = [damaged("\(error)", job)]
        continue
      }
      guard checkpoint.origin.isSameTraining(as: origin) else { continue }
      guard let result = body(checkpoint.state) else {
        warnings = [damaged("its state is not one of this training", job)]
        continue
      }
      metrics.resumed()
      if !checkpoint.origin.isExact(for: origin) { warnings.append(inexact(checkpoint.origin)) }
      return (result, warnings)
    }
    return (nil, warnings)
  }

  private func damaged(_ reason: String, _ job: Job) -> JSONValue {
    metrics.damaged()
    log.error("a checkpoint cannot be used", metadata: ["job": "\(job.id)", "error": "\(reason)"])
    return warning(
      "checkpoint_damaged",
      "a checkpoint of this job could not be used, so that training went on from an earlier state or from the start"
    )
  }

  private func inexact(_ origin: Checkpoint.Origin) -> JSONValue {
    warning(
      "resumed_inexactly",
      "training went on from a state that \(origin.version) made with \(origin.instructionSet); the result may differ in its"
        + " last digits from that of a training that was never interrupted")
  }

  private func warning(_ code: String, _ message: String) -> JSONValue {
    ["code": .string(code), "message": .string(message), "pointer": .null]
  }
}
