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
  public private(set) var lastGradientNorm = 0.0
  /// Whether the last step moved the parameters; not if its loss or gradient was not finite.
  public private(set) var lastStepWasApplied = true

  let plan: ModelPlan
  let layers: LayerStack
  let draws: RandomDraws
  /// Rows of one pass of prediction.
  let capacity: Int
  private let seed: UInt64
  private let optimizer: any Optimizer
  private let groups: [UpdateGroup]
  private let clipNorm: Double?
  private let bendPenalties: [BendPenalty]
  private let sums = ck_reduce_current()
  private let parameterBuffer: FloatBuffer
  private let gradientBuffer: FloatBuffer
  /// Running statistics of all layers, in their order.
  private let statistics: [FloatBuffer]
  /// The rows of a step, gathered.
  private let batch: (inputs: FloatBuffer, targets: FloatBuffer)
  /// Linked outputs of one chunk and their complements, averaged over passes.
  let averaged: (linked: UnsafeMutablePointer<Double>, complements: UnsafeMutablePointer<Double>)

  /// Plans the model, allocates its memory and draws its initial weights.
  ///
  /// - Parameters:
  ///   - batchSize: the most rows of a training step. Prediction takes any number.
  ///   - seed: decides the initial weights, dropout, random choices, noise and sampled averages.
  public init(
    _ specification: ModelSpecification, loss: Loss, batchSize: Int, seed: UInt64,
    initializer: Initializer = .auto,
    optimizer: OptimizerSpecification = OptimizerSpecification()
  ) {
    precondition(batchSize > 0, "a batch has at least one row")
    let plan = ModelPlan(specification)
    // Small batches are no reason for small matrix products in prediction, unless the layers are so wide that the
    // memory counts that a small batch saves.
    let widest = plan.entries.map(\.outputs).max() ?? 1
    let capacity = max(batchSize, min(64, 262_144 / max(1, widest)))
    let built = LayerBuilder.build(plan, specification, seed: seed, maximumRows: capacity)
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
    averaged.linked.deallocate()
    averaged.complements.deallocate()
  }

  /// The flat parameter vector. Activation parameters are raw values, `[parameter][set]`.
  public var parameters: UnsafeMutableBufferPointer<Float> { parameterBuffer.all }

  /// The flat gradient of the last step's loss, before clipping and weight decay.
  public var gradients: UnsafeMutableBufferPointer<Float> { gradientBuffer.all }

  // MARK: Training

  /// One step: gather, draw, forward, loss, backward, clip, update.
  ///
  /// Where the loss or the gradient's norm is not finite, the parameters stay as they are, so that the last finite ones
  /// survive; ``lastStepWasApplied`` tells.
  ///
  /// - Parameters:
  ///   - inputs: row-major, all rows of the data set.
  ///   - targets: row-major, ``Loss/targetsPerRow(outputs:)`` numbers per row.
  ///   - rows: the rows of the batch, 1...``batchSize`` of them.
  ///   - step: the iteration, counted from 0; keys dropout, noise, and the draws of every iteration.
  ///   - epoch: keys the draws of every epoch.
  ///   - learningRateFactor: the schedule's.
  ///   - progress: the share of training that is done, in [0, 1]; decides temperatures.
  /// - Returns: the mean loss before the update, as the drawn functions and dropout masks gave it.
  public func trainStep(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>, step: Int,
    epoch: Int, learningRateFactor: Float = 1, progress: Double = 0
  ) -> Double {
    let value = computeGradients(
      inputs: inputs, targets: targets, rows: rows, step: step, epoch: epoch, progress: progress)
    lastStepWasApplied = value.isFinite && lastGradientNorm.isFinite
    if lastStepWasApplied { update(learningRateFactor) }
    return value
  }

  /// A step without its update: leaves the gradient in ``gradients``.
  package func computeGradients(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>, step: Int,
    epoch: Int, progress: Double = 0
  ) -> Double {
    precondition(rows.count > 0 && rows.count <= batchSize, "a step takes from one row to the batch size")
    let width = specification.inputs
    let targetWidth = loss.targetsPerRow(outputs: specification.outputs)
    for (position, row) in rows.enumerated() {
      (batch.inputs.base + position * width).update(from: inputs + Int(row) * width, count: width)
      (batch.targets.base + position * targetWidth).update(
        from: targets + Int(row) * targetWidth, count: targetWidth)
    }
    draws.draw(step: UInt64(step), epoch: UInt64(epoch))
    let pass = makePass(rows: rows.count, .training(seed: seed, step: UInt64(step), progress: progress))
    layers.forward(pass, input: batch.inputs.base)
    let value = loss.value(
      logits: layers.output, targets: batch.targets.base, rows: rows.count, outputs: specification.outputs,
      gradient: layers.outputGradient)
    gradientBuffer.base.update(repeating: 0, count: parameterCount)
    layers.backward(pass, input: batch.inputs.base)
    for penalty in bendPenalties {
      penalty.addGradient(parameters: parameterBuffer.base, gradients: gradientBuffer.base)
    }
    lastGradientNorm = gradientNorm()
    return value
  }

  private func gradientNorm() -> Double {
    let squares = sums.pointee.sum_of_squares(gradientBuffer.base, parameterCount)
    if squares.isFinite { return squares.squareRoot() }
    // A square may be out of the range of single precision when the norm is not.
    return ck_reduce_reference().pointee.sum_of_squares(gradientBuffer.base, parameterCount).squareRoot()
  }

  private func update(_ learningRateFactor: Float) {
    var scale: Float = 1
    if let clipNorm, lastGradientNorm > clipNorm { scale = Float(clipNorm / lastGradientNorm) }
    let update = Update(parameters: parameterBuffer.base, gradients: gradientBuffer.base, scale: scale)
    optimizer.beginUpdate()
    for var group in groups {
      group.learningRate *= learningRateFactor
      optimizer.apply(update, to: group)
    }
  }

  func makePass(rows: Int, _ purpose: Pass.Purpose) -> Pass {
    Pass(
      rows: rows, purpose: purpose, parameters: parameterBuffer.base, gradients: gradientBuffer.base,
      combination: draws.combination)
  }

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
          UnsafeMutableBufferPointer(start: start, count: entry.inputs * entry.outputs), inputs: entry.inputs,
          outputs: entry.outputs, gain: specification.gain(ofLayer: index), from: &stream)
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
        Initializer.auto.fill(
          UnsafeMutableBufferPointer(start: weights, count: inputs * outputs), inputs: inputs,
          outputs: outputs,
          gain: isLast ? 0.01 : 1, from: &stream)
        weights += (inputs + 1) * outputs
      }
    }
  }
}
