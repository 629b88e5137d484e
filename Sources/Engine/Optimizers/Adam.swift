// Adam, and AdamW, which differs in where weight decay enters.

import CKernels
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
  private let kernels = ck_update_current()
  private let first: FloatBuffer
  private let second: FloatBuffer
  var updates = 0.0
  /// Of moments that began with the first update: 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ).
  private var corrections: (first: Float, second: Float) = (1, 1)

  init(_ beta1: Double, _ beta2: Double, epsilon: Double, decay: Decay, parameterCount: Int) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = Float(epsilon)
    self.decay = decay
    first = FloatBuffer(count: parameterCount)
    second = FloatBuffer(count: parameterCount)
  }

  var moments: [FloatBuffer] { [first, second] }

  func beginUpdate() {
    updates += 1
    corrections = corrections(after: updates)
  }

  private func corrections(after updates: Double) -> (first: Float, second: Float) {
    (Float(1 / (1 - pow(beta1, updates))), Float((1 / (1 - pow(beta2, updates))).squareRoot()))
  }

  func apply(_ update: Update, to group: UpdateGroup) {
    let start = group.range.lowerBound
    let corrections = group.start == 0 ? corrections : corrections(after: updates - group.start)
    var step = ck_adam_step(
      rate: group.learningRate, scale: update.scale,
      coupled_decay: decay == .coupled ? group.weightDecay : 0,
      shrink: decay == .decoupled ? 1 - group.learningRate * group.weightDecay : 1,
      keep1: Float(beta1), take1: Float(1 - beta1), keep2: Float(beta2), take2: Float(1 - beta2),
      correction1: corrections.first, correction2: corrections.second, epsilon: epsilon)
    kernels.pointee.adam(
      update.parameters + start, update.gradients + start, first.base + start, second.base + start,
      group.range.count, &step)
  }
}
