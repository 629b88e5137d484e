// A trained model with all that prediction and the activations document need, independent of the run that made it.

import Activations
public import Data
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
  package let inputEncoder: InputEncoder
  package let targetEncoder: TargetEncoder
  package let state: ModelState
  package let inputStatistics: [InputStatistics]
  package let candidates: [[CandidateReport]]
  package let assembly: ModelAssembly
  let plan: ModelPlan
  /// Shared by all copies of the model.
  private let predictors: PredictorPool

  /// The job's strategy: `fixed`, `parametric`, …
  public var strategyName: String { activation.specification.strategyName }
  public var featureNames: [String] { inputEncoder.names }
  public var classes: [JSONValue]? { targetEncoder.labels }

  init(
    epoch: Int, task: LearningTask, model: ModelSection, activation: ActivationSection, seed: UInt64,
    inputEncoder: InputEncoder, targetEncoder: TargetEncoder, state: ModelState,
    inputStatistics: [InputStatistics], candidates: [[CandidateReport]]
  ) {
    self.epoch = epoch
    self.task = task
    self.model = model
    self.activation = activation
    self.seed = seed
    self.inputEncoder = inputEncoder
    self.targetEncoder = targetEncoder
    self.state = state
    self.inputStatistics = inputStatistics
    self.candidates = candidates
    assembly = ModelAssembly(
      model, activation: activation, inputs: inputEncoder.width, outputs: targetEncoder.outputs(of: task))
    plan = ModelPlan(assembly.specification)
    predictors = PredictorPool()
  }

  /// Runs `body` with a predictor of the trained state; the model keeps it for the next call.
  ///
  /// - Complexity: O(parameters) at first, then O(1).
  func withPredictor<Value>(_ body: (Predictor) -> Value) -> Value {
    predictors.withPredictor(make: { predictor(of: state) }, body)
  }

  /// - Parameter state: one that the plan accepts.
  func predictor(of state: ModelState) -> Predictor {
    Predictor(plan, state: state, loss: task.loss, seed: seed)
  }
}
