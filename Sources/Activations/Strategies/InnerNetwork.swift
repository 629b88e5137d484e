// The small network of the `network` strategy: its expression and the initial values that make it train well.

import Glibc

/// A multilayer perceptron from x to one number, written as an expression with one named parameter per weight.
struct InnerNetwork {
  let widths: [Int]
  let inner: Activation
  let base: Activation?

  /// Weights and offsets of every layer, and the read-out.
  var parameterCount: Int {
    zip([1] + widths, widths + [1]).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  /// About how many nodes its expression has: a unit writes out the layer before it wherever the inner function has x.
  var writtenNodes: Double {
    let places = Double(inner.expression.occurrencesOfX)
    var (unit, width) = (1.0, 1.0)
    for next in widths {
      unit = places * width * (unit + 3)
      width = Double(next)
    }
    return unit * width
  }

  /// The network as an activation with initial values drawn from the seed.
  ///
  /// Hidden units sit at centres spread over [−2.5, 2.5] with slopes of either sign. The read-out is fitted by
  /// ridge regression to a wave that rises through 0, turns near 1 and −3 and is not odd, so that training finds
  /// monotone and non-monotone shapes near by (one such neuron learns XOR). It is slow, because layers of a faster
  /// one memorise their training rows. With a base, the read-out is fitted to a tenth of that wave.
  func activation(seed: UInt64) -> Activation {
    var random = SplitMix(seed: seed)
    var parameters: [Parameter] = []
    var units: [Expression] = [.x]
    for (layer, width) in widths.enumerated() {
      let depth = layer + 1
      units = (1...width).map { unit in
        let suffix = depth == 1 ? "" : String(depth)
        var sum: [Expression] = []
        for (index, input) in units.enumerated() {
          let name = depth == 1 ? "w_\(unit)" : "w\(suffix)_\(unit)_\(index + 1)"
          let scale = depth == 1 ? 1 : 1.5 / Double(units.count).squareRoot()
          let initial = depth == 1 ? (0.8 + 0.8 * random.uniform()) * random.sign() : scale * random.normal()
          parameters.append(Parameter(name, initial: initial))
          sum.append(.parameter(name) * input)
        }
        let centre = 5 * (Double(unit) - 0.5) / Double(width) - 2.5 + 0.25 * (2 * random.uniform() - 1)
        let offset = depth == 1 ? -centre * (parameters.last?.initial ?? 1) : 2 * random.uniform() - 1
        parameters.append(Parameter("c\(suffix)_\(unit)", initial: offset))
        return inner.expression.substituting {
          $0 == .x ? sum.sum + .parameter("c\(suffix)_\(unit)") : $0
        }
      }
    }
    let readout = fittedReadout(of: units, parameters: parameters)
    var terms: [Expression] = [.parameter("d")]
    for (index, unit) in units.enumerated() {
      parameters.append(Parameter("v_\(index + 1)", initial: readout[index]))
      terms.append(.parameter("v_\(index + 1)") * unit)
    }
    parameters.append(Parameter("d", initial: readout[units.count]))
    if let base { terms.append(base.expression) }
    return Activation(
      "network", "a small network from one number to one number", terms.sum, parameters: parameters,
      kinks: base?.kinks ?? [], smoothness: inner.smoothness, source: "doi:10.1016/j.neucom.2019.08.065")
  }

  /// Read-out weights and offset that make the units' sum resemble the wanted shape under N(0, 1.5²).
  private func fittedReadout(of units: [Expression], parameters: [Parameter]) -> [Double] {
    var graph = Graph()
    let nodes = units.map { graph.lower($0, parameters: parameters.map(\.name)) }
    var normal = RidgeRegression(size: units.count + 1, ridge: 1e-3)
    let points = (-60...60).map { Double($0) / 15 }
    let values = PointEvaluator(graph, outputs: nodes)
      .evaluate(at: points, parameters: parameters.map(\.initial))
    for (index, x) in points.enumerated() {
      let weight = Glibc.exp(-x * x / 4.5)
      normal.add(
        values.map { $0[index] } + [1], target: (base == nil ? 1 : 0.1) * wave(x), weight: weight)
    }
    return normal.solved()
  }

  private func wave(_ x: Double) -> Double { Glibc.sin(0.6 * x) + 0.5 * Glibc.cos(x) }
}

/// A small counter-based generator (SplitMix64, Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): equal
/// seeds give equal values on every machine.
private struct SplitMix {
  private var counter: UInt64

  init(seed: UInt64) { counter = seed }

  mutating func uniform() -> Double {
    counter &+= 0x9E37_79B9_7F4A_7C15
    var bits = counter
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
  }

  mutating func sign() -> Double { uniform() < 0.5 ? -1 : 1 }

  /// By Box and Muller's method.
  mutating func normal() -> Double {
    let radius = (-2 * Glibc.log(1 - uniform())).squareRoot()
    return radius * Glibc.cos(2 * .pi * uniform())
  }
}
