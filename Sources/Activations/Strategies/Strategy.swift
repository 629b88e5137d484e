// The strategies: the ways in which an activation is chosen, shaped or learned.

import Text

/// A way of choosing, shaping or learning an activation, with its options.
public enum Strategy: Sendable, Hashable {
  case fixed(FixedStrategy)
  case parametric(ParametricStrategy)
  case random(RandomStrategy)
  case network(NetworkStrategy)
  case hypernetwork(HypernetworkStrategy)
  case blend(BlendStrategy)
  case spline(SplineStrategy)
  case rational(RationalStrategy)
  case kernel(KernelStrategy)
  case expression(ExpressionStrategy)
  case mixture(MixtureStrategy)
}

extension Strategy {
  /// Reads `{"strategy": name, option: value, …}`, or a function's name as shorthand for `fixed`.
  ///
  /// The form alone is checked here (names, types, ranges); ``specification(seed:)`` checks the meaning.
  /// Throws every fault at once.
  public init(_ options: OptionValue) throws(StrategyError) {
    switch options {
    case .string(let function):
      self = .fixed(FixedStrategy(function: function))
    case .object(let members):
      try self.init(members)
    case .null, .bool, .number, .list:
      throw StrategyError([.init([], "must be a strategy or a function's name, not \(options.typeName)")])
    }
  }

  private init(_ members: [OptionMember]) throws(StrategyError) {
    let names = StrategyDescription.all.map(\.name)
    guard let member = members.first(where: { $0.name == "strategy" }) else {
      throw StrategyError([.init(["strategy"], "needs the member `strategy`: one of \(listed(names))")])
    }
    guard case .string(let name) = member.value else {
      throw StrategyError([
        .init(["strategy"], "must be one of \(listed(names)), not \(member.value.typeName)")
      ])
    }
    guard let description = StrategyDescription.named(name) else {
      throw StrategyError([
        .init(["strategy"], "`\(name)` is not one of \(listed(names))" + suggestion(for: name, among: names))
      ])
    }
    var reader = OptionReader(description, members: members)
    switch name {
    case "fixed": self = .fixed(FixedStrategy(&reader))
    case "parametric": self = .parametric(ParametricStrategy(&reader))
    case "random": self = .random(RandomStrategy(&reader))
    case "network": self = .network(NetworkStrategy(&reader))
    case "hypernetwork": self = .hypernetwork(HypernetworkStrategy(&reader))
    case "blend": self = .blend(BlendStrategy(&reader))
    case "spline": self = .spline(SplineStrategy(&reader))
    case "rational": self = .rational(RationalStrategy(&reader))
    case "kernel": self = .kernel(KernelStrategy(&reader))
    case "expression": self = .expression(ExpressionStrategy(&reader))
    case "mixture": self = .mixture(MixtureStrategy(&reader))
    default: preconditionFailure("the strategy \(name) is described but not read")
    }
    if !reader.faults.isEmpty { throw StrategyError(reader.faults.all) }
  }

  /// `fixed`, `parametric`, …
  public var name: String {
    switch self {
    case .fixed: "fixed"
    case .parametric: "parametric"
    case .random: "random"
    case .network: "network"
    case .hypernetwork: "hypernetwork"
    case .blend: "blend"
    case .spline: "spline"
    case .rational: "rational"
    case .kernel: "kernel"
    case .expression: "expression"
    case .mixture: "mixture"
    }
  }

  /// The options with every default filled in, in the form that ``init(_:)`` reads.
  public var resolvedOptions: OptionValue {
    let (own, common): ([OptionMember], CommonOptions) =
      switch self {
      case .fixed(let strategy): (strategy.resolved, strategy.common)
      case .parametric(let strategy): (strategy.resolved, strategy.common)
      case .random(let strategy): (strategy.resolved, strategy.common)
      case .network(let strategy): (strategy.resolved, strategy.common)
      case .hypernetwork(let strategy): (strategy.resolved, strategy.common)
      case .blend(let strategy): (strategy.resolved, strategy.common)
      case .spline(let strategy): (strategy.resolved, strategy.common)
      case .rational(let strategy): (strategy.resolved, strategy.common)
      case .kernel(let strategy): (strategy.resolved, strategy.common)
      case .expression(let strategy): (strategy.resolved, strategy.common)
      case .mixture(let strategy): (strategy.resolved, strategy.common)
      }
    return .object([OptionMember("strategy", .string(name))] + own + common.resolved)
  }

  /// The strategy made concrete: functions found, formulas parsed and checked, programs compiled.
  ///
  /// `seed` decides the initial values of a `network`; the same seed gives the same values everywhere.
  /// Throws every fault at once.
  public func specification(seed: UInt64) throws(StrategyError) -> ActivationSpecification {
    var faults = Faults()
    let specification =
      switch self {
      case .fixed(let strategy): strategy.specification(&faults)
      case .parametric(let strategy): strategy.specification(&faults)
      case .random(let strategy): strategy.specification(&faults)
      case .network(let strategy): strategy.specification(seed: seed, &faults)
      case .hypernetwork(let strategy): strategy.specification(&faults)
      case .blend(let strategy): strategy.specification(&faults)
      case .spline(let strategy): strategy.specification(&faults)
      case .rational(let strategy): strategy.specification(&faults)
      case .kernel(let strategy): strategy.specification(&faults)
      case .expression(let strategy): strategy.specification(&faults)
      case .mixture(let strategy): strategy.specification(&faults)
      }
    guard let specification, faults.isEmpty else { throw StrategyError(faults.all) }
    return specification
  }
}
