// The gated recurrent cell, with the reset gate behind the recurrent product or before it.

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
    let units = step.layout.units
    step.addRecurrent(step.before, toCandidate: false)
    step.applyGates()
    if resetAfter { step.writeRecurrent(step.before, to: step.aside) }
    for row in 0..<step.rows {
      let (reset, start) = (step.gateValues + (row * 2 + 1) * units, row * units)
      for unit in 0..<units {
        let place = start + unit
        if resetAfter {
          step.candidate[place] += reset[unit] * step.aside[place]
        } else {
          step.aside[place] = reset[unit] * step.before[place]
        }
      }
    }
    if !resetAfter { step.addRecurrent(step.aside, toCandidate: true) }
    step.applyCandidate()
    for row in 0..<step.rows {
      let (update, start) = (step.gateValues + row * 2 * units, row * units)
      for unit in 0..<units {
        let place = start + unit
        step.output[place] =
          update[unit] * step.before[place] + (1 - update[unit]) * step.candidateValue[place]
      }
    }
  }

  func backward(_ step: RecurrentStep) {
    let units = step.layout.units
    let (dh, scratch) = (step.outputGradient, step.scratch)
    for row in 0..<step.rows {
      let (update, start) = (step.gateValues + row * 2 * units, row * units)
      let slopes = step.gateScratch + row * 2 * units
      for unit in 0..<units {
        let place = start + unit
        slopes[unit] = dh[place] * (step.before[place] - step.candidateValue[place])
        scratch[place] = dh[place] * (1 - update[unit])
        dh[place] *= update[unit]
      }
    }
    step.differentiateCandidate(scratch)
    if !resetAfter {
      step.returnGradient(step.candidateGradient, ofCandidate: true, beta: 0, to: scratch)
    }
    for row in 0..<step.rows {
      let (reset, start) = (step.gateValues + (row * 2 + 1) * units, row * units)
      let slopes = step.gateScratch + (row * 2 + 1) * units
      for unit in 0..<units {
        let place = start + unit
        if resetAfter {
          slopes[unit] = step.candidateGradient[place] * step.aside[place]
          step.asideGradient[place] = step.candidateGradient[place] * reset[unit]
        } else {
          slopes[unit] = scratch[place] * step.before[place]
          dh[place] += scratch[place] * reset[unit]
        }
      }
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
