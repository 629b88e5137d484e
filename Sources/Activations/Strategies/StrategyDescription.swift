// The table of strategies and options: what is accepted, by default, and why; validation and documentation follow it.

/// What an option may be.
public enum OptionType: Sendable, Hashable {
  case boolean
  /// A finite number of at least `minimum`.
  case number(minimum: Double)
  /// An integer in this range.
  case integer(ClosedRange<Int>)
  /// An integer in this range, or a list of 2 to 8 of them, each larger than the one before: one for each stage of training.
  case stages(ClosedRange<Int>)
  /// One of these integers.
  case integerChoice([Int])
  /// A list of two numbers between -1000 and 1000, the first the smaller by at least 0.01.
  case interval
  /// The degrees of a numerator, 1 to 8, and of a divisor, 1 to 8.
  case degrees
  /// One of these words.
  case choice([String])
  /// A name or alias of the catalogue; with parameters only, if so restricted.
  case function(parametricOnly: Bool)
  /// A name or alias of the catalogue, or `none`.
  case functionOrNone
  /// A list of 2 to 16 different names or aliases of the catalogue.
  case functions
  /// A list of numbers of at least 0.
  case numbers
  /// A list of 1 to 3 layer widths, each 1 to 64.
  case widths
  /// A list of parameter names.
  case names
  /// An object from parameter names to numbers.
  case values
  /// An object from names of arrays of parameters to lists of numbers.
  case arrays
  /// A formula's text (``FormulaParser``).
  case formula
  /// An object from parameter names to `{initial, constraint}`.
  case parameters
}

/// One option of a strategy.
public struct OptionDescription: Sendable, Hashable {
  /// As a document writes it.
  public var name: String
  /// What is accepted.
  public var type: OptionType
  /// What holds when the option is absent; nil if it depends on other options or the option is required.
  public var `default`: OptionValue?
  /// Whether a document must give it.
  public var isRequired: Bool
  /// What it does, in a few words.
  public var meaning: String

  init(
    _ name: String, _ type: OptionType, default value: OptionValue? = nil, isRequired: Bool = false,
    _ meaning: String
  ) {
    self.name = name
    self.type = type
    self.default = value
    self.isRequired = isRequired
    self.meaning = meaning
  }
}

/// One strategy: its name, what it does and its options.
public struct StrategyDescription: Sendable, Hashable {
  /// As a document writes it.
  public var name: String
  /// What the strategy does, in a few words.
  public var summary: String
  /// Its own options, then those that every strategy takes.
  public var options: [OptionDescription]

  /// Every strategy, in the order of documentation.
  public static let all: [StrategyDescription] = Strategies.all.map { $0.description }

  /// The strategy of this name.
  public static func named(_ name: String) -> StrategyDescription? { all.first { $0.name == name } }
}
