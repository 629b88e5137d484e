// RMSprop: steps divided by a running root mean square of the gradient.

import CKernels

/// s ← ρ·s + (1 − ρ)·g²; v ← μ·v + g/(√s + ε); p ← p − η·v (Tieleman and Hinton, Coursera lecture 6.5, 2012).
final class RMSprop: Optimizer {
  private let decay: Double
  private let epsilon: Float
  private let momentum: Float
  private let kernels = ck_update_current()
  private let squares: FloatBuffer
  private let velocity: FloatBuffer

  init(decay: Double, epsilon: Double, momentum: Double, parameterCount: Int) {
    self.decay = decay
    self.epsilon = Float(epsilon)
    self.momentum = Float(momentum)
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
