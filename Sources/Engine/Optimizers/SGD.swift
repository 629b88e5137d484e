// Stochastic gradient descent, plain, with momentum, or with Nesterov's.

import CKernels

/// v ← μ·v + g + λ·p; p ← p − η·v, or with Nesterov p ← p − η·(g + λ·p + μ·v) (Sutskever et al., ICML 2013).
final class SGD: Optimizer {
  private let momentum: Float
  private let nesterov: Bool
  private let kernels = ck_update_current()
  /// Absent without momentum: v is then the gradient itself.
  private let velocity: FloatBuffer?

  init(momentum: Double, nesterov: Bool, parameterCount: Int) {
    self.momentum = Float(momentum)
    self.nesterov = nesterov
    velocity = self.momentum == 0 ? nil : FloatBuffer(count: parameterCount)
  }

  var moments: [FloatBuffer] { velocity.map { [$0] } ?? [] }

  func beginUpdate() {}

  func apply(_ update: Update, to group: UpdateGroup) {
    let start = group.range.lowerBound
    var step = ck_sgd_step(
      rate: group.learningRate, scale: update.scale, decay: group.weightDecay, momentum: momentum,
      nesterov: nesterov)
    kernels.pointee.sgd(
      update.parameters + start, update.gradients + start, velocity.map { $0.base + start },
      group.range.count, &step)
  }
}
