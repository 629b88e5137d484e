// Which epoch was the best by a metric, and whether patience with the later ones has run out.

/// Watches one metric over the epochs.
package struct Patience: Sendable {
  /// What an epoch's value means.
  package enum Verdict: Equatable, Sendable {
    /// It is the best so far.
    case improved
    /// It is not, and training goes on.
    case wait
    /// It is not, and neither was any of the last `epochs` before it.
    case stop
  }

  private let higherIsBetter: Bool
  private let minimumDelta: Double
  /// Epochs without improvement after which to stop; nil: never.
  private let epochs: Int?
  /// The best value and its epoch; nil as long as no value was a number.
  package var best: BestEpochSoFar?

  /// - Parameters:
  ///   - higherIsBetter: whether a larger value of the metric is a better one.
  ///   - minimumDelta: what an improvement must exceed, in the metric's unit.
  ///   - epochs: epochs without improvement after which to stop; nil: never.
  package init(higherIsBetter: Bool, minimumDelta: Double, epochs: Int?) {
    self.higherIsBetter = higherIsBetter
    self.minimumDelta = minimumDelta
    self.epochs = epochs
  }

  /// Takes in an epoch's value. It improves on the best by more than the minimum delta, or any number does where there
  /// was none; NaN never improves. Patience begins with the first number: what cannot be measured yet has not failed to
  /// improve.
  package mutating func on(epoch: Int, value: Double) -> Verdict {
    guard let best else {
      if value.isNaN { return .wait }
      self.best = BestEpochSoFar(epoch: epoch, value: value)
      return .improved
    }
    let gain = higherIsBetter ? value - best.value : best.value - value
    if gain > minimumDelta {
      self.best = BestEpochSoFar(epoch: epoch, value: value)
      return .improved
    }
    guard let epochs else { return .wait }
    return epoch - best.epoch >= epochs ? .stop : .wait
  }
}
