// The gated recurrent cell, with the reset gate behind the recurrent product or before it.

import CKernels

/// z, r = γ(·); hₜ = z ⊙ hₜ₋₁ + (1 − z) ⊙ a (Cho et al. 2014, arXiv 1406.1078; z keeps the old state). With
/// `resetAfter` a = φ(X + r ⊙ (hₜ₋₁·R + b′)), else a = φ(X + (r ⊙ hₜ₋₁)·R). The order is z r c.
struct GRUCell: RecurrentCell {
  let resetAfter: Bool

  static var blocks: Int { 3 }
  static var candidate: Int { 2 }
  var hasState: Bool { false }
  var hasAside: Bool { true }
  var hasOwnRecurrentGradient: Bool { resetAfter }

  func forward(_ step: RecurrentStep) {
    step.addRecurrent(step.before, toCandidate: false)
    step.applyGates()
    if resetAfter { step.writeRecurrent(step.before, to: step.aside) }
    var (shape, values) = (step.shape(resetsAfter: resetAfter), step.values)
    step.cells.pointee.gru_forward(&shape, &values)
    if isOnePass(step) { return }
    if !resetAfter { step.addRecurrent(step.aside, toCandidate: true) }
    step.applyCandidate()
    step.cells.pointee.gru_output(&shape, &values)
  }

  /// Whether nothing of the step lies between the passes of its kernels.
  private func isOnePass(_ step: RecurrentStep) -> Bool { resetAfter && step.functions.hasTanhCandidate }

  func backward(_ step: RecurrentStep) {
    let dh = step.outputGradient
    var (shape, values) = (step.shape(resetsAfter: resetAfter), step.values)
    var gradients = step.gradients()
    step.cells.pointee.gru_backward(&shape, &values, &gradients)
    if !isOnePass(step) {
      step.differentiateCandidate(step.scratch)
      if !resetAfter {
        step.returnGradient(step.candidateGradient, ofCandidate: true, beta: 0, to: step.scratch)
      }
      gradients = step.gradients(isDifferentiated: true)
      step.cells.pointee.gru_reset_gradient(&shape, &values, &gradients)
    }
    step.differentiateGates(step.gateScratch)
    step.returnGradient(step.gateGradient, ofCandidate: false, beta: 1, to: dh)
    if resetAfter { step.returnGradient(step.asideGradient, ofCandidate: true, beta: 1, to: dh) }
  }
}

extension LayerSpecification {
  /// A gated recurrent layer whose candidate has the activation of this index (nil: the identity), and whose gates have
  /// another (nil: the sigmoid).
  ///
  /// - Parameter resetAfter: whether the reset gate weighs the recurrent product, which then has a bias of its own, or the
  ///   state before it.
  public static func gru(
    units: Int, activation: Int?, gates: Int? = nil, resetAfter: Bool = true,
    _ options: RecurrentOptions = .init()
  ) -> LayerSpecification {
    LayerSpecification(
      RecurrentDescription(
        name: "gru", cell: GRUCell(resetAfter: resetAfter), units: units,
        activation: activation, gates: gates, output: .tanh, options: options))
  }
}
