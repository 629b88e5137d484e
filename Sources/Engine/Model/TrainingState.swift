// Everything that a model's next training step depends on, apart from its specification and the data.

/// A model in the middle of its training: a model of the same specification, seed and optimiser that takes it over makes the
/// same steps, bit for bit, on the same instruction set.
///
/// What is drawn (dropout, noise, random choices) is keyed by the step's number and has no state; batches, threads and reports
/// leave no trace.
public struct TrainingState: Sendable, Hashable {
  /// What predicts.
  public var model: ModelState
  /// What the optimiser has kept of its steps.
  public var optimizer: OptimizerMemory
  /// How many updates there had been when the moments of each block began: 0, but for splines refined since.
  public var momentStarts: [Double]
  /// How often each candidate of each random choice was drawn.
  public var draws: [[Int]]
  /// Candidates that training uses instead of drawing, by the activation's index.
  public var fixed: [Int: Int]

  /// A state by its parts, each as its property says.
  public init(
    model: ModelState, optimizer: OptimizerMemory, momentStarts: [Double], draws: [[Int]], fixed: [Int: Int]
  ) {
    self.model = model
    self.optimizer = optimizer
    self.momentStarts = momentStarts
    self.draws = draws
    self.fixed = fixed
  }
}

extension Model {
  /// A copy of everything that the next step depends on.
  ///
  /// - Complexity: O(parameters · what the optimiser keeps of each + statistics).
  public func trainingState() -> TrainingState {
    TrainingState(
      model: state(), optimizer: rule.memory, momentStarts: momentStarts, draws: draws.counts,
      fixed: draws.fixed)
  }

  /// Whether a state is one of this model, in any stage.
  public func canBeRestored(to state: ModelState) -> Bool {
    specification.has(stages: state.stages) && ModelPlan(specification.at(stagesOf: state)).accepts(state)
  }

  /// The model as it was when the state was taken: itself where the state is of its stage, else a new one.
  ///
  /// - Returns: nil if the state belongs to a model of another specification or optimiser.
  public func resumed(from state: TrainingState) -> Model? {
    guard specification.has(stages: state.model.stages) else { return nil }
    let wanted = specification.at(stagesOf: state.model)
    let plan = ModelPlan(wanted)
    guard plan.accepts(state.model), state.momentStarts.count == plan.blocks.count,
      state.momentStarts.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { return nil }
    let isItself = wanted.stages == specification.stages && momentStarts == state.momentStarts
    let model = isItself ? self : Model(plan, like: self, momentStarts: state.momentStarts)
    guard model.rule.accepts(state.optimizer), model.draws.accepts(state.draws, fixed: state.fixed) else {
      return nil
    }
    model.restore(state.model)
    model.rule.memory = state.optimizer
    model.draws.counts = state.draws
    model.draws.fixed = state.fixed
    return model
  }
}
