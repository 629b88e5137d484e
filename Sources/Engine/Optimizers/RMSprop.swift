// RMSprop: steps divided by a running root mean square of the gradient.

/// s ← ρ·s + (1 − ρ)·g²; v ← μ·v + g/(√s + ε); p ← p − η·v (Tieleman and Hinton, Coursera lecture 6.5, 2012).
final class RMSprop: Optimizer {
  private let decay: Double
  private let epsilon: Float
  private let momentum: Float
  private let squares: FloatBuffer
  private let velocity: FloatBuffer

  init(decay: Double, epsilon: Double, momentum: Double, parameterCount: Int) {
    self.decay = decay
    self.epsilon = Float(epsilon)
    self.momentum = Float(momentum)
    squares = FloatBuffer(count: parameterCount)
    velocity = FloatBuffer(count: parameterCount)
  }

  func beginUpdate() {}

  func apply(_ update: Update, to group: UpdateGroup) {
    let (parameters, squares, velocity) = (update.parameters, squares.base, velocity.base)
    let (keep, take) = (Float(decay), Float(1 - decay))
    for index in group.range {
      let gradient = update.gradients[index] * update.scale + group.weightDecay * parameters[index]
      squares[index] = keep * squares[index] + take * gradient * gradient
      velocity[index] = momentum * velocity[index] + gradient / (squares[index].squareRoot() + epsilon)
      parameters[index] -= group.learningRate * velocity[index]
    }
  }
}
