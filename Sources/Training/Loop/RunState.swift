// A run put down between two steps: everything that it needs to go on to the bits that it would have had.

package import Engine

/// The state of a run that has begun.
///
/// What the request and the seed decide (data, order of rows, schedule, draws) is not in it, and neither is what leaves no
/// trace in the result: threads, reports, snapshots.
public struct RunState: Sendable, Equatable {
  /// The model, its optimiser and its draws.
  package var model: TrainingState
  /// The state at the end of the newest whole epoch, which a diverging epoch falls back on.
  package var newest: ModelState
  /// That of the best epoch, if it is another one.
  package var best: ModelState?
  /// The best epoch and its value; nil as long as no value was a number.
  package var bestEpoch: BestEpochSoFar?
  /// Metrics before the first step.
  package var untrained: [Double]
  /// Metrics of every whole epoch, by the names of the run's series.
  package var series: MetricSeries
  /// Steps done.
  package var iteration: Int
  /// The loss of the first step.
  package var firstLoss: Double?
  /// The sum of the losses of the epoch that has begun.
  package var lossSum: Double
  /// Of a recurrent model.
  package var gradientNorms: GradientNorms?
  /// What the run has taken so far.
  package var elapsedSeconds: Double

  /// Whole epochs.
  public var epoch: Int { series.epochs.count }
}

/// What can be told of a run that goes on, before it does.
public struct ResumedState: Sendable {
  /// Whole epochs.
  public var epoch: Int
  /// Epochs of the whole run.
  public var epochs: Int
  /// Steps done.
  public var iteration: Int
  /// The share of training that is done, in [0, 1].
  public var ratio: Double
  /// Training rows so far, once for each whole epoch.
  public var rows: Int
  /// Metrics of every whole epoch.
  public var series: MetricSeries
}

/// Where a monitored metric was best so far.
package struct BestEpochSoFar: Sendable, Equatable {
  /// Counted from 1.
  package var epoch: Int
  /// The metric's value in that epoch.
  package var value: Double

  /// An epoch and its value.
  package init(epoch: Int, value: Double) { (self.epoch, self.value) = (epoch, value) }
}

/// Who keeps the states of a run.
public protocol StateKeeper {
  /// Whether a state is wanted at a time of the run's clock; asked between any two steps.
  func wantsState(at time: Double) -> Bool
  /// Takes a state on the run's thread, which waits.
  ///
  /// - Parameter isLast: whether the run has been told to stop, and will give no other.
  func take(_ state: RunState, isLast: Bool)
}

extension TrainingLoop {
  /// Where the run goes on.
  var resumed: ResumedState {
    ResumedState(
      epoch: series.epochs.count, epochs: steps.epochs, iteration: iteration,
      ratio: Double(iteration) / Double(steps.total), rows: series.epochs.count * steps.rows, series: series)
  }

  /// A copy of everything; O(parameters + epochs).
  func state(at time: Double) -> RunState {
    RunState(
      model: model.trainingState(), newest: states.newest, best: states.bestIfOther,
      bestEpoch: patience.best, untrained: untrained, series: series, iteration: iteration,
      firstLoss: firstLoss, lossSum: lossSum, gradientNorms: gradientNorms,
      elapsedSeconds: max(0, time - startedAt))
  }

  /// Goes on from a state; false, and of no more use, where it is that of another training.
  mutating func resume(from state: RunState) -> Bool {
    guard state.series.names == series.names, state.untrained.count == series.names.count,
      (0...steps.total).contains(state.iteration), fitsEpochs(state),
      (state.gradientNorms == nil) == (gradientNorms == nil),
      let model = model.resumed(from: state.model)
    else { return false }
    for kept in [state.newest, state.best].compactMap(\.self) where !model.canBeRestored(to: kept) {
      return false
    }
    self.model = model
    states = KeptStates(
      newest: state.newest, best: state.best, isNewestBest: state.best == nil && keepsBest(of: state))
    patience.best = state.bestEpoch
    (untrained, series, iteration) = (state.untrained, state.series, state.iteration)
    (firstLoss, lossSum, gradientNorms) = (state.firstLoss, state.lossSum, state.gradientNorms)
    startedAt -= state.elapsedSeconds
    return true
  }

  /// Whether the best epoch of a state is one whose parameters are kept.
  private func keepsBest(of state: RunState) -> Bool { keep == .best && state.bestEpoch != nil }

  /// Whether a state's epochs are those of its steps: all whole ones, or all but the last, whose metrics are still to come.
  private func fitsEpochs(_ state: RunState) -> Bool {
    let epoch = state.epoch
    guard state.series.epochs.elementsEqual(1..<epoch + 1), epoch <= steps.epochs,
      state.bestEpoch.map({ (1..<epoch + 1).contains($0.epoch) }) ?? true
    else { return false }
    let whole = epoch == 0 ? 0 : steps.steps(ofEpoch: epoch).upperBound
    let next = epoch == steps.epochs ? whole : steps.steps(ofEpoch: epoch + 1).upperBound
    return whole <= state.iteration && state.iteration <= next
  }
}
