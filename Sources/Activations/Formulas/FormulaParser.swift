// Reads a formula's text into an expression; every fault has its exact position.

import Text

/// Reads formulas.
///
/// ```
/// sum       = product (("+" | "-") product)*
/// product   = signed (("*" | "/") signed)*
/// signed    = "-" signed | power
/// power     = primary ["^" signed]                        -- the exponent a constant
/// primary   = number | "x" | "pi" | "e" | parameter | "(" sum ")"
///           | function "(" sum ")" | ("min" | "max" | "straight_through") "(" sum "," sum ")"
///           | "where" "(" sum ("<" | "<=" | ">" | ">=") sum "," sum "," sum ")"
/// function  = abs sign sqrt exp expm1 log log1p sin cos tanh arctan asinh
///             tanh_slope sigmoid sigmoid_slope softplus erf erfc
///           | atan arcsinh ln sgn logistic                -- for arctan asinh log sign sigmoid
/// ```
public struct FormulaParser {
  /// What a formula may be at most.
  public struct Limits: Sendable, Hashable {
    /// Bytes of UTF-8 text.
    public var characters = 10_000
    /// Operations and operands.
    public var nodes = 500
    /// Nesting of parentheses, functions and signs.
    public var depth = 50

    /// The limits of the service.
    public init() {}
  }

  private var lexer: FormulaLexer
  private var token: FormulaLexer.Token = .end
  private var position = 0
  /// The token before, as it would stand beside a `*`.
  private var previous: String?
  private let parameters: Set<String>
  private let limits: Limits
  private var nodes = 0
  private var depth = 0

  private init(_ text: String, parameters: Set<String>, limits: Limits) throws(FormulaError) {
    lexer = FormulaLexer(text)
    self.parameters = parameters
    self.limits = limits
    try advance()
  }

  /// The expression that the text says, over `x` and the named parameters.
  public static func parse(
    _ text: String, parameters: Set<String>, limits: Limits = Limits()
  ) throws(FormulaError) -> Expression {
    guard text.utf8.count <= limits.characters else {
      throw FormulaError(position: limits.characters, reason: .tooManyCharacters(limit: limits.characters))
    }
    var parser = try FormulaParser(text, parameters: parameters, limits: limits)
    if parser.token == .end { throw FormulaError(position: 0, reason: .empty) }
    let expression = try parser.sum()
    if parser.token == .symbol(",") {
      let meant = "only arguments are separated by it, and decimals have a point"
      throw FormulaError(position: parser.position, reason: .foreignNotation(",", meant: meant))
    }
    guard parser.token == .end else { throw parser.continued() ?? parser.expected("an operator or the end") }
    return expression
  }

  /// Why a parameter cannot have this name, or nil.
  public static func problem(withParameterName name: String) -> String? {
    guard let first = name.first, FormulaLexer.isLetter(first),
      name.allSatisfy({ FormulaLexer.isLetter($0) || FormulaLexer.isDigit($0) })
    else {
      return "a parameter's name is a letter and then letters, digits or underscores"
    }
    return reserved.contains(name) ? "`\(name)` has a meaning of its own in formulas" : nil
  }

  private static let constants: [String: Double] = ["pi": .pi, "e": 2.718281828459045]
  /// Names that are read and never written.
  private static let synonyms: [String: Unary] = [
    "atan": .arctan, "arcsinh": .asinh, "ln": .log, "sgn": .sign, "logistic": .sigmoid,
  ]
  private static let functions: [String: Unary] = synonyms.merging(
    Unary.allCases.filter { $0 != .negate }.map { ($0.rawValue, $0) }, uniquingKeysWith: { $1 })
  private static let pairs: [String: Binary] = [
    "max": .maximum, "min": .minimum, "straight_through": .straightThrough,
  ]
  private static let functionNames = functions.keys.sorted() + pairs.keys.sorted() + ["where"]
  private static let reserved = Set(functionNames + constants.keys + ["x"])

  // MARK: Grammar

  private mutating func sum() throws(FormulaError) -> Expression {
    var left = try product()
    while case .symbol(let symbol) = token, symbol == "+" || symbol == "-" {
      try advance()
      let right = try product()
      left = try node(.binary(symbol == "+" ? .add : .subtract, left, right))
    }
    return left
  }

  private mutating func product() throws(FormulaError) -> Expression {
    var left = try signed()
    while case .symbol(let symbol) = token, symbol == "*" || symbol == "/" {
      try advance()
      let right = try signed()
      left = try node(.binary(symbol == "*" ? .multiply : .divide, left, right))
    }
    return left
  }

  /// Every recursion of the grammar passes through here, so this is where depth is limited.
  private mutating func signed() throws(FormulaError) -> Expression {
    guard depth < limits.depth else {
      throw FormulaError(position: position, reason: .tooDeep(limit: limits.depth))
    }
    depth += 1
    defer { depth -= 1 }
    guard token == .symbol("-") else { return try power() }
    try advance()
    let isNumber = if case .number = token { true } else { false }
    let operand = try signed()
    return if isNumber, case .constant = operand { -operand } else { try node(.unary(.negate, operand)) }
  }

  private mutating func power() throws(FormulaError) -> Expression {
    let base = try primary()
    guard token == .symbol("^") else { return base }
    try advance()
    let start = position
    let exponent = try signed()
    guard !exponent.usesX, exponent.parameterNames.isEmpty else {
      throw FormulaError(position: start, reason: .variableExponent)
    }
    let value = exponent.evaluate(x: 0)
    guard value.isFinite else { throw FormulaError(position: start, reason: .nonFiniteConstant) }
    return try node(base.power(value))
  }

  private mutating func primary() throws(FormulaError) -> Expression {
    switch token {
    case .number(let value):
      try advance()
      return try node(.constant(value))
    case .name(let name):
      return try named(name)
    case .symbol("("):
      try advance()
      let inner = try sum()
      try expect(")")
      return inner
    case .symbol, .end:
      throw expected("a number, a name or `(`")
    }
  }

  private mutating func named(_ name: String) throws(FormulaError) -> Expression {
    let start = position
    try advance()
    if token == .symbol("(") { return try call(name, at: start) }
    if name == "x" { return try node(.x) }
    if parameters.contains(name) { return try node(.parameter(name)) }
    if let value = Self.constants[name] { return try node(.constant(value)) }
    if Self.functionNames.contains(name) { throw expected("`(` after the function `\(name)`") }
    let known = ["x"] + parameters.sorted() + Self.constants.keys.sorted()
    throw FormulaError(
      position: start, reason: .unknownName(name, nearest: closestMatch(to: name, in: known)))
  }

  private mutating func call(_ name: String, at start: Int) throws(FormulaError) -> Expression {
    guard Self.functionNames.contains(name) else {
      if name == "x" || parameters.contains(name) || Self.constants[name] != nil {
        throw FormulaError(position: position, reason: .missingOperator(name, "(…)"))
      }
      if name == "pow" || name == "power" {
        throw FormulaError(
          position: start, reason: .foreignNotation(name, meant: "powers are written with `^`"))
      }
      throw FormulaError(
        position: start,
        reason: .unknownFunction(name, nearest: closestMatch(to: name, in: Self.functionNames))
      )
    }
    try advance()
    if name == "where" { return try conditional(at: start) }
    let arguments = try self.arguments()
    if let function = Self.functions[name] {
      try check(name, takes: 1, arguments, at: start)
      return try node(.unary(function, arguments[0]))
    }
    guard let function = Self.pairs[name] else { preconditionFailure("\(name) is known and has no meaning") }
    try check(name, takes: 2, arguments, at: start)
    return try node(.binary(function, arguments[0], arguments[1]))
  }

  private mutating func conditional(at start: Int) throws(FormulaError) -> Expression {
    let left = try sum()
    guard case .symbol(let symbol) = token, let comparison = Comparison(rawValue: symbol) else {
      throw expected("a comparison `<`, `<=`, `>` or `>=`")
    }
    try advance()
    let right = try sum()
    if case .symbol(let symbol) = token, Comparison(rawValue: symbol) != nil {
      throw FormulaError(position: position, reason: .comparisonChain)
    }
    try expect(",")
    let branches = try arguments()
    guard branches.count == 2 else {
      throw FormulaError(
        position: start,
        reason: .wrongArgumentCount(function: "where", expected: 3, found: branches.count + 1))
    }
    return try node(.select(comparison, left, right, then: branches[0], otherwise: branches[1]))
  }

  /// The arguments up to and including the closing parenthesis.
  private mutating func arguments() throws(FormulaError) -> [Expression] {
    if token == .symbol(")") {
      try advance()
      return []
    }
    var arguments = [try sum()]
    while token == .symbol(",") {
      try advance()
      arguments.append(try sum())
    }
    try expect(")")
    return arguments
  }

  // MARK: Steps

  private mutating func advance() throws(FormulaError) {
    previous = token.factor ?? (token == .symbol(")") ? "(…)" : nil)
    (token, position) = try lexer.next()
  }

  private mutating func expect(_ symbol: String) throws(FormulaError) {
    guard token == .symbol(symbol) else { throw continued() ?? expected("`\(symbol)`") }
    try advance()
  }

  /// The fault of text that goes on where an operand has ended, if it is a known one: a factor without `*`, or a
  /// comparison that nothing asked for.
  private func continued() -> FormulaError? {
    switch token {
    case .symbol(let symbol) where Comparison(rawValue: symbol) != nil:
      return FormulaError(position: position, reason: .strayComparison(symbol))
    case .number, .name, .symbol("("):
      guard let previous, let next = token.factor, Double(previous) == nil || Double(next) == nil else {
        return nil
      }
      return FormulaError(position: position, reason: .missingOperator(previous, next))
    case .symbol, .end: return nil
    }
  }

  private func expected(_ what: String) -> FormulaError {
    FormulaError(position: position, reason: .expected(what, found: token.text))
  }

  private func check(
    _ name: String, takes count: Int, _ arguments: [Expression], at start: Int
  ) throws(FormulaError) {
    guard arguments.count == count else {
      throw FormulaError(
        position: start,
        reason: .wrongArgumentCount(function: name, expected: count, found: arguments.count))
    }
  }

  /// Counts the expression as one more node.
  private mutating func node(_ expression: Expression) throws(FormulaError) -> Expression {
    nodes += 1
    guard nodes <= limits.nodes else {
      throw FormulaError(position: position, reason: .tooManyNodes(limit: limits.nodes))
    }
    return expression
  }
}

extension FormulaLexer.Token {
  /// The token as a factor is written, if one may begin with it.
  fileprivate var factor: String? {
    switch self {
    case .number(let value): Text.text(of: value)
    case .name(let name): name
    case .symbol("("): "(…)"
    case .symbol, .end: nil
    }
  }
}
