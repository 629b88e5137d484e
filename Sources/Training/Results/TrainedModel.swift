// A trained model with all that prediction and the activations document need, independent of the run that made it.

import Activations
public import Data
package import Engine
public import JSON

/// A trained network: how rows are encoded, what computes, its parameters, and what its activations saw.
public struct TrainedModel: Sendable {
  /// The epoch of this state, counted from 1; 0 before the first was complete.
  public let epoch: Int
  /// What is predicted: numbers or classes.
  public let task: LearningTask
  /// The layers as the client wrote them.
  package let model: ModelSection
  /// The job's activation.
  package let activation: ActivationSection
  /// The job's seed, which decides initial activations and sampled averages.
  package let seed: UInt64
  /// From feature columns to the network's inputs.
  package let inputEncoder: InputEncoder
  /// From the network's outputs to classes or numbers.
  package let targetEncoder: TargetEncoder
  /// The trained numbers.
  package let state: ModelState
  /// What each activation layer read, in the order of the layers.
  package let inputStatistics: [InputStatistics]
  /// By activation layer; empty where it is not random.
  package let candidates: [[CandidateReport]]
  /// The engine's specification, and where the client knows its layers.
  package let assembly: ModelAssembly
  let plan: ModelPlan
  /// Shared by all copies of the model.
  private let predictors: PredictorPool
  let findings: ActivationFindings

  /// The job's strategy: `fixed`, `parametric`, …
  public var strategyName: String { activation.specification.strategyName }
  /// The feature columns, in their order.
  public var featureNames: [String] { inputEncoder.columnNames }
  /// The classes, in the order of their probabilities; nil for numbers.
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
      model, activation: activation, input: inputEncoder.rowShape,
      outputs: targetEncoder.outputs(of: task))
    // A state that was kept in an early stage of splines has that stage's knots.
    plan = ModelPlan(assembly.specification.at(stagesOf: state))
    predictors = PredictorPool()
    findings = ActivationFindings()
  }

  /// Runs `body` with a predictor of the trained state; the model keeps it for the next call.
  ///
  /// - Complexity: O(parameters) at first, then O(1).
  func withPredictor<Value>(_ body: (Predictor) -> Value) -> Value {
    predictors.withPredictor(make: { predictor(of: state) }, body)
  }

  /// Whether the rows of a text of so many bytes are predicted in a fraction of a millisecond, so that it is not worth
  /// handing them to another thread.
  public func predictsAtOnce(textBytes: Int) -> Bool {
    // A row is three bytes or more, and a value of an activation about as much work as 64 products.
    let rows = textBytes / 3 + 1
    let work = plan.multiplyAddsPerRow + plan.entries.reduce(0) { $0 + 64 * $1.outputs }
    return textBytes <= 8192 && assembly.specification.randomParts.isEmpty && rows * work <= 1 << 23
  }

  /// About how many bytes the model holds, with the predictors that it keeps.
  public var byteCount: Int {
    let numbers = state.parameters.count + state.statistics.count
    return 4 * (numbers + PredictorPool.maximumIdle * (numbers + plan.predictionValues)) + 16_384
  }

  /// - Parameter state: one that the plan accepts.
  func predictor(of state: ModelState) -> Predictor {
    Predictor(plan, state: state, loss: task.loss, seed: seed)
  }
}
