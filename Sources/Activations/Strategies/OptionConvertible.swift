// How the properties of strategies are written as options and read again.

/// A type of which options are made.
protocol OptionConvertible: SendableMetatype {
  /// Nil for an option of another form.
  init?(_ option: OptionValue)
  /// The value as it is written.
  var option: OptionValue { get }
}

extension Bool: OptionConvertible {
  init?(_ option: OptionValue) {
    guard case .bool(let value) = option else { return nil }
    self = value
  }

  var option: OptionValue { .bool(self) }
}

extension Double: OptionConvertible {
  init?(_ option: OptionValue) {
    guard case .number(let value) = option else { return nil }
    self = value
  }

  var option: OptionValue { .number(self) }
}

extension Int: OptionConvertible {
  init?(_ option: OptionValue) {
    guard case .number(let value) = option, let integer = Int(exactly: value) else { return nil }
    self = integer
  }

  var option: OptionValue { .number(Double(self)) }
}

extension String: OptionConvertible {
  init?(_ option: OptionValue) {
    guard case .string(let value) = option else { return nil }
    self = value
  }

  var option: OptionValue { .string(self) }
}

extension Array: OptionConvertible where Element: OptionConvertible {
  init?(_ option: OptionValue) {
    guard case .list(let items) = option else { return nil }
    let elements = items.compactMap { Element($0) }
    guard elements.count == items.count else { return nil }
    self = elements
  }

  var option: OptionValue { .list(map(\.option)) }
}

extension Optional: OptionConvertible where Wrapped: OptionConvertible {
  init?(_ option: OptionValue) {
    if option == .null {
      self = nil
    } else if let value = Wrapped(option) {
      self = value
    } else {
      return nil
    }
  }

  var option: OptionValue { map(\.option) ?? .null }
}

extension Dictionary: OptionConvertible where Key == String, Value: OptionConvertible {
  init?(_ option: OptionValue) {
    guard case .object(let members) = option else { return nil }
    let pairs = members.compactMap { member in Value(member.value).map { (member.name, $0) } }
    guard pairs.count == members.count else { return nil }
    self = Dictionary(pairs, uniquingKeysWith: { $1 })
  }

  /// In the order of the names.
  var option: OptionValue {
    .object(sorted { $0.key < $1.key }.map { OptionMember($0.key, $0.value.option) })
  }
}

/// An enumeration whose raw values are the words of an option.
protocol OptionWord: OptionConvertible, RawRepresentable<String>, CaseIterable {}

extension OptionWord {
  init?(_ option: OptionValue) {
    guard case .string(let word) = option else { return nil }
    self.init(rawValue: word)
  }

  var option: OptionValue { .string(rawValue) }
}

extension Granularity: OptionWord {}
