// Adam, and AdamW, which differs in where weight decay enters.

import Glibc

/// m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; p ← p − η·m̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ)
/// (arXiv 1412.6980). AdamW takes η·λ·p off the parameters first (arXiv 1711.05101).
final class Adam: Optimizer {
  enum Decay {
    /// λ·p is added to the gradient.
    case coupled
    /// η·λ·p is taken off the parameter.
    case decoupled
  }

  private let beta1: Double
  private let beta2: Double
  private let epsilon: Float
  private let decay: Decay
  private let first: FloatBuffer
  private let second: FloatBuffer
  private var updates = 0.0
  /// 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ).
  private var corrections: (first: Float, second: Float) = (1, 1)

  init(_ beta1: Double, _ beta2: Double, epsilon: Double, decay: Decay, parameterCount: Int) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = Float(epsilon)
    self.decay = decay
    first = FloatBuffer(count: parameterCount)
    second = FloatBuffer(count: parameterCount)
  }

  func beginUpdate() {
    updates += 1
    corrections = (Float(1 / (1 - pow(beta1, updates))), Float((1 / (1 - pow(beta2, updates))).squareRoot()))
  }

  func apply(_ update: Update, to group: UpdateGroup) {
    let (parameters, first, second) = (update.parameters, first.base, second.base)
    let (keep1, keep2) = (Float(beta1), Float(beta2))
    let (take1, take2) = (Float(1 - beta1), Float(1 - beta2))
    let coupled = decay == .coupled ? group.weightDecay : 0
    let shrink = decay == .decoupled ? 1 - group.learningRate * group.weightDecay : 1
    for index in group.range {
      let gradient = update.gradients[index] * update.scale + coupled * parameters[index]
      first[index] = keep1 * first[index] + take1 * gradient
      second[index] = keep2 * second[index] + take2 * gradient * gradient
      let step =
        first[index] * corrections.first / (second[index].squareRoot() * corrections.second + epsilon)
      parameters[index] = shrink * parameters[index] - group.learningRate * step
    }
  }
}
