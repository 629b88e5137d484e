// A strategy as a document names it: read, written back, made concrete.

import Text

/// A way of choosing, shaping or learning an activation, with its options.
public struct Strategy: Sendable, Hashable {
  let form: any ActivationStrategy

  /// The strategy of these options.
  package init(_ form: some ActivationStrategy) { self.form = form }

  public static func == (left: Strategy, right: Strategy) -> Bool {
    left.resolvedOptions == right.resolvedOptions
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(resolvedOptions) }
}

extension Strategy {
  /// Reads `{"strategy": name, option: value, …}`, or a function's name as shorthand for `fixed`.
  ///
  /// The form alone is checked here (names, types, ranges); ``specification(seed:)`` checks the meaning.
  /// Throws every fault at once.
  public init(_ options: OptionValue) throws(StrategyError) {
    switch options {
    case .string(let function):
      self.init(FixedStrategy(function: function))
    case .object(let members):
      try self.init(members)
    case .null, .bool, .number, .list:
      throw StrategyError([.init([], "must be a strategy or a function's name, not \(options.typeName)")])
    }
  }

  private init(_ members: [OptionMember]) throws(StrategyError) {
    let names = Strategies.all.map { $0.name }
    guard let member = members.first(where: { $0.name == "strategy" }) else {
      throw StrategyError([.init(["strategy"], "needs the member `strategy`: one of \(listed(names))")])
    }
    guard case .string(let name) = member.value else {
      throw StrategyError([
        .init(["strategy"], "must be one of \(listed(names)), not \(member.value.typeName)")
      ])
    }
    guard let type = Strategies.all.first(where: { $0.name == name }) else {
      throw StrategyError([
        .init(
          ["strategy"],
          "\(quoted(name)) is not one of \(listed(names))" + suggestion(for: name, among: names))
      ])
    }
    let reader = OptionReader(type.description, members: members)
    if !reader.faults.isEmpty { throw StrategyError(reader.faults.all) }
    form = type.init(reader.values)
  }

  /// `fixed`, `parametric`, …
  public var name: String { type(of: form).name }

  /// The options with every default filled in, in the form that ``init(_:)`` reads.
  public var resolvedOptions: OptionValue { form.resolvedOptions }

  /// The strategy made concrete: functions found, formulas parsed and checked, programs compiled.
  ///
  /// `seed` decides the initial values of a `network`; the same seed gives the same values everywhere.
  /// Throws every fault at once.
  public func specification(seed: UInt64) throws(StrategyError) -> ActivationSpecification {
    var faults = Faults()
    guard var specification = form.specification(seed: seed, &faults), faults.isEmpty else {
      throw StrategyError(faults.all)
    }
    specification.strategyName = name
    specification.learningRateMultiplier = form.common.learningRateMultiplier
    specification.weightDecay = form.common.weightDecay
    return specification
  }
}
