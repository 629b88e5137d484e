// One option of a strategy: what it is called, what it may be, and in which property its value stands.

/// An option bound to a property. The property's initial value is the option's default.
package struct StrategyOption<Owner: ActivationStrategy>: Sendable {
  /// Name, type, default and meaning.
  package let description: OptionDescription
  /// Sets the property to a value whose form was checked; one of another form changes nothing.
  let read: @Sendable (inout Owner, OptionValue) -> Void
  /// The property's value, or what it stands for where that depends on others.
  let write: @Sendable (Owner) -> OptionValue

  /// - Parameters:
  ///   - type: what is accepted; it must be at least as strict as the property's own type.
  ///   - isRequired: whether it has no default.
  ///   - resolved: what the property stands for, where it depends on others.
  init<Value: OptionConvertible>(
    _ name: String, _ type: OptionType, _ property: any WritableKeyPath<Owner, Value> & Sendable,
    isRequired: Bool = false, resolved: (@Sendable (Owner) -> OptionValue)? = nil, _ meaning: String
  ) {
    let initial = Owner()[keyPath: property].option
    description = OptionDescription(
      name, type, default: isRequired || initial == .null ? nil : initial, isRequired: isRequired, meaning)
    read = { owner, value in
      if let value = Value(value) { owner[keyPath: property] = value }
    }
    write = resolved ?? { $0[keyPath: property].option }
  }

  /// One of an enumeration's words: all of them, or those that are listed.
  init<Word: OptionWord>(
    _ name: String, _ property: any WritableKeyPath<Owner, Word> & Sendable, among words: [Word]? = nil,
    _ meaning: String
  ) {
    let words = (words ?? Array(Word.allCases)).map(\.rawValue)
    self.init(name, .choice(words), property, meaning)
  }

  /// True or false.
  init(_ name: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable, _ meaning: String) {
    self.init(name, .boolean, property, meaning)
  }

  /// Who shares one parameter set.
  static func granularity(
    _ property: any WritableKeyPath<Owner, Granularity> & Sendable
  ) -> StrategyOption {
    StrategyOption(
      "granularity", property,
      "who shares one parameter set: the whole network, a layer, or nobody (each unit has its own)")
  }

  /// Whether candidates are brought to one scale.
  static func equalize(_ property: any WritableKeyPath<Owner, Bool> & Sendable) -> StrategyOption {
    StrategyOption(
      "equalize", property, "bring each candidate to mean 0 and variance 1 for standard normal input")
  }
}
