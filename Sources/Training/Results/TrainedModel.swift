// A trained model with all that prediction and the activations document need, independent of the run that made it.

import Activations
package import Engine
public import JSON

/// A trained network: how rows are encoded, what computes, its parameters, and what its activations saw.
public struct TrainedModel: Sendable {
  /// The epoch of this state, counted from 1; 0 before the first was complete.
  public let epoch: Int
  public let task: LearningTask
  package let model: ModelSection
  package let activation: ActivationSection
  package let seed: UInt64
  package let initializer: Initializer
  package let inputEncoder: InputEncoder
  package let targetEncoder: TargetEncoder
  package let state: ModelState
  package let inputStatistics: [InputStatistics]
  package let candidates: [[CandidateReport]]

  /// The job's strategy: `fixed`, `parametric`, …
  public var strategyName: String { activation.specification.strategyName }
  public var featureNames: [String] { inputEncoder.names }
  public var classes: [JSONValue]? { targetEncoder.labels }

  init(
    _ prepared: PreparedTraining, model: Model, epoch: Int, inputStatistics: [InputStatistics],
    candidates: [[CandidateReport]]
  ) {
    guard let activation = prepared.specification.activation else {
      preconditionFailure("a prepared job has an activation")
    }
    self.init(
      epoch: epoch, task: prepared.task, model: prepared.specification.model, activation: activation,
      seed: prepared.seed, initializer: prepared.specification.training.initializer,
      inputEncoder: prepared.dataset.inputEncoder, targetEncoder: prepared.dataset.targetEncoder,
      state: model.state(), inputStatistics: inputStatistics, candidates: candidates)
  }

  init(
    epoch: Int, task: LearningTask, model: ModelSection, activation: ActivationSection, seed: UInt64,
    initializer: Initializer, inputEncoder: InputEncoder, targetEncoder: TargetEncoder, state: ModelState,
    inputStatistics: [InputStatistics], candidates: [[CandidateReport]]
  ) {
    self.epoch = epoch
    self.task = task
    self.model = model
    self.activation = activation
    self.seed = seed
    self.initializer = initializer
    self.inputEncoder = inputEncoder
    self.targetEncoder = targetEncoder
    self.state = state
    self.inputStatistics = inputStatistics
    self.candidates = candidates
  }

  package var assembly: ModelAssembly {
    ModelAssembly(
      model, activation: activation, inputs: inputEncoder.width, outputs: targetEncoder.outputs(of: task))
  }

  /// The engine's model with its initial parameters; `restore(state)` makes it the trained one.
  func makeModel() -> Model {
    Model(assembly.specification, loss: task.loss, batchSize: 64, seed: seed, initializer: initializer)
  }
}
