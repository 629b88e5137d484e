// Which epoch was the best by a metric, and whether patience with the later ones has run out.

/// Watches one metric.
package struct EarlyStopping: Equatable, Sendable {
  package enum Verdict: Equatable, Sendable {
    case improved
    case wait
    case stop
  }

  private let higherIsBetter: Bool
  private let minimumDelta: Double
  /// Nil: never stops.
  private let patience: Int?
  private var best = Double.nan
  package private(set) var bestEpoch: Int?

  package init(higherIsBetter: Bool, minimumDelta: Double, patience: Int?) {
    self.higherIsBetter = higherIsBetter
    self.minimumDelta = minimumDelta
    self.patience = patience
  }

  /// Takes in an epoch's value. It improves on the best by more than the minimum delta, or any number does where there
  /// was none; NaN never improves. `stop` once `patience` epochs in a row have not.
  package mutating func on(epoch: Int, value: Double) -> Verdict {
    let gain = higherIsBetter ? value - best : best - value
    if !value.isNaN, best.isNaN || gain > minimumDelta {
      best = value
      bestEpoch = epoch
      return .improved
    }
    guard let patience else { return .wait }
    return epoch - (bestEpoch ?? 0) >= patience ? .stop : .wait
  }
}
