// A formula's text as tokens with their positions.

/// Turns characters into tokens, one at a time.
struct FormulaLexer {
  enum Token: Hashable {
    case number(Double)
    case name(String)
    /// An operator, parenthesis, comma or comparison.
    case symbol(String)
    case end

    /// The token as an error shows it.
    var text: String {
      switch self {
      case .number(let value): "the number \(Activations.text(of: value))"
      case .name(let name): "`\(name)`"
      case .symbol(let symbol): "`\(symbol)`"
      case .end: "the end"
      }
    }
  }

  private let characters: [Character]
  private var index = 0

  init(_ text: String) { characters = Array(text) }

  /// The next token and the position of its first character.
  mutating func next() throws(FormulaError) -> (token: Token, position: Int) {
    while let character = peek, character.isWhitespace { index += 1 }
    let start = index
    guard let character = peek else { return (.end, start) }
    if Self.isDigit(character) || character == "." { return (try number(), start) }
    if Self.isLetter(character) {
      while let next = peek, Self.isLetter(next) || Self.isDigit(next) { index += 1 }
      return (.name(String(characters[start..<index])), start)
    }
    index += 1
    switch character {
    case "+", "-", "*", "/", "^", "(", ")", ",":
      return (.symbol(String(character)), start)
    case "<", ">":
      guard peek == "=" else { return (.symbol(String(character)), start) }
      index += 1
      return (.symbol("\(character)="), start)
    default:
      throw FormulaError(position: start, reason: .unexpectedCharacter(character))
    }
  }

  /// digits, at most one point, and an exponent only if digits follow it (so that `2e` is 2 and then a name).
  private mutating func number() throws(FormulaError) -> Token {
    let start = index
    skipDigits()
    if peek == "." {
      index += 1
      skipDigits()
    }
    if peek == "e" || peek == "E" {
      let mark = index
      index += 1
      if peek == "+" || peek == "-" { index += 1 }
      let digits = index
      skipDigits()
      if index == digits { index = mark }
    }
    let text = String(characters[start..<index])
    guard let value = Double(text) else {
      throw FormulaError(position: start, reason: .malformedNumber(text))
    }
    guard value.isFinite else { throw FormulaError(position: start, reason: .nonFiniteConstant) }
    return .number(value)
  }

  private var peek: Character? { index < characters.count ? characters[index] : nil }

  private mutating func skipDigits() {
    while let character = peek, Self.isDigit(character) { index += 1 }
  }

  static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  static func isLetter(_ character: Character) -> Bool {
    ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
  }
}
