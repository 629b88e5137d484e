// What a run tells while it goes on, and copies of its model.

import Activations
import Data
import Engine

extension TrainingLoop {
  private static let secondsBetweenReports = 0.1
  private static let secondsBetweenSnapshots = 1.0

  /// Reports an epoch, unless the last report is too new and more will follow.
  mutating func reportEpoch(
    _ epoch: Int, isLast: Bool, to report: (TrainingEvent) -> Void, at time: Double
  ) {
    guard isLast || time - lastReport >= Self.secondsBetweenReports else { return }
    lastReport = time
    let elapsed = max(time - startedAt, 1e-9)
    let perStep = elapsed / Double(iteration)
    report(
      .epoch(
        EpochReport(
          epoch: epoch, epochs: steps.epochs, iteration: iteration, iterations: steps.total,
          ratio: Double(iteration) / Double(steps.total), metrics: series.latest, best: best, series: series,
          rows: epoch * steps.rows, rowsPerSecond: Double(epoch) * Double(steps.rows) / elapsed,
          remainingSeconds: perStep * Double(steps.total - iteration),
          snapshot: newSnapshot(epoch: epoch, at: time))))
  }

  /// A copy of the state that would be kept if training ended here, where the last copy is old enough and of another.
  private mutating func newSnapshot(epoch: Int, at time: Double) -> TrainedModel? {
    guard time - lastSnapshot.time >= Self.secondsBetweenSnapshots else { return nil }
    guard let state = states.best, let best, best.epoch < epoch else {
      lastSnapshot = (time, epoch)
      return snapshot(epoch: epoch)
    }
    if lastSnapshot.epoch == best.epoch { return nil }
    lastSnapshot = (time, best.epoch)
    let trained = model
    model = trained.restored(to: state)
    defer {
      model = trained
      model.restore(states.newest)
    }
    return snapshot(epoch: best.epoch)
  }

  /// The model as it is, with what its activations read and how its candidates fare.
  func snapshot(epoch: Int) -> TrainedModel {
    TrainedModel(
      prepared, model: model, epoch: epoch,
      inputStatistics: InputStatistics.measure(model, evaluated.observed),
      candidates: candidateReports())
  }

  /// How each random layer's candidates fared, in the order of the activation layers.
  private func candidateReports() -> [[CandidateReport]] {
    let layers = model.activationLayers
    let choices = layers.compactMap { layer in
      if case .random(let choice) = layer.specification.kind { choice } else { nil }
    }
    // One rule sets all random layers at once, so that a candidate can be judged only where every layer has it.
    let common = choices.map(\.candidates.count).min() ?? 0
    let losses = (0..<common).map { evaluator.loss(model, evaluated.validation, rule: .candidate($0)) }
    return layers.map { layer in
      guard case .random(let choice) = layer.specification.kind else { return [] }
      return choice.names.indices.map { index in
        CandidateReport(
          function: choice.names[index], probability: choice.probabilities[index], draws: layer.draws[index],
          validationLoss: index < common ? losses[index] : .nan)
      }
    }
  }
}
