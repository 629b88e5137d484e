// The forward half of a model: parameters and layers, and what makes predictions of them.

import Activations

/// What predicts: a model's state in layers that have no gradients, no optimiser and no team.
///
/// Building one copies the state and allocates for ``capacity`` rows; nothing is drawn. Owned by one thread at a time. The
/// same state, seed and rows give the same bits as the ``Model`` that was trained, on the same instruction set.
public final class Predictor {
  /// Where everything lies.
  public let plan: ModelPlan
  /// What the model was trained by; it decides how raw outputs become predictions.
  public let loss: Loss
  /// Rows of one pass; more are taken in several.
  public let capacity: Int

  let layers: LayerStack
  let draws: RandomDraws
  let parameterBuffer: FloatBuffer
  /// Where training leaves gradients; empty for prediction.
  let gradientBuffer: FloatBuffer
  /// Running statistics of all layers, in their order.
  private let statistics: [FloatBuffer]
  /// Steps of the rows of a pass, where they differ.
  private let lengths: RowLengths
  /// Linked outputs of one chunk and their complements, averaged over passes.
  let averaged: (linked: UnsafeMutablePointer<Double>, complements: UnsafeMutablePointer<Double>)

  /// Predicts by a state.
  ///
  /// - Parameters:
  ///   - state: one that the plan accepts (``ModelPlan/accepts(_:)``).
  ///   - seed: the model's, which decides the draws of sampled averages.
  /// - Complexity: O(parameters), and memory for ``capacity`` rows of every layer.
  public convenience init(_ plan: ModelPlan, state: ModelState, loss: Loss, seed: UInt64) {
    let capacity = Self.capacity(plan)
    self.init(
      plan, loss: loss, seed: seed, memory: LayerMemory(rows: capacity, isForTraining: false))
    restore(state)
  }

  /// All parameters zero, and memory as it is asked for.
  init(_ plan: ModelPlan, loss: Loss, seed: UInt64, memory: LayerMemory) {
    let built = LayerBuilder.build(plan, seed: seed, memory: memory)
    self.plan = plan
    self.loss = loss
    capacity = memory.rows
    layers = built.stack
    draws = built.draws
    statistics = built.statistics
    parameterBuffer = FloatBuffer(count: plan.parameterCount)
    gradientBuffer = FloatBuffer(count: memory.isForTraining ? plan.parameterCount : 0)
    lengths = RowLengths(rows: capacity)
    let outputs = capacity * plan.output.count
    averaged = (.allocate(capacity: outputs), .allocate(capacity: outputs))
    averaged.linked.initialize(repeating: 0, count: outputs)
    averaged.complements.initialize(repeating: 0, count: outputs)
  }

  deinit {
    averaged.linked.deallocate()
    averaged.complements.deallocate()
  }

  /// Rows enough that matrix products are not small, unless the layers are so wide that the memory counts.
  static func capacity(_ plan: ModelPlan) -> Int { min(64, max(1, 262_144 / max(1, plan.widestOutput))) }

  /// What the model is made of.
  public var specification: ModelSpecification { plan.specification }

  // MARK: State

  /// A copy of everything that prediction needs.
  func state() -> ModelState {
    ModelState(
      parameters: Array(parameterBuffer.all), statistics: statistics.flatMap { Array($0.all) },
      selected: draws.selected,
      stages: specification.lastStages.contains { $0 > 0 } ? specification.stages : [])
  }

  /// Goes on with the running statistics and draws of a predictor whose layers are as many and as wide.
  func takeOver(_ other: Predictor) {
    for (buffer, old) in zip(statistics, other.statistics) {
      buffer.base.update(from: old.base, count: min(buffer.count, old.count))
    }
    draws.takeOver(other.draws)
  }

  /// Writes everything that prediction needs over a state, into the memory that it has where it is of this model's size and
  /// stage.
  func copyState(into state: inout ModelState) {
    guard plan.accepts(state) else {
      state = self.state()
      return
    }
    state.parameters.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: parameterBuffer.all) }
    state.statistics.withUnsafeMutableBufferPointer { buffer in
      var start = 0
      for part in statistics {
        start = buffer[start...].update(fromContentsOf: part.all)
      }
    }
    // One by one: as a whole the dictionary would be shared, and copied when the model next writes to its own.
    for activation in state.selected.keys where draws.selected[activation] == nil {
      state.selected[activation] = nil
    }
    for (activation, candidate) in draws.selected { state.selected[activation] = candidate }
  }

  func restore(_ state: ModelState) {
    precondition(plan.accepts(state), "the state belongs to another model")
    _ = parameterBuffer.all.update(fromContentsOf: state.parameters)
    var rest = state.statistics[...]
    for buffer in statistics {
      _ = buffer.all.update(fromContentsOf: rest.prefix(buffer.count))
      rest = rest.dropFirst(buffer.count)
    }
    draws.selected = state.selected
  }

  // MARK: Passes

  /// Keeps the lengths of a pass's rows: those that are given, or those that padding tokens tell; nil where all rows have as
  /// many steps.
  ///
  /// - Parameters:
  ///   - inputs: all rows of the data.
  ///   - lengths: as many, or nil.
  ///   - order: which rows of the data are those of the pass; nil: the first ones.
  func measureLengths(
    _ inputs: UnsafePointer<Float>, _ lengths: UnsafePointer<Int32>?, rows: Int,
    order: UnsafeBufferPointer<Int32>? = nil
  ) -> UnsafePointer<Int32>? {
    guard lengths != nil || plan.masksZero else { return nil }
    let width = specification.inputs
    for position in 0..<rows {
      let row = order.map { Int($0[position]) } ?? position
      if let lengths {
        self.lengths.base[position] = lengths[row]
      } else {
        let tokens = inputs + row * width
        var length = width
        while length > 1, tokens[length - 1] == 0 { length -= 1 }
        self.lengths.base[position] = Int32(length)
      }
    }
    return UnsafePointer(self.lengths.base)
  }

  func makePass(rows: Int, _ purpose: Pass.Purpose) -> Pass {
    Pass(
      rows: rows, blockRows: layers.blockRows(rows: rows), purpose: purpose, parameters: parameterBuffer.base,
      gradients: gradientBuffer.base, combination: draws.combination)
  }

  /// A pass forward on the caller's thread.
  func forward(_ pass: Pass, input: UnsafePointer<Float>) { layers.forward(pass, input: input) }
}
