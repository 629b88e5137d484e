// What a run reports while it goes on, and how it ended.

/// Something that happened during training.
public enum TrainingEvent: Sendable {
  case epoch(EpochReport)
}

/// The state of a run at the end of an epoch.
public struct EpochReport: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  /// Steps done.
  public var iteration: Int
  public var iterations: Int
  /// Steps done of all steps, 0…1.
  public var ratio: Double
  /// The epoch's metrics, in the order of the series.
  public var metrics: [(name: String, value: Double)]
  /// All epochs so far.
  public var series: MetricSeries
  /// Training rows per second since the start.
  public var rowsPerSecond: Double
  /// Seconds that the rest will take at the speed so far.
  public var remainingSeconds: Double
  /// The model as it is now; at most once a second.
  public var snapshot: TrainedModel?
}

/// How a run ended.
public struct TrainingOutcome: Sendable {
  public enum Ending: Equatable, Sendable {
    /// Every epoch was trained, or early stopping found that more would not help.
    case succeeded
    case cancelled
    /// The loss or its gradient became infinite or NaN, or the loss exploded. Epoch and iteration count from 1.
    case diverged(epoch: Int, iteration: Int, message: String)
    /// `max_seconds` ran out.
    case timeLimit(seconds: Double)
  }

  public var ending: Ending
  public var series: MetricSeries
  /// The epoch whose monitored metric was best: the early-stopping metric, else the validation loss, else the training
  /// loss. With early stopping it is the epoch whose state was kept. Nil before the first epoch's end.
  public var bestEpoch: Int?
  /// The metrics of the kept state: of the best epoch with early stopping, else of the last.
  public var metrics: [(name: String, value: Double)]
  public var epochsTrained: Int
  public var iterations: Int
  public var trainingSeconds: Double
  /// The kept state: with early stopping the best so far, if there is one; else the last finite one.
  public var trained: TrainedModel
}
