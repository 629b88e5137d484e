// What is wrong with a formula's text, and where.

import Text

/// The first fault of a formula's text.
public struct FormulaError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Sendable, Hashable {
    case empty
    case tooManyCharacters(limit: Int)
    case tooManyNodes(limit: Int)
    case tooDeep(limit: Int)
    case unexpectedCharacter(Character)
    case malformedNumber(String)
    /// Something else was required here.
    case expected(String, found: String)
    case unknownFunction(String, nearest: String?)
    case unknownName(String, nearest: String?)
    case wrongArgumentCount(function: String, expected: Int, found: Int)
    case variableExponent
    case nonFiniteConstant
    /// A number that is not 0 but too small to be told from it.
    case vanishingConstant(String)
    /// Notation of other languages, with the one that is meant.
    case foreignNotation(String, meant: String)
    /// Two factors side by side, without the sign between them.
    case missingOperator(String, String)
    /// More than one comparison in a condition.
    case comparisonChain
    /// A comparison outside of the condition of `where`.
    case strayComparison(String)
  }

  /// Offset of the faulty character, counted in characters from 0.
  public var position: Int
  /// What is wrong.
  public var reason: Reason

  /// A fault at a character.
  public init(position: Int, reason: Reason) {
    self.position = position
    self.reason = reason
  }

  public var description: String { "\(reasonText) at \(position)\(hint)" }

  private var reasonText: String {
    switch reason {
    case .empty: "the formula is empty"
    case .tooManyCharacters(let limit): "more than \(limit) characters"
    case .tooManyNodes(let limit): "more than \(limit) operations and operands"
    case .tooDeep(let limit): "nested more than \(limit) deep"
    case .unexpectedCharacter(let character): "unexpected character \(Self.shown(character))"
    case .malformedNumber(let text): "malformed number `\(text)`"
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .unknownFunction(let name, _): "unknown function `\(name)`"
    case .unknownName(let name, _): "unknown name `\(name)`"
    case .wrongArgumentCount(let function, let expected, let found):
      "`\(function)` takes \(expected) argument\(expected == 1 ? "" : "s"), not \(found),"
    case .variableExponent: "the exponent must be a constant"
    case .nonFiniteConstant: "the constant is not a finite number"
    case .vanishingConstant(let text): "the constant `\(text)` is too small"
    case .foreignNotation(let notation, _): "unexpected `\(notation)`"
    case .missingOperator(let left, let right): "no operator between `\(left)` and `\(right)`"
    case .comparisonChain: "a second comparison in one condition"
    case .strayComparison(let symbol): "the comparison `\(symbol)` stands outside of a condition"
    }
  }

  private var hint: String {
    switch reason {
    case .unknownFunction(_, let nearest), .unknownName(_, let nearest): didYouMean(nearest)
    case .foreignNotation(_, let meant): "; \(meant)"
    case .missingOperator(let left, let right): "; write `\(left) * \(right)`"
    case .comparisonChain: "; nest `where`, or compare with `min` or `max`"
    case .strayComparison: "; write `where(condition, then, otherwise)`"
    default: ""
    }
  }

  /// A character in quotes, or its code point if it would not show.
  private static func shown(_ character: Character) -> String {
    let isVisible = character.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
    guard !isVisible, let scalar = character.unicodeScalars.first else { return "`\(character)`" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
