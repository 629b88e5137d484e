// `network`: the activation is itself a small network from one number to one number, trained jointly.

/// A small network from one number to one number: φ(x) = d + Σⱼ vⱼ g(wⱼ x + cⱼ) (+ base(x)), deeper by option.
///
/// Source: Apicella, Isgrò and Prevete 2019, doi:10.1016/j.neucom.2019.08.065; Minhas and Asif 2019.
public struct NetworkStrategy: Sendable, Hashable {
  /// Widths of the hidden layers.
  public var hidden: [Int] = [8]
  /// Name or alias of g.
  public var inner = "tanh"
  /// Name or alias of a function that is added, or `none`.
  public var base = "none"
  public var granularity: Granularity = .layer
  public var common = CommonOptions()

  public init() {}

  /// The most parameters that such a network may have.
  static let maximumParameters = 1024
  /// The most nodes that its formula may have when it is written out; more would take seconds to compile.
  static let maximumNodes = 100_000.0

  static let description = StrategyDescription(
    "network", "the activation is itself a small network from one number to one number",
    [
      OptionDescription("hidden", .widths, default: .list([.number(8)]), "widths of its hidden layers"),
      OptionDescription(
        "inner", .function(parametricOnly: false), default: .string("tanh"),
        "the activation inside the small network"),
      OptionDescription(
        "base", .functionOrNone, default: .string("none"), "a function to which the small network is added"),
      .granularity,
    ])

  init(_ options: inout OptionReader) {
    hidden = options.integers("hidden")
    inner = options.string("inner")
    base = options.string("base")
    granularity = options.choice("granularity")
    common = CommonOptions(&options)
  }

  var resolved: [OptionMember] {
    [
      OptionMember("hidden", .list(hidden.map { .number(Double($0)) })),
      OptionMember("inner", .string(inner)),
      OptionMember("base", .string(base)),
      OptionMember("granularity", .string(granularity.rawValue)),
    ]
  }

  func specification(seed: UInt64, _ faults: inout Faults) -> ActivationSpecification? {
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
      network.activation(seed: seed), strategy: "network", function: nil, granularity: granularity, common)
  }
}
