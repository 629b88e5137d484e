// Adam, and AdamW, which differs in where weight decay enters.

import CKernels
import Glibc

/// What Adam and AdamW have in common.
package protocol AdamSettings: Optimizer {
  /// β₁, the share of the mean gradient that is kept.
  var beta1: Double { get set }
  /// β₂, the share of the mean square that is kept.
  var beta2: Double { get set }
  /// ε.
  var epsilon: Double { get set }
  /// Where weight decay enters.
  static var decay: WeightDecayPlace { get }
}

/// Where weight decay enters an update.
package enum WeightDecayPlace: Sendable {
  /// λ·p is added to the gradient.
  case coupled
  /// η·λ·p is taken off the parameter.
  case decoupled
}

extension AdamSettings {
  package static var settings: [OptimizerSetting<Self>] {
    [
      OptimizerSetting("beta1", .number(\.beta1, in: 0...0.999_999)),
      OptimizerSetting("beta2", .number(\.beta2, in: 0...0.999_999)),
      OptimizerSetting("epsilon", .positive(\.epsilon)),
    ]
  }

  package var valuesPerParameter: Int { 2 }

  package func makeRule(
    _ specification: OptimizerSpecification, blocks: [ParameterBlock], parameterCount: Int
  ) -> StepRule {
    .gradient(AdamState(self, parameterCount: parameterCount))
  }
}

/// Adam (arXiv 1412.6980); weight decay is added to the gradient.
package struct Adam: AdamSettings {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8

  package static let name = "adam"
  package static let decay = WeightDecayPlace.coupled

  package init() {}

  /// With these settings.
  package init(beta1: Double, beta2: Double, epsilon: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }
}

/// Adam with weight decay taken off the parameters instead (arXiv 1711.05101).
package struct AdamW: AdamSettings {
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8

  package static let name = "adamw"
  package static let decay = WeightDecayPlace.decoupled

  package init() {}
}

/// m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; p ← p − η·m̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ)
/// (arXiv 1412.6980). AdamW takes η·λ·p off the parameters first (arXiv 1711.05101).
private final class AdamState: OptimizerState {
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Float
  private let decay: WeightDecayPlace
  private let kernels = ck_update_current()
  private let first: FloatBuffer
  private let second: FloatBuffer
  var updates = 0.0
  /// Of moments that began with the first update: 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ).
  private var corrections: (first: Float, second: Float) = (1, 1)

  init<Settings: AdamSettings>(_ settings: Settings, parameterCount: Int) {
    beta1 = settings.beta1
    beta2 = settings.beta2
    epsilon = Float(settings.epsilon)
    decay = Settings.decay
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
