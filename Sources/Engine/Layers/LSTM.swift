// The long short-term memory cell.

import CKernels

/// i, f, o = γ(·), a = φ(·); cₜ = f ⊙ cₜ₋₁ + i ⊙ a; hₜ = o ⊙ φ_out(cₜ) (Hochreiter and Schmidhuber 1997; Gers 2000). The
/// weights have the order i f c o, the gates' matrices i f o.
struct LSTMCell: RecurrentCell {
  static var blocks: Int { 4 }
  static var candidate: Int { 2 }
  var hasState: Bool { true }
  var hasAside: Bool { false }
  var hasOwnRecurrentGradient: Bool { false }

  func forward(_ step: RecurrentStep) {
    step.addRecurrent(step.before, toCandidate: false)
    step.addRecurrent(step.before, toCandidate: true)
    step.applyGates()
    step.applyCandidate()
    var (shape, values) = (step.shape(), step.values)
    step.cells.pointee.lstm_forward(&shape, &values)
    if step.functions.hasTanhOutput { return }
    step.applyOutput()
    step.cells.pointee.lstm_output(&shape, &values)
  }

  func backward(_ step: RecurrentStep) {
    var (shape, values, gradients) = (step.shape(), step.values, step.gradients())
    if !step.functions.hasTanhOutput {
      step.cells.pointee.lstm_output_gradient(&shape, &values, &gradients)
      step.differentiateOutput(step.scratch)
    }
    step.cells.pointee.lstm_backward(&shape, &values, &gradients)
    step.differentiateGates(step.gateScratch)
    step.differentiateCandidate(step.scratch)
    step.returnGradient(step.gateGradient, ofCandidate: false, beta: 0, to: step.outputGradient)
    step.returnGradient(step.candidateGradient, ofCandidate: true, beta: 1, to: step.outputGradient)
  }
}

extension LayerSpecification {
  /// What makes the output of an LSTM of its cell state.
  public enum OutputActivation: Sendable, Hashable {
    case tanh
    /// The candidate's function with the same parameters.
    case shared
    /// The activation of this index.
    case own(Int)
  }

  /// A long short-term memory whose candidate has the activation of this index (nil: the identity), and whose gates have
  /// another (nil: the sigmoid).
  public static func lstm(
    units: Int, activation: Int?, gates: Int? = nil, output: OutputActivation = .tanh,
    _ options: RecurrentOptions = .init()
  ) -> LayerSpecification {
    LayerSpecification(
      RecurrentDescription(
        name: "lstm", cell: LSTMCell(), units: units, activation: activation, gates: gates, output: output,
        options: options))
  }
}
