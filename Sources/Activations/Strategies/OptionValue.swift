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
  public var name: String
  public var value: OptionValue

  public init(_ name: String, _ value: OptionValue) {
    self.name = name
    self.value = value
  }
}

extension OptionValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: OptionValue...) { self = .list(elements) }
}
