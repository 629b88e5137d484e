// RMSprop: steps divided by a running root mean square of the gradient.

import CKernels

/// s ← ρ·s + (1 − ρ)·g²; v ← μ·v + g/(√s + ε); p ← p − η·v (Tieleman and Hinton, Coursera lecture 6.5, 2012).
package struct RMSprop: Optimizer {
  /// ρ.
  package var decay = 0.99
  /// ε.
  package var epsilon = 1e-8
  /// μ; 0: none.
  package var momentum = 0.0

  package static let name = "rmsprop"
  package static let settings: [OptimizerSetting<Self>] = [
    OptimizerSetting("decay", .number(\.decay, in: 0...0.999_999)),
    OptimizerSetting("epsilon", .positive(\.epsilon)),
    OptimizerSetting("momentum", .number(\.momentum, in: 0...0.9999)),
  ]

  package init() {}

  /// With these settings.
  package init(momentum: Double) { self.momentum = momentum }

  package var valuesPerParameter: Int { 2 }

  package func makeRule(
    _ specification: OptimizerSpecification, blocks: [ParameterBlock], parameterCount: Int
  ) -> StepRule {
    .gradient(RMSpropState(self, parameterCount: parameterCount))
  }
}

private final class RMSpropState: OptimizerState {
  private let decay: Double
  private let epsilon: Float
  private let momentum: Float
  private let kernels = ck_update_current()
  private let squares: FloatBuffer
  private let velocity: FloatBuffer

  init(_ settings: RMSprop, parameterCount: Int) {
    decay = settings.decay
    epsilon = Float(settings.epsilon)
    momentum = Float(settings.momentum)
    squares = FloatBuffer(count: parameterCount)
    velocity = FloatBuffer(count: parameterCount)
  }

  var moments: [FloatBuffer] { [squares, velocity] }

  func beginUpdate() {}

  func apply(_ update: Update, to group: UpdateGroup) {
    let start = group.range.lowerBound
    var step = ck_rmsprop_step(
      rate: group.learningRate, scale: update.scale, decay: group.weightDecay, keep: Float(decay),
      take: Float(1 - decay), epsilon: epsilon, momentum: momentum)
    kernels.pointee.rmsprop(
      update.parameters + start, update.gradients + start, squares.base + start, velocity.base + start,
      group.range.count, &step)
  }
}
