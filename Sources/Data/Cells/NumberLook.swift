// Numbers as people write them in tables: with other decimal marks, grouped, as percentages, as money.

/// How a text that is no plain decimal number may still be one.
enum NumberLook: Hashable {
  /// A plain number; whether it has a decimal point.
  case plain(hasPoint: Bool)
  /// `1,5`: with a comma that can only be a decimal mark.
  case decimalComma
  /// `1,234`: either one thousand or one.
  case ambiguousComma
  /// `1,234,567`, `1,234.5`, `1.234,5`, `1 234`, `1'234`: in groups, by this mark.
  case grouped(by: UInt8, decimal: UInt8?)
  /// `12%`.
  case percent
  /// `$12`, `12 €`.
  case currency
  /// `inf`, `-Infinity`.
  case infinite
  /// `?`, `-` or `.`, which stand for a missing number.
  case mark

  private static let (point, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))

  /// Nil where the text is no number by any reading. O(length).
  init?(_ text: ArraySlice<UInt8>) {
    let text = DecimalText.trimmed(text)
    guard let first = text.first, text.count <= 64 else { return nil }
    if text.count == 1, [UInt8(ascii: "?"), UInt8(ascii: "-"), Self.point].contains(first) {
      self = .mark
      return
    }
    let unsigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? text.dropFirst() : text
    if ["inf", "infinity"].contains(where: { $0.utf8.elementsEqual(unsigned.lazy.map { $0 | 0x20 }) }) {
      self = .infinite
    } else if text.last == UInt8(ascii: "%"), Self.rendering(DecimalText.trimmed(text.dropLast())) != nil {
      self = .percent
    } else if let amount = Self.amount(unsigned), Self.rendering(amount) != nil {
      self = .currency
    } else if let rendering = Self.rendering(text) {
      self = rendering
    } else {
      return nil
    }
  }

  /// The number of a percentage or an amount of money, as written; nil for any other text.
  static func plainPart(of text: ArraySlice<UInt8>) -> [UInt8]? {
    let text = DecimalText.trimmed(text)
    if text.last == UInt8(ascii: "%") { return Array(DecimalText.trimmed(text.dropLast())) }
    guard let first = text.first else { return nil }
    let sign = first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? [first] : []
    return amount(text.dropFirst(sign.count)).map { sign + Array($0) }
  }

  /// What stands beside the number of a text such as `5 kg`, `USD 5`, `(5)` or `−5` with a minus sign of typography; nil
  /// where there is no number or nothing beside it.
  static func affix(of text: String) -> String? {
    if text.hasPrefix("("), text.hasSuffix(")"),
      NumberLook(Array(text.dropFirst().dropLast().utf8)[...]) != nil
    {
      return "()"
    }
    if text.first == "\u{2212}" {
      return NumberLook(Array(text.dropFirst().utf8)[...]).map { _ in "\u{2212}" }
    }
    let isNumeric: (Character) -> Bool = { $0.isASCII && ($0.isNumber || ".,+-".contains($0)) }
    let number = text.prefix(while: isNumeric)
    if number.contains(where: \.isNumber) {
      let rest = text[number.endIndex...]
      let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\u{A0}" || $0 == "\u{202F}" }
      // Groups of digits apart from each other are one number.
      if rest.first.map(isSpace) == true, rest.allSatisfy({ isSpace($0) || isNumeric($0) }) {
        return "groups"
      }
      let unit = String(rest.drop(while: isSpace))
      return unit.isEmpty || unit.count > 10 || unit.contains(where: \.isNumber) ? nil : unit
    }
    let code = text.prefix(3)
    let rest = text.dropFirst(3).drop { $0 == " " }
    let isCode = code.count == 3 && code.allSatisfy { $0.isASCII && $0.isUppercase }
    return isCode && NumberLook(Array(rest.utf8)[...]) != nil ? String(code) : nil
  }

  private static let symbols = ["$", "€", "£", "¥", "₹"].map { Array($0.utf8) }

  /// What is left of an amount of money without its symbol; nil where there is none.
  private static func amount(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    for symbol in symbols {
      if text.starts(with: symbol) { return DecimalText.trimmed(text.dropFirst(symbol.count)) }
      if text.suffix(symbol.count).elementsEqual(symbol) {
        return DecimalText.trimmed(text.dropLast(symbol.count))
      }
    }
    return nil
  }

  private static func parses(_ text: ArraySlice<UInt8>, _ decimal: UInt8, _ thousands: UInt8?) -> Bool {
    text.withUnsafeBufferPointer { DecimalText.parse($0, decimal: decimal, thousands: thousands) } != nil
  }

  /// How the digits are written, without percent and currency signs.
  private static func rendering(_ text: ArraySlice<UInt8>) -> NumberLook? {
    guard text.contains(where: { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }) else { return nil }
    if parses(text, point, nil) { return .plain(hasPoint: text.contains(point)) }
    if text.contains(comma) {
      if parses(text, point, comma) {
        let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let isOneGroup = !text.contains(point) && text.count { $0 == comma } == 1
        if isOneGroup { return digits.first == UInt8(ascii: "0") ? .decimalComma : .ambiguousComma }
        return .grouped(by: comma, decimal: text.contains(point) ? point : nil)
      }
      if parses(text, comma, nil) { return .decimalComma }
    }
    if text.contains(point), parses(text, comma, point) {
      return .grouped(by: point, decimal: text.contains(comma) ? comma : nil)
    }
    let isSpaced = text.withUnsafeBufferPointer(DecimalText.hasSpace)
    for mark in [UInt8(ascii: " "), UInt8(ascii: "'")] where isSpaced || text.contains(mark) {
      for decimal in [point, comma] where parses(text, decimal, mark) {
        return .grouped(by: mark, decimal: text.contains(decimal) ? decimal : nil)
      }
    }
    return nil
  }
}
