// An expression as formula text, with as few parentheses as the grammar needs.

import Text

extension Expression: CustomStringConvertible {
  /// The formula's text; ``FormulaParser`` reads the same expression back.
  public var description: String { text(atLeast: .sum) }

  /// How tightly a piece of text binds, loosest first.
  private enum Precedence: Int {
    case sum, product, sign, power, primary
  }

  private var precedence: Precedence {
    switch self {
    case .x, .parameter, .noise, .select: .primary
    case .constant(let value): value.sign == .minus ? .sign : .primary
    case .unary(let function, _): function == .negate ? .sign : .primary
    case .binary(.add, _, _), .binary(.subtract, _, _): .sum
    case .binary(.multiply, _, _), .binary(.divide, _, _): .product
    case .binary(.power, _, _): .power
    case .binary(.minimum, _, _), .binary(.maximum, _, _), .binary(.straightThrough, _, _): .primary
    }
  }

  private func text(atLeast required: Precedence) -> String {
    precedence.rawValue < required.rawValue ? "(\(bareText))" : bareText
  }

  private var bareText: String {
    switch self {
    case .x: "x"
    case .constant(let value): Text.text(of: value)
    case .parameter(let name): name
    case .noise(let noise): noise.rawValue
    case .unary(.negate, .constant(let value)): "-(\(Text.text(of: value)))"
    case .unary(.negate, let u): "-\(u.text(atLeast: .sign))"
    case .unary(let function, let u): "\(function.rawValue)(\(u))"
    case .binary(.power, let a, let b): "\(a.text(atLeast: .primary))^\(b.text(atLeast: .sign))"
    case .binary(let function, let a, let b):
      switch function {
      case .add, .subtract: "\(a.text(atLeast: .sum)) \(function.rawValue) \(b.text(atLeast: .product))"
      case .multiply, .divide: "\(a.text(atLeast: .product)) \(function.rawValue) \(b.text(atLeast: .sign))"
      case .power, .minimum, .maximum, .straightThrough: "\(function.rawValue)(\(a), \(b))"
      }
    case .select(let comparison, let a, let b, let then, let otherwise):
      "where(\(a) \(comparison.rawValue) \(b), \(then), \(otherwise))"
    }
  }
}
