// The neutral form in which options reach a strategy, whatever document they came from.

/// A value of an option.
public enum OptionValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case list([OptionValue])
  /// Members in the order of the document.
  case object([OptionMember])
}

/// A named value.
public struct OptionMember: Sendable, Hashable {
  /// As the document has it.
  public var name: String
  /// What the document gives it.
  public var value: OptionValue

  /// A named value.
  public init(_ name: String, _ value: OptionValue) {
    self.name = name
    self.value = value
  }
}

extension OptionValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: OptionValue...) { self = .list(elements) }
}
