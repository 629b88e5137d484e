// A planned model: its memory, its training step, and its state.

import Activations
import CKernels

/// A network with every buffer it will ever need; a training step allocates nothing and takes no lock.
///
/// Owned by one thread at a time. With the same specification, seed and calls it gives the same bits on the same
/// instruction set.
public final class Model {
  public let specification: ModelSpecification
  public let loss: Loss
  /// The most rows of a training step.
  public let batchSize: Int
  /// Every tensor of the flat vectors.
  public let blocks: [ParameterBlock]
  public let parameterCount: Int
  /// The global norm of the last step's gradient, before clipping.
  public internal(set) var lastGradientNorm = 0.0
  /// Whether the last step moved the parameters; not if its loss or gradient was not finite.
  public internal(set) var lastStepWasApplied = true

  let plan: ModelPlan
  let layers: LayerStack
  let draws: RandomDraws
  /// Rows of one pass of prediction.
  let capacity: Int
  let seed: UInt64
  let optimizer: any Optimizer
  let groups: [UpdateGroup]
  let clipNorm: Double?
  let bendPenalties: [BendPenalty]
  let sums = ck_reduce_current()
  let parameterBuffer: FloatBuffer
  let gradientBuffer: FloatBuffer
  /// What layers add to instead of assigning.
  let accumulatedGradients: [Range<Int>]
  /// Running statistics of all layers, in their order.
  private let statistics: [FloatBuffer]
  /// The rows of a step, gathered.
  let batch: (inputs: FloatBuffer, targets: FloatBuffer)
  /// The losses of a step's rows, then sums of squares of the parts of its gradient.
  let terms: UnsafeMutablePointer<Double>
  let team: Team
  /// How many threads work on the next step or prediction, the caller's included. The results are the same bits for any
  /// number.
  public var threads: Int { didSet { threads = min(max(1, threads), team.size) } }
  /// What the team is working on.
  var task = TeamTask.none
  /// Whether steps, and passes forward alone, are faster with the team.
  var (stepPace, forwardPace) = (Pace(), Pace())
  /// Linked outputs of one chunk and their complements, averaged over passes.
  let averaged: (linked: UnsafeMutablePointer<Double>, complements: UnsafeMutablePointer<Double>)

  /// Plans the model, allocates its memory and draws its initial weights.
  ///
  /// - Parameters:
  ///   - batchSize: the most rows of a training step. Prediction takes any number.
  ///   - seed: decides the initial weights, dropout, random choices, noise and sampled averages.
  ///   - threads: the most threads that a step and a prediction use, the caller's included; fewer where a step is too
  ///     small to gain by them (``threads``).
  public init(
    _ specification: ModelSpecification, loss: Loss, batchSize: Int, seed: UInt64,
    initializer: Initializer = .auto,
    optimizer: OptimizerSpecification = OptimizerSpecification(), threads: Int = 1
  ) {
    precondition(batchSize > 0 && threads > 0, "a batch has at least one row, a team one member")
    let plan = ModelPlan(specification)
    // Small batches are no reason for small matrix products in prediction, unless the layers are so wide that the
    // memory counts that a small batch saves.
    let widest = plan.entries.map(\.outputs).max() ?? 1
    let capacity = max(batchSize, min(64, 262_144 / max(1, widest)))
    team = Team(size: Self.teamSize(plan, batchSize: batchSize, threads: threads))
    self.threads = team.size
    let built = LayerBuilder.build(
      plan, specification, seed: seed, maximumRows: capacity, members: team.size)
    self.specification = specification
    self.loss = loss
    self.batchSize = batchSize
    self.plan = plan
    self.capacity = capacity
    self.seed = seed
    blocks = plan.blocks
    parameterCount = plan.parameterCount
    layers = built.stack
    draws = built.draws
    statistics = built.statistics
    parameterBuffer = FloatBuffer(count: plan.parameterCount)
    gradientBuffer = FloatBuffer(count: plan.parameterCount)
    batch = (
      FloatBuffer(count: batchSize * specification.inputs),
      FloatBuffer(count: batchSize * loss.targetsPerRow(outputs: specification.outputs))
    )
    accumulatedGradients = plan.summedBlocks.map(\.range)
    terms = .allocate(capacity: batchSize + Self.parts(of: plan.parameterCount))
    terms.initialize(repeating: 0, count: batchSize + Self.parts(of: plan.parameterCount))
    let outputs = capacity * specification.outputs
    averaged = (.allocate(capacity: outputs), .allocate(capacity: outputs))
    averaged.linked.initialize(repeating: 0, count: outputs)
    averaged.complements.initialize(repeating: 0, count: outputs)
    self.optimizer = optimizer.makeOptimizer(parameterCount: plan.parameterCount)
    groups = optimizer.groups(of: plan.blocks)
    clipNorm = optimizer.gradientClipNorm
    bendPenalties = BendPenalty.all(plan, specification)
    initialize(with: initializer)
  }

  deinit {
    terms.deallocate()
    averaged.linked.deallocate()
    averaged.complements.deallocate()
  }

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
  public func state() -> ModelState {
    ModelState(
      parameters: Array(parameters), statistics: statistics.flatMap { Array($0.all) },
      selected: draws.selected)
  }

  /// Takes over a state of a model with the same specification; the optimiser's moments stay.
  public func restore(_ state: ModelState) {
    precondition(accepts(state), "the state belongs to another model")
    _ = parameterBuffer.all.update(fromContentsOf: state.parameters)
    var rest = state.statistics[...]
    for buffer in statistics {
      _ = buffer.all.update(fromContentsOf: rest.prefix(buffer.count))
      rest = rest.dropFirst(buffer.count)
    }
    draws.selected = state.selected
  }

  /// Whether a state has the right numbers of parameters and statistics.
  public func accepts(_ state: ModelState) -> Bool {
    state.parameters.count == parameterCount
      && state.statistics.count == statistics.reduce(0) { $0 + $1.count }
  }

  private func initialize(with initializer: Initializer) {
    let parameters = parameterBuffer.base
    for (index, entry) in plan.entries.enumerated() {
      let start = parameters + entry.offset
      switch entry.layer {
      case .dropout, .maxout: break
      case .batchNorm, .layerNorm: start.update(repeating: 1, count: entry.outputs)
      case .dense:
        var stream = RandomStream(seed: seed, stream: .weights, layer: UInt64(index))
        initializer.fill(
          start, inputs: entry.inputs, outputs: entry.outputs, gain: specification.gain(ofLayer: index),
          from: &stream)
      case .activation(let activation), .gate(let activation):
        specification.activations[activation].initialize(
          start, units: entry.outputs, seed: seed, key: entry.offset)
      }
    }
  }
}

extension ActivationSpecification {
  /// Writes the initial parameters: raw values, or a generator whose outputs are so small that training starts at the
  /// named function.
  fileprivate func initialize(_ start: UnsafeMutablePointer<Float>, units: Int, seed: UInt64, key: Int) {
    switch kind {
    // All logits start at 0: no function is preferred.
    case .random, .mixture: break
    case .single(let function):
      let sets = granularity == .unit ? units : 1
      for (index, raw) in function.parameters.initialRaw.enumerated() {
        (start + index * sets).update(repeating: Float(raw), count: sets)
      }
    case .generated(let hypernetwork):
      let widths = hypernetwork.generatorWidths(units: units)
      var weights = start
      var stream = RandomStream(seed: seed, stream: .hypernetwork, layer: UInt64(key))
      for (depth, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
        let isLast = depth == widths.count - 2
        let gain = isLast ? 0.01 : 1
        InitialDistribution.normal(variance: gain * gain / Double(inputs)).fill(
          weights, rows: inputs, columns: outputs, from: &stream)
        weights += (inputs + 1) * outputs
      }
    }
  }
}
