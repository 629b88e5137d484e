// What a worker runs: a stored request in, reports on the way, an outcome out.

package import JSON
package import Training

/// Trains one stored request on the caller's thread. The engine's is `EngineRunner`; tests bring their own.
package protocol TrainingRunner: Sendable {
  /// - Parameters:
  ///   - isStopped: polled; once true, the run ends as soon as it can.
  ///   - report: called on the same thread, before the return.
  func run(
    _ request: StoredRequest, isStopped: @Sendable () -> Bool, report: (RunReport) -> Void
  ) -> RunOutcome
}

/// The state of a run at one moment.
package struct RunReport: Sendable {
  /// `{epoch, epochs, iteration, ratio, rows_per_second}`
  package var progress: JSONObject
  package var remainingSeconds: Double
  /// The newest values by name.
  package var metrics: JSONValue
  package var series: MetricSeries
  /// The model as it is now, where the runner took the time to copy it.
  package var snapshot: TrainedModel?

  package init(
    progress: JSONObject, remainingSeconds: Double, metrics: JSONValue, series: MetricSeries,
    snapshot: TrainedModel? = nil
  ) {
    self.progress = progress
    self.remainingSeconds = remainingSeconds
    self.metrics = metrics
    self.series = series
    self.snapshot = snapshot
  }
}

/// How a run ended, and what it leaves.
package struct RunOutcome: Sendable {
  package enum Ending: Sendable {
    case succeeded, failed
    /// The run heeded `isStopped`.
    case stopped
  }

  package var ending: Ending
  package var results: JobResults

  package init(_ ending: Ending, _ results: JobResults = .none) {
    self.ending = ending
    self.results = results
  }
}
