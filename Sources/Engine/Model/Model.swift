// A planned model: its memory, its training step, and its state.

import Activations
import CKernels

/// A network with every buffer it will ever need; a training step allocates nothing and takes no lock.
///
/// Owned by one thread at a time. With the same specification, seed and calls it gives the same bits on the same
/// instruction set.
public final class Model {
  /// The most rows of a training step.
  public let batchSize: Int
  /// Length of the flat vectors.
  public let parameterCount: Int
  /// The global norm of the last step's gradient, before clipping.
  public internal(set) var lastGradientNorm = 0.0
  /// Whether the last step moved the parameters; not if its loss or gradient was not finite.
  public internal(set) var lastStepWasApplied = true

  /// The parameters, layers and draws, and what predicts with them.
  let predictor: Predictor
  let seed: UInt64
  let optimizer: OptimizerSpecification
  /// How many updates there had been when the moments of each block began.
  let momentStarts: [Double]
  let rule: StepRule
  let groups: [UpdateGroup]
  let clipNorm: Double?
  let bendPenalties: [BendPenalty]
  let sums = ck_reduce_current()
  /// What layers add to instead of assigning.
  let accumulatedGradients: [Range<Int>]
  /// The rows of a step, gathered.
  let batch: (inputs: FloatBuffer, targets: FloatBuffer)
  /// How many losses a step has at most: one for each row, or for each step of its rows.
  let lossCount: Int
  /// The losses of a step, then sums of squares of the parts of its gradient.
  let terms: UnsafeMutablePointer<Double>
  let team: Team
  /// The most threads that were asked for.
  private let mostThreads: Int
  /// How many threads work on the next step or prediction, the caller's included. The results are the same bits for any
  /// number.
  public var threads: Int { didSet { threads = min(max(1, threads), team.size) } }
  /// How many losses the step has, and how many of them count.
  var losses = (all: 0, valid: 0)
  /// What the team is working on.
  var task = TeamTask.none
  /// Whether steps, and passes forward alone, are faster with the team.
  var (stepPace, forwardPace) = (Pace(), Pace())

  /// Plans the model, allocates its memory and draws its initial weights.
  ///
  /// - Parameters:
  ///   - batchSize: the most rows of a training step. Prediction takes any number.
  ///   - seed: decides the initial weights, dropout, random choices, noise and sampled averages.
  ///   - threads: the most threads that a step and a prediction use, the caller's included; fewer where a step is too
  ///     small to gain by them (``threads``).
  package convenience init(
    _ specification: ModelSpecification, loss: Loss, batchSize: Int, seed: UInt64,
    initializer: Initializer = .auto,
    optimizer: OptimizerSpecification = OptimizerSpecification(), threads: Int = 1
  ) {
    precondition(batchSize > 0 && threads > 0, "a batch has at least one row, a team one member")
    let plan = ModelPlan(specification)
    self.init(
      plan, loss: loss, batchSize: batchSize, seed: seed, optimizer: optimizer,
      momentStarts: plan.blocks.map { _ in 0 }, threads: threads)
    plan.initialize(parameterBuffer.base, seed: seed, initializer: initializer)
  }

  /// A model of another plan that trains as an earlier one does; its parameters are zero.
  convenience init(_ plan: ModelPlan, like other: Model, momentStarts: [Double]) {
    self.init(
      plan, loss: other.loss, batchSize: other.batchSize, seed: other.seed, optimizer: other.optimizer,
      momentStarts: momentStarts, threads: other.mostThreads)
    threads = other.threads
  }

  private init(
    _ plan: ModelPlan, loss: Loss, batchSize: Int, seed: UInt64, optimizer: OptimizerSpecification,
    momentStarts: [Double], threads: Int
  ) {
    mostThreads = threads
    team = Team(size: Self.teamSize(plan, batchSize: batchSize, threads: threads))
    self.threads = team.size
    // Small batches are no reason for small matrix products in prediction.
    predictor = Predictor(
      plan, loss: loss, seed: seed,
      memory: LayerMemory(
        rows: max(batchSize, Predictor.capacity(plan)), members: team.size, isForTraining: true))
    self.batchSize = batchSize
    self.seed = seed
    self.optimizer = optimizer
    self.momentStarts = momentStarts
    parameterCount = plan.parameterCount
    let specification = plan.specification
    batch = (
      FloatBuffer(count: batchSize * specification.inputs),
      FloatBuffer(
        count: batchSize * plan.output.positions * loss.targetsPerRow(outputs: specification.outputs))
    )
    accumulatedGradients = plan.summedBlocks.map(\.range)
    lossCount = batchSize * plan.output.positions
    terms = .allocate(capacity: lossCount + Self.parts(of: plan.parameterCount))
    terms.initialize(repeating: 0, count: lossCount + Self.parts(of: plan.parameterCount))
    rule = optimizer.makeRule(blocks: plan.blocks, parameterCount: plan.parameterCount)
    groups = optimizer.groups(of: plan.blocks, momentStarts: momentStarts)
    clipNorm = optimizer.gradientClipNorm
    bendPenalties = BendPenalty.all(plan, specification)
  }

  deinit { terms.deallocate() }

  /// What the model is made of, its splines on the grids that they have now.
  public var specification: ModelSpecification { predictor.specification }
  /// What a step makes smaller.
  public var loss: Loss { predictor.loss }
  /// Every tensor of the flat vectors.
  public var blocks: [ParameterBlock] { plan.blocks }

  var plan: ModelPlan { predictor.plan }
  var layers: LayerStack { predictor.layers }
  var draws: RandomDraws { predictor.draws }
  var parameterBuffer: FloatBuffer { predictor.parameterBuffer }
  var gradientBuffer: FloatBuffer { predictor.gradientBuffer }

  /// The flat parameter vector. Activation parameters are raw values, `[parameter][set]`.
  public var parameters: UnsafeMutableBufferPointer<Float> { parameterBuffer.all }

  /// The flat gradient of the last step's loss, before clipping and weight decay.
  public var gradients: UnsafeMutableBufferPointer<Float> { gradientBuffer.all }

  // MARK: Random activations

  /// Makes training use one candidate of a random activation instead of drawing; nil returns to drawing. The last tenth
  /// of training with inference `finalize` fixes the most probable one.
  public func fixChoice(_ candidate: Int?, ofActivation activation: Int) {
    draws.fix(candidate, of: activation)
  }

  /// Sets the candidate that inference `best` predicts with; until then it is the most probable one.
  public func select(_ candidate: Int, ofActivation activation: Int) {
    draws.selected[activation] = candidate
  }

  // MARK: State

  /// A copy of everything that prediction needs.
  public func state() -> ModelState { predictor.state() }

  /// Takes over a state of a model with the same specification and stage (else ``restored(to:)``); the optimiser's moments
  /// stay.
  public func restore(_ state: ModelState) { predictor.restore(state) }

  /// Whether a state has the right numbers of parameters and statistics.
  public func accepts(_ state: ModelState) -> Bool { plan.accepts(state) }
}
