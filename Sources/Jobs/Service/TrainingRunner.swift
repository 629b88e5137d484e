// What a worker runs: an assignment in, reports on the way, an outcome out.

package import JSON
package import Training

/// What a worker is to run.
package struct Assignment: Sendable {
  /// As it was claimed.
  package var job: Job
  /// The training as it was prepared at submission, or, if that is gone, the request to prepare it from.
  package var work: Work

  /// In which form the training is at hand.
  package enum Work: Sendable {
    case prepared(PreparedTraining)
    case stored(StoredRequest)
  }
}

/// Trains one job on the caller's thread. The engine's is `EngineRunner`; tests bring their own.
package protocol TrainingRunner: Sendable {
  /// - Parameters:
  ///   - isStopped: polled; once true, the run ends as soon as it can.
  ///   - report: called on the same thread, before the return.
  func run(
    _ assignment: Assignment, isStopped: @Sendable () -> Bool, report: (RunReport) -> Void
  ) -> RunOutcome
}

/// The state of a run at one moment.
package struct RunReport: Sendable {
  /// `{epoch, epochs, iteration, ratio, rows_per_second}`
  package var progress: JSONObject
  /// Training rows since the start, once for each epoch.
  package var rows: Int
  /// Seconds that the rest will take at the speed so far; not finite where nobody can say.
  package var remainingSeconds: Double
  /// The newest values by name.
  package var metrics: JSONValue
  /// `{metric, value, epoch}` of the best epoch so far.
  package var best: JSONValue?
  /// The metrics of all epochs so far.
  package var series: MetricSeries
  /// The model as it is now, where the runner took the time to copy it.
  package var snapshot: TrainedModel?
  /// Of the first report of an attempt that goes on with a run: the whole epochs that were trained before.
  package var resumedFromEpoch: Int?

  /// The state of a run.
  package init(
    progress: JSONObject, rows: Int = 0, remainingSeconds: Double, metrics: JSONValue, best: JSONValue? = nil,
    series: MetricSeries, snapshot: TrainedModel? = nil
  ) {
    self.progress = progress
    self.rows = rows
    self.remainingSeconds = remainingSeconds
    self.metrics = metrics
    self.best = best
    self.series = series
    self.snapshot = snapshot
  }
}

/// How a run ended, and what it leaves.
package struct RunOutcome: Sendable {
  /// The three ways to end.
  package enum Ending: Sendable {
    case succeeded, failed
    /// The run heeded `isStopped`.
    case stopped
  }

  /// How it ended.
  package var ending: Ending
  /// What to store.
  package var results: JobResults

  /// An end, by default one that leaves nothing.
  package init(_ ending: Ending, _ results: JobResults = .none) {
    self.ending = ending
    self.results = results
  }
}
