// What a run reports while it goes on, and how it ended.

public import Data

/// Something that happened during training.
public enum TrainingEvent: Sendable {
  case epoch(EpochReport)
}

/// The epoch whose monitored metric was best.
public struct BestEpoch: Equatable, Sendable {
  /// The early-stopping metric, else the validation loss, else the training loss.
  public var metric: String
  /// The metric's value in that epoch.
  public var value: Double
  /// Counted from 1.
  public var epoch: Int
}

/// The state of a run at the end of an epoch.
public struct EpochReport: Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Epochs of the whole run, unless it stops early.
  public var epochs: Int
  /// Steps done.
  public var iteration: Int
  /// Steps of the whole run.
  public var iterations: Int
  /// Steps done of all steps, 0…1.
  public var ratio: Double
  /// The epoch's metrics, in the order of the series.
  public var metrics: [(name: String, value: Double)]
  /// The best epoch so far; nil as long as its metric was never a number.
  public var best: BestEpoch?
  /// All epochs so far.
  public var series: MetricSeries
  /// Training rows since the start, once for each epoch.
  public var rows: Int
  /// Training rows per second since the start.
  public var rowsPerSecond: Double
  /// Seconds that the rest will take at the speed so far.
  public var remainingSeconds: Double
  /// The model that the run would leave if it ended now: of the best epoch so far where that is kept, else of this one. At
  /// most once a second, and only where it has changed.
  public var snapshot: TrainedModel?
}

/// How a run ended.
public struct TrainingOutcome: Sendable {
  /// The metrics of a state, by the epoch at whose end it was; 0: before the first was complete.
  public struct Measured: Sendable {
    /// Counted from 1; 0: before the first was complete.
    public var epoch: Int
    /// In the order of the series; of the kept state, those of the test rows follow.
    public var metrics: [(name: String, value: Double)]
  }

  /// How many rows of each part the metrics were taken on.
  public struct EvaluatedRowCounts: Equatable, Sendable {
    /// All of at most 2,000 rows, else a sample.
    public var training: Int
    /// All of at most 10,000 rows, else a sample.
    public var validation: Int
    /// All.
    public var test: Int
  }

  /// Why a run ended.
  public enum Ending: Equatable, Sendable {
    /// Every epoch was trained, or early stopping found that more would not help.
    case succeeded
    case cancelled
    /// The loss or its gradient became infinite or NaN, or the loss exploded. Epoch and iteration count from 1.
    case diverged(epoch: Int, iteration: Int, message: String)
    /// `max_seconds` ran out.
    case timeLimit(seconds: Double)
  }

  /// Why it ended.
  public var ending: Ending
  /// The metrics of every whole epoch.
  public var series: MetricSeries
  /// Which state was to be kept.
  public var keep: KeptState
  /// Nil where no epoch's metric was a number.
  public var best: BestEpoch?
  /// The state that was kept and predicts.
  public var kept: Measured
  /// The state after the last whole epoch.
  public var last: Measured
  /// How many rows the metrics are of.
  public var evaluatedRows: EvaluatedRowCounts
  /// Steps done.
  public var iterations: Int
  /// From the start to the end, by the clock that was given; with the metrics of every epoch, without the last copy.
  public var trainingSeconds: Double
  /// What the client should know of how training went.
  public var warnings: [Warning]
  /// The kept state.
  public var trained: TrainedModel

  /// The metrics of the kept state.
  public var metrics: [(name: String, value: Double)] { kept.metrics }
  /// The epoch whose monitored metric was best, counted from 1.
  public var bestEpoch: Int? { best?.epoch }
  /// Whole epochs.
  public var epochsTrained: Int { last.epoch }
}
