// The long short-term memory cell.

/// i, f, o = γ(·), a = φ(·); cₜ = f ⊙ cₜ₋₁ + i ⊙ a; hₜ = o ⊙ φ_out(cₜ) (Hochreiter and Schmidhuber 1997; Gers 2000). The
/// weights have the order i f c o, the gates' matrices i f o.
struct LSTMCell: RecurrentCell {
  static var blocks: Int { 4 }
  static var candidate: Int { 2 }
  var hasState: Bool { true }
  var hasAside: Bool { false }
  var hasOwnRecurrentGradient: Bool { false }

  func forward(_ step: RecurrentStep) {
    let units = step.layout.units
    step.addRecurrent(step.before, toCandidate: false)
    step.addRecurrent(step.before, toCandidate: true)
    step.applyGates()
    step.applyCandidate()
    for row in 0..<step.rows {
      let (gates, start) = (step.gateValues + row * 3 * units, row * units)
      for unit in 0..<units {
        step.state[start + unit] =
          gates[units + unit] * step.stateBefore[start + unit]
          + gates[unit] * step.candidateValue[start + unit]
      }
    }
    step.applyOutput()
    for row in 0..<step.rows {
      let (open, start) = (step.gateValues + (row * 3 + 2) * units, row * units)
      for unit in 0..<units { step.output[start + unit] = open[unit] * step.stateValue[start + unit] }
    }
  }

  func backward(_ step: RecurrentStep) {
    let units = step.layout.units
    let (dh, dc, scratch) = (step.outputGradient, step.stateGradient, step.scratch)
    for row in 0..<step.rows {
      let (open, start) = (step.gateValues + (row * 3 + 2) * units, row * units)
      for unit in 0..<units { scratch[start + unit] = dh[start + unit] * open[unit] }
    }
    step.differentiateOutput(scratch)
    for row in 0..<step.rows {
      let (gates, start) = (step.gateValues + row * 3 * units, row * units)
      let slopes = step.gateScratch + row * 3 * units
      for unit in 0..<units {
        let place = start + unit
        let gradient = dc[place] + scratch[place]
        slopes[unit] = gradient * step.candidateValue[place]
        slopes[units + unit] = gradient * step.stateBefore[place]
        slopes[2 * units + unit] = dh[place] * step.stateValue[place]
        scratch[place] = gradient * gates[unit]
        dc[place] = gradient * gates[units + unit]
      }
    }
    step.differentiateGates(step.gateScratch)
    step.differentiateCandidate(scratch)
    step.returnGradient(step.gateGradient, ofCandidate: false, beta: 0, to: dh)
    step.returnGradient(step.candidateGradient, ofCandidate: true, beta: 1, to: dh)
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
