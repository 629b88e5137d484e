// The simple recurrent cell: h = φ(x·W + h·R + b).

/// hₜ = φ(xₜ·W + hₜ₋₁·R + b) (Elman 1990).
struct RNNCell: RecurrentCell {
  static var blocks: Int { 1 }
  static var candidate: Int { 0 }
  var hasState: Bool { false }
  var hasAside: Bool { false }
  var hasOwnRecurrentGradient: Bool { false }

  func forward(_ step: RecurrentStep) {
    step.addRecurrent(step.before, toCandidate: true)
    step.functions.candidate.forward(step.call, x: step.candidate, y: step.output)
  }

  func backward(_ step: RecurrentStep) {
    step.differentiateCandidate(step.outputGradient)
    step.returnGradient(step.candidateGradient, ofCandidate: true, beta: 0, to: step.outputGradient)
  }
}

extension LayerSpecification {
  /// hₜ = φ(xₜ·W + hₜ₋₁·R + b) with φ the activation of this index; nil: the identity.
  public static func rnn(units: Int, activation: Int?, _ options: RecurrentOptions = .init())
    -> LayerSpecification
  {
    LayerSpecification(
      RecurrentDescription(
        name: "rnn", cell: RNNCell(), units: units, activation: activation, gates: nil, output: .tanh,
        options: options))
  }
}
