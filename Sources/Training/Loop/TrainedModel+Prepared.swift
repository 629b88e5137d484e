// What a run leaves behind: its model, as it is kept.

import Data
import Engine

extension TrainedModel {
  /// The model of a prepared training in its present state.
  init(
    _ prepared: PreparedTraining, model: Model, epoch: Int, inputStatistics: [InputStatistics],
    candidates: [[CandidateReport]]
  ) {
    guard let activation = prepared.specification.activation else {
      preconditionFailure("a prepared job has an activation")
    }
    self.init(
      epoch: epoch, task: prepared.task, model: prepared.specification.model, activation: activation,
      seed: prepared.seed,
      inputEncoder: prepared.dataset.inputEncoder, targetEncoder: prepared.dataset.targetEncoder,
      state: model.state(), inputStatistics: inputStatistics, candidates: candidates)
  }
}
