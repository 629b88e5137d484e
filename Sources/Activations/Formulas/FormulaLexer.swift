// A formula's text as tokens with their positions.

import Text

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
      case .number(let value): "the number \(Text.text(of: value))"
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
    if let (notation, meant) = foreignNotation(from: character) {
      throw FormulaError(position: start, reason: .foreignNotation(notation, meant: meant))
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

  /// What people write who are used to other notations, and what it is here.
  private func foreignNotation(from character: Character) -> (notation: String, meant: String)? {
    let next = index + 1 < characters.count ? characters[index + 1] : nil
    return switch character {
    case "*" where next == "*": ("**", "powers are written with `^`")
    case "=" where next == "=": ("==", "equality cannot be asked for; use `<`, `<=`, `>` or `>=`")
    case "!" where next == "=": ("!=", "inequality cannot be asked for; use `<`, `<=`, `>` or `>=`")
    case "=": ("=", "give only the formula, the right-hand side")
    case "|": ("|", "write `abs(x)`")
    case "!": ("!", "there are no factorials")
    case "%": ("%", "there are no remainders or percentages")
    case "[": ("[", "use `(`")
    case "{": ("{", "use `(`")
    case "]": ("]", "use `)`")
    case "}": ("}", "use `)`")
    case ";": (";", "separate arguments by `,`")
    case "\u{D7}", "\u{22C5}", "\u{B7}", "\u{2217}": (String(character), "use `*`")
    case "\u{F7}", "\u{2215}": (String(character), "use `/`")
    case "\u{2212}", "\u{2013}", "\u{2014}": (String(character), "use `-`")
    case "\u{2264}": (String(character), "use `<=`")
    case "\u{2265}": (String(character), "use `>=`")
    case "\u{B2}": (String(character), "use `^2`")
    case "\u{B3}": (String(character), "use `^3`")
    case "\u{221A}": (String(character), "use `sqrt`")
    case "\u{3C0}": (String(character), "use `pi`")
    case "\u{3C3}": (String(character), "use `sigmoid`")
    case "\u{FF08}": (String(character), "use `(`")
    case "\u{FF09}": (String(character), "use `)`")
    case "\u{FF0C}": (String(character), "use `,`")
    case "\u{445}", "\u{3C7}": (String(character), "this letter looks like `x` and is another")
    default: nil
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
      throw FormulaError(position: start, reason: .malformedNumber(Self.shortened(text)))
    }
    guard value.isFinite else { throw FormulaError(position: start, reason: .nonFiniteConstant) }
    if value == 0,
      text.prefix(while: { $0 != "e" && $0 != "E" }).contains(where: { ("1"..."9").contains($0) })
    {
      throw FormulaError(position: start, reason: .vanishingConstant(Self.shortened(text)))
    }
    return .number(value)
  }

  /// A number's text as an error shows it.
  private static func shortened(_ text: String) -> String {
    text.utf8.count <= 24 ? text : text.prefix(12) + "…" + text.suffix(8)
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
