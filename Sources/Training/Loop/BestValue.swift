// The best value of the metric by which a run chooses its states, for lists of jobs.

import Data
public import JSON

extension PreparedTraining {
  /// `{metric, value, epoch}`: the best value in the series of the metric by which states are chosen, the first of equal
  /// ones; nil while there is none.
  public func bestDocument(_ series: MetricSeries) -> JSONValue? {
    let chosen = specification.training.earlyStopping?.metric
    let metric = chosen ?? (dataset.validationRowCount > 0 ? "validation_loss" : "training_loss")
    guard let best = series.best(metric) else { return nil }
    return ["metric": .string(metric), "value": .number(best.value), "epoch": .integer(best.epoch)]
  }
}

extension MetricSeries {
  /// The best value of a metric that is a number, the first of equal ones. O(epochs)
  func best(_ name: String) -> (value: Double, epoch: Int)? {
    guard let column = names.firstIndex(of: name) else { return nil }
    let isHigherBetter = MetricNames.isBetterWhenHigher(name)
    var best: (value: Double, epoch: Int)?
    for (value, epoch) in zip(values[column], epochs) where !value.isNaN {
      if let known = best?.value, isHigherBetter ? value <= known : value >= known { continue }
      best = (value, epoch)
    }
    return best
  }
}
