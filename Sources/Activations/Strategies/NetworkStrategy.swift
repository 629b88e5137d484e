// `network`: the activation is itself a small network from one number to one number, trained jointly.

/// A small network from one number to one number: φ(x) = d + Σⱼ vⱼ g(wⱼ x + cⱼ) (+ base(x)), deeper by option.
///
/// Source: Apicella, Isgrò and Prevete 2019, doi:10.1016/j.neucom.2019.08.065; Minhas and Asif 2019.
package struct NetworkStrategy: ActivationStrategy {
  /// Widths of the hidden layers.
  package var hidden: [Int] = [8]
  /// Name or alias of g.
  package var inner = "tanh"
  /// Name or alias of a function that is added, or `none`.
  package var base = "none"
  /// Who shares one parameter set.
  package var granularity: Granularity = .layer
  package var common = CommonOptions()

  package init() {}

  /// The most parameters that such a network may have.
  static let maximumParameters = 1024
  /// The most nodes that its formula may have when it is written out; more would take seconds to compile.
  static let maximumNodes = 100_000.0

  package static let name = "network"
  package static let summary = "the activation is itself a small network from one number to one number"
  package static let options: [StrategyOption<Self>] = [
    StrategyOption("hidden", .widths, \.hidden, "widths of its hidden layers"),
    StrategyOption(
      "inner", .function(parametricOnly: false), \.inner, "the activation inside the small network"),
    StrategyOption("base", .functionOrNone, \.base, "a function to which the small network is added"),
    .granularity(\.granularity),
  ]

  package func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
    faults.checkWidths(hidden, at: ["hidden"])
    let inner = faults.activation(inner, at: ["inner"])
    let base = base == "none" ? nil : faults.activation(base, at: ["base"])
    guard let inner, faults.isEmpty else { return nil }
    let network = InnerNetwork(widths: hidden, inner: inner.frozen, base: base?.frozen)
    guard network.parameterCount <= Self.maximumParameters else {
      faults.add(
        ["hidden"], "\(network.parameterCount) parameters; at most \(Self.maximumParameters) are allowed")
      return nil
    }
    guard network.writtenNodes <= Self.maximumNodes else {
      faults.add(
        ["hidden"], "layers of these widths make a formula that is too long; take fewer or narrower ones")
      return nil
    }
    return .single(
      network.activation(seed: seed), function: nil, granularity: granularity, common, .arrays)
  }
}
