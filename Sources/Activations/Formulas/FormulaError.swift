// What is wrong with a formula's text, and where.

/// The first fault of a formula's text.
public struct FormulaError: Error, Sendable, Hashable, CustomStringConvertible {
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
  }

  /// Offset of the faulty character, counted in characters from 0.
  public var position: Int
  public var reason: Reason

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
    case .unexpectedCharacter(let character): "unexpected character `\(character)`"
    case .malformedNumber(let text): "malformed number `\(text)`"
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .unknownFunction(let name, _): "unknown function `\(name)`"
    case .unknownName(let name, _): "unknown name `\(name)`"
    case .wrongArgumentCount(let function, let expected, let found):
      "`\(function)` takes \(expected) argument\(expected == 1 ? "" : "s"), not \(found),"
    case .variableExponent: "the exponent must be a constant"
    case .nonFiniteConstant: "the constant is not a finite number"
    }
  }

  private var hint: String {
    switch reason {
    case .unknownFunction(_, let nearest?), .unknownName(_, let nearest?): "; did you mean `\(nearest)`?"
    default: ""
    }
  }
}
