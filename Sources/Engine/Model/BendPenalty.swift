// The penalty on a spline's bends, which adds to the gradient and not to the reported loss.

import Activations

/// The gradient of weight · Σ |pₖ₋₁ − 2pₖ + pₖ₊₁|, the second-order total variation of each parameter set (Bohra et al.
/// 2020, doi:10.1109/OJSP.2020.3039379).
struct BendPenalty {
  /// Where the parameters begin in the flat vectors, laid out [parameter][set].
  let offset: Int
  let count: Int
  let sets: Int
  let weight: Float

  /// The penalties of a model, each parameter vector once however many layers share it.
  static func all(_ plan: ModelPlan, _ specification: ModelSpecification) -> [BendPenalty] {
    var penalties: [Int: BendPenalty] = [:]
    for (_, site) in plan.sites {
      let activation = specification.activations[site.activation]
      guard activation.bendPenalty > 0, case .single(let function) = activation.kind else { continue }
      penalties[site.offset] = BendPenalty(
        offset: site.offset, count: function.parameters.count,
        sets: activation.granularity == .unit ? site.units : 1, weight: Float(activation.bendPenalty))
    }
    return penalties.values.sorted { $0.offset < $1.offset }
  }

  /// The penalty itself, for rules that compare values.
  func value(parameters: UnsafePointer<Float>) -> Double {
    var sum = 0.0
    for set in 0..<sets {
      for k in 1..<count - 1 {
        let place = offset + k * sets + set
        let (before, here) = (Double(parameters[place - sets]), Double(parameters[place]))
        sum += abs(before - 2 * here + Double(parameters[place + sets]))
      }
    }
    return Double(weight) * sum
  }

  func addGradient(parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>) {
    for set in 0..<sets {
      for k in 1..<count - 1 {
        let place = offset + k * sets + set
        let bend = parameters[place - sets] - 2 * parameters[place] + parameters[place + sets]
        let slope: Float = bend > 0 ? weight : bend < 0 ? -weight : 0
        gradients[place - sets] += slope
        gradients[place] -= 2 * slope
        gradients[place + sets] += slope
      }
    }
  }
}
