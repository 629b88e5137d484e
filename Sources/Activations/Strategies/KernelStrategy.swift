// `kernel`: a trained sum of bumps around a fixed dictionary of centres.

import Glibc
import Text

/// A kernel activation function Σ aᵢ K(x − dᵢ) + r x over evenly spaced centres dᵢ, started as a named function.
///
/// Source: Scardapane et al. 2019, arXiv:1707.04035.
public struct KernelStrategy: Sendable, Hashable {
  public enum Kernel: String, Sendable, CaseIterable {
    /// exp(−γ (x − d)²) with γ = 1/(6 Δ²), Δ the distance of the centres: the paper's rule.
    case gaussian
    /// softplus(x − d): linear beyond the centres.
    case softplus
  }

  /// How many centres the dictionary has.
  public var size = 20
  public var range = [-3.0, 3.0]
  public var kernel = Kernel.gaussian
  /// Name or alias of the function that training starts from.
  public var initial = "leaky_relu"
  public var granularity: Granularity = .layer
  public var common = CommonOptions()

  public init() {}

  static let description = StrategyDescription(
    "kernel", "a trained sum of bumps around fixed centres, and a trained line below them",
    [
      OptionDescription("size", .integer(2...64), default: .number(20), "how many centres there are"),
      OptionDescription(
        "range", .interval, default: .list([.number(-3), .number(3)]), "the first and the last centre"),
      OptionDescription(
        "kernel", .choice(Kernel.allCases.map(\.rawValue)), default: .string("gaussian"),
        "the bump: exp(-(x - d)^2 / (6 D^2)), D the distance of the centres, or softplus(x - d)"),
      OptionDescription(
        "initial", .function(parametricOnly: false), default: .string("leaky_relu"),
        "the function that training starts from, fitted by ridge regression"),
      .granularity,
    ])

  init(_ options: inout OptionReader) {
    size = options.integer("size")
    range = options.numbers("range") ?? range
    kernel = options.choice("kernel")
    initial = options.string("initial")
    granularity = options.choice("granularity")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("size", .number(Double(size))),
      OptionMember("range", .list(range.map(OptionValue.number))),
      OptionMember("kernel", .string(kernel.rawValue)),
      OptionMember("initial", .string(initial)),
      OptionMember("granularity", .string(granularity.rawValue)),
    ]
  }

  func specification(_ faults: inout Faults) -> ActivationSpecification? {
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
      activation, strategy: "kernel", function: nil, granularity: granularity, common)
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
