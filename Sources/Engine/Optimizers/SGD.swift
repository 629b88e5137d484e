// Stochastic gradient descent, plain, with momentum, or with Nesterov's.

import CKernels

/// v ← μ·v + g + λ·p; p ← p − η·v, or with Nesterov p ← p − η·(g + λ·p + μ·v) (Sutskever et al., ICML 2013).
package struct SGD: Optimizer {
  /// μ; 0: none.
  package var momentum = 0.0
  /// Whether the gradient is taken where the momentum leads.
  package var nesterov = false

  package static let name = "sgd"
  package static let settings: [OptimizerSetting<Self>] = [
    OptimizerSetting("momentum", .number(\.momentum, in: 0...0.9999)),
    OptimizerSetting("nesterov", .flag(\.nesterov)),
  ]

  package init() {}

  /// With these settings.
  package init(momentum: Double, nesterov: Bool = false) {
    self.momentum = momentum
    self.nesterov = nesterov
  }

  package var contradiction: (setting: String, detail: String)? {
    nesterov && momentum == 0 ? ("nesterov", "needs a momentum above 0") : nil
  }

  package var valuesPerParameter: Int { momentum == 0 ? 0 : 1 }

  package func makeRule(
    _ specification: OptimizerSpecification, blocks: [ParameterBlock], parameterCount: Int
  ) -> StepRule {
    .gradient(SGDState(self, parameterCount: parameterCount))
  }
}

private final class SGDState: OptimizerState {
  private let momentum: Float
  private let nesterov: Bool
  private let kernels = ck_update_current()
  /// Absent without momentum: v is then the gradient itself.
  private let velocity: FloatBuffer?

  init(_ settings: SGD, parameterCount: Int) {
    momentum = Float(settings.momentum)
    nesterov = settings.nesterov
    velocity = momentum == 0 ? nil : FloatBuffer(count: parameterCount)
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
