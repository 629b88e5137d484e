// `kernel`: a trained sum of bumps around a fixed dictionary of centres.

import Glibc
import Text

/// A kernel activation function Σ aᵢ K(x − dᵢ) + r x over evenly spaced centres dᵢ, started as a named function.
///
/// Source: Scardapane et al. 2019, arXiv:1707.04035.
package struct KernelStrategy: ActivationStrategy {
  /// The shape of one bump around its centre d.
  package enum Kernel: String, Sendable, OptionWord {
    /// exp(−γ (x − d)²) with γ = 1/(6 Δ²), Δ the distance of the centres: the paper's rule.
    case gaussian
    /// softplus(x − d): linear beyond the centres.
    case softplus
  }

  /// How many centres the dictionary has.
  package var size = 20
  /// The first and the last centre.
  package var range = [-3.0, 3.0]
  /// The shape of one bump.
  package var kernel = Kernel.gaussian
  /// Name or alias of the function that training starts from.
  package var initial = "leaky_relu"
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  package var common = CommonOptions()

  package init() {}

  package static let name = "kernel"
  package static let summary = "a trained sum of bumps around fixed centres, and a trained line below them"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("size", .integer(2...64), \.size, "how many centres there are"),
    StrategyOption("range", .interval, \.range, "the first and the last centre"),
    StrategyOption(
      "kernel", \.kernel,
      "the bump: exp(-(x - d)^2 / (6 D^2)), D the distance of the centres, or softplus(x - d)"),
    StrategyOption(
      "initial", .function(parametricOnly: false), \.initial,
      "the function that training starts from, fitted by ridge regression"),
    .granularity(\.granularity),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    guard let start = faults.activation(initial, at: ["initial"])?.frozen, faults.isEmpty else { return nil }
    let spacing = (range[1] - range[0]) / Double(size - 1)
    let bumps = (0..<size).map { index in
      let offset = .x - Expression.constant(range[0] + spacing * Double(index))
      return switch kernel {
      case .gaussian: exp(.constant(-1 / (6 * spacing * spacing)) * offset.power(2))
      case .softplus: softplus(offset)
      }
    }
    // Far from every centre the gaussian kernels vanish: there the trained line alone remains, with its gradient.
    let features = bumps + [.x]
    // Neighbouring kernels are nearly dependent: without a firm ridge their weights would be large and cancel.
    var fit = RidgeRegression(size: features.count, ridge: kernel == .gaussian ? 1e-4 : 1e-3)
    for step in -100...100 {
      let x = (range[0] + range[1]) / 2 + (range[1] - range[0]) * 0.6 * Double(step) / 100
      fit.add(features.map { $0.evaluate(x: x) }, target: start.expression.evaluate(x: x))
    }
    let names = (1...size).map { "a_\($0)" } + ["r"]
    let activation = Activation(
      "kernel", "a trained sum of bumps", zip(names, features).map { .parameter($0) * $1 }.sum,
      parameters: zip(names, fit.solved()).map { .free($0, $1) }, smoothness: .smooth, source: "")
    var specification = ActivationSpecification.single(
      activation, function: nil, granularity: granularity, common, .arrays)
    let bump =
      switch kernel {
      case .gaussian: "exp(-(x - d)^2 / \(text(of: (6 * spacing * spacing).rounded(significantDigits: 4))))"
      case .softplus: "softplus(x - d)"
      }
    specification.formula =
      "sum of a * \(bump) over \(size) centres d from \(text(of: range[0])) to \(text(of: range[1])), plus r * x"
    return specification
  }
}
