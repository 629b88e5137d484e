// What the client should know of how a training went: whether it learned, and whether its end was its best.

import Data
import Glibc
import JSON

/// Judges a run by its metrics and words what was found as warnings.
///
/// The thresholds are meant to speak of runs that anyone would look at twice, and of no others:
/// - `metric_never_a_number`: early stopping's metric was NaN after every epoch.
/// - `loss_grew`: the training loss ended above ten times what it was before the first step.
/// - `no_improvement`: it did not end below what it was before the first step.
/// - `last_much_worse`: the last epoch lost half of the best loss or error again, and a tenth of all that had been gained since
///   the first epoch; of an accuracy, AUC, F1 or R² it lost a tenth (0.1).
/// - `gradient_spikes`: a step of a recurrent model had a gradient more than 100 times as large as the largest median of an epoch
///   until then.
/// - `time_limit`: time ran out.
struct RunJudgement {
  private static let grownFactor = 10.0
  private static let worseFactor = 1.5
  private static let worseShare = 0.1
  private static let worseDifference = 0.1

  let ending: TrainingOutcome.Ending
  let series: MetricSeries
  /// The metrics before the first step.
  let untrained: [Double]
  let keep: KeptState
  let best: BestEpoch?
  let monitored: String
  let stopsEarly: Bool
  let gradientSpike: GradientNorms.Spike?
  /// The norm that gradients are clipped to; nil: they are not.
  let clipNorm: Double?

  /// None of a run that was cancelled, whose client has judged, or that diverged, which has an error.
  var warnings: [Warning] {
    switch ending {
    case .cancelled, .diverged: []
    case .succeeded: judged
    case .timeLimit(let seconds): judged + [timeLimit(seconds)]
    }
  }

  private var judged: [Warning] {
    if series.epochs.isEmpty { return [] }
    return [neverANumber, learning, lastMuchWorse, gradientSpikes].compactMap { $0 }
  }

  private func timeLimit(_ seconds: Double) -> Warning {
    Warning(
      code: "time_limit",
      message: "training stopped after \(seconds) seconds, in epoch \((series.epochs.last ?? 0) + 1)",
      pointer: JSONPointer().appending("limits").appending("max_seconds"))
  }

  private var neverANumber: Warning? {
    guard stopsEarly, best == nil else { return nil }
    return Warning(
      code: "metric_never_a_number",
      message:
        "`\(monitored)` was not a number after any of the \(epochs(series.epochs.count)), so that nothing could "
        + "stop training early and the last state is kept",
      pointer: training("early_stopping").appending("metric"))
  }

  // MARK: - Whether it learned

  private var learning: Warning? {
    guard let loss = values("training_loss"), let last = loss.series.last else { return nil }
    if last > Self.grownFactor * loss.untrained {
      return Warning(
        code: "loss_grew",
        message:
          "training ended with a training_loss of \(text(last)), far beyond the \(text(loss.untrained)) before the "
          + "first step; a smaller learning_rate may help",
        pointer: training("optimizer"))
    }
    if last >= loss.untrained {
      return Warning(
        code: "no_improvement",
        message:
          "training ended no better than it began: training_loss \(text(last)) after \(epochs(series.epochs.count)), "
          + "\(text(loss.untrained)) before the first step",
        pointer: training("optimizer"))
    }
    return nil
  }

  private func values(_ name: String) -> (untrained: Double, series: [Double])? {
    series.names.firstIndex(of: name).map { (untrained[$0], series.values[$0]) }
  }

  // MARK: - Whether its end was its best

  private var lastMuchWorse: Warning? {
    guard let best, let values = values(best.metric)?.series, let first = values.first,
      let last = values.last,
      isMuchWorse(last, than: best.value, first: first)
    else { return nil }
    let kept =
      keep == .best ? "whose state is kept" : "but the last state is kept; `keep: \"best\"` keeps the other"
    return Warning(
      code: "last_much_worse",
      message:
        "the last epoch, \(series.epochs.last ?? 0), was much worse than the best: \(best.metric) \(text(last)) "
        + "against \(text(best.value)) in epoch \(best.epoch), \(kept)",
      pointer: keep == .best ? nil : training("keep"))
  }

  private func isMuchWorse(_ last: Double, than best: Double, first: Double) -> Bool {
    if MetricNames.isBetterWhenHigher(monitored) { return best - last > Self.worseDifference }
    return last > Self.worseFactor * best && last - best > Self.worseShare * (first - best)
  }

  private var gradientSpikes: Warning? {
    gradientSpike.map { spike in
      let remedy =
        clipNorm.map { "it was clipped to \(text($0)); a smaller learning_rate may help" }
        ?? "`gradient_clip_norm` 1 would hold such steps back"
      return Warning(
        code: "gradient_spikes",
        message:
          "a step of epoch \(spike.epoch) had a gradient of norm \(text(spike.norm)), where \(text(spike.usual)) was usual; "
          + remedy,
        pointer: training("gradient_clip_norm"))
    }
  }

  // MARK: - Words

  private func training(_ member: String) -> JSONPointer {
    JSONPointer().appending("training").appending(member)
  }

  private func epochs(_ count: Int) -> String { count == 1 ? "1 epoch" : "\(count) epochs" }

  /// Four significant digits.
  private func text(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let scale = pow(10, 3 - floor(log10(value.magnitude)))
    return scale.isFinite && scale > 0 ? "\((value * scale).rounded() / scale)" : "\(value)"
  }
}
