// Which of a column's classes a value means, however it is spelt.

package import JSON

/// The classes of one column, by what they spell.
///
/// A text means the class of the same text; else, where both are numbers, the class of the same number; else, where the
/// classes are words for no and yes, the same word in another case. So 1, `"1"` and `1.0` are one class.
package struct ClassMatcher: Sendable {
  private let labels: [String]
  private let codes: [String: Int32]
  private let numbers: [Double: Int32]
  private let words: [String: Int32]
  /// The classes in lower case: a boolean means its word however it is written.
  private let folded: [String: Int32]

  /// The classes `labels`, of which some may be numbers or booleans.
  package init(_ labels: [JSONValue]) { self.init(texts: labels.map(ClassLabels.spelling(of:))) }

  init(texts labels: [String]) {
    self.labels = labels
    let numbered = labels.indices.map { ($0, Int32($0)) }
    codes = Dictionary(numbered.map { (labels[$0], $1) }, uniquingKeysWith: { first, _ in first })
    let values = numbered.compactMap { index, code in Self.number(labels[index]).map { ($0, code) } }
    numbers = Dictionary(values, uniquingKeysWith: { first, _ in first })
    folded = Dictionary(
      numbered.map { (labels[$0].lowercased(), $1) }, uniquingKeysWith: { first, _ in first })
    words = TextShape.areTruthValues(labels) ? folded : [:]
  }

  /// The position of the class that a text means; nil if there is none. O(1).
  package func code(of text: String) -> Int32? {
    if let code = codes[text] { return code }
    if let number = Self.number(text), let code = numbers[number] { return code }
    return words.isEmpty ? nil : words[text.lowercased()]
  }

  /// The position of the class that a text, a number or a boolean means.
  package func code(of value: JSONValue) -> Int32? {
    switch value {
    case .string(let text):
      code(of: String(decoding: DecimalText.trimmed(Array(text.utf8)[...]), as: UTF8.self))
    case .number: code(of: ClassLabels.spelling(of: value))
    case .bool(let isTrue): code(of: isTrue ? "true" : "false") ?? folded[isTrue ? "true" : "false"]
    default: nil
    }
  }

  private static func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { DecimalText.parse($0) }
  }
}
