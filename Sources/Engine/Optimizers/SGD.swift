// Stochastic gradient descent, plain, with momentum, or with Nesterov's.

/// v ← μ·v + g + λ·p; p ← p − η·v, or with Nesterov p ← p − η·(g + λ·p + μ·v) (Sutskever et al., ICML 2013).
final class SGD: Optimizer {
  private let momentum: Float
  private let nesterov: Bool
  private let velocity: FloatBuffer

  init(momentum: Double, nesterov: Bool, parameterCount: Int) {
    self.momentum = Float(momentum)
    self.nesterov = nesterov
    velocity = FloatBuffer(count: parameterCount)
  }

  func beginUpdate() {}

  func apply(_ update: Update, to group: UpdateGroup) {
    let (parameters, velocity) = (update.parameters, velocity.base)
    for index in group.range {
      let gradient = update.gradients[index] * update.scale + group.weightDecay * parameters[index]
      velocity[index] = momentum * velocity[index] + gradient
      let direction = nesterov ? gradient + momentum * velocity[index] : velocity[index]
      parameters[index] -= group.learningRate * direction
    }
  }
}
