// Shapes that texts of a table have: dates and times, yes and no.

/// Recognises the shape of a text.
enum TextShape {
  /// Whether the text is a date, a time or both, as ISO 8601 has them or with points, slashes or a short year:
  /// `2019-01-31`, `2019-01`, `2019-01-31T12:00:00Z`, `31.1.2019`, `1/31/19`, `12:30`.
  static func isDate(_ text: Substring.UTF8View) -> Bool {
    var rest = text[...]
    if isTime(rest) { return true }
    guard let date = dateEnd(rest) else { return false }
    rest = rest[date...]
    if rest.isEmpty { return true }
    guard let separator = rest.first, separator == UInt8(ascii: "T") || separator == UInt8(ascii: " ") else {
      return false
    }
    return isTime(rest.dropFirst())
  }

  /// Behind a date at the front of the text.
  private static func dateEnd(_ text: Substring.UTF8View) -> Substring.Index? {
    var lengths: [Int] = []
    var separator: UInt8?
    var index = text.startIndex
    while index < text.endIndex {
      let digits = text[index...].prefix { isDigit($0) }
      if digits.isEmpty { return nil }
      lengths.append(digits.count)
      index = digits.endIndex
      guard lengths.count < 3, index < text.endIndex else { break }
      let mark = text[index]
      guard mark == separator ?? mark,
        [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(mark)
      else { break }
      separator = mark
      index = text.index(after: index)
    }
    switch lengths.count {
    case 3:
      let isYearFirst = lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2
      let isYearLast = lengths[0] <= 2 && lengths[1] <= 2 && (lengths[2] == 4 || lengths[2] == 2)
      return isYearFirst || isYearLast ? index : nil
    case 2:
      let isMonth = lengths[0] == 4 && lengths[1] == 2 && separator != UInt8(ascii: ".")
      return isMonth ? index : nil
    default: return nil
    }
  }

  /// `12:30`, `12:30:15.5`, each with `Z` or an offset behind it.
  private static func isTime(_ text: Substring.UTF8View) -> Bool {
    let zone = text.lastIndex {
      $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "Z")
    }
    let clock = zone.map { text[..<$0] } ?? text
    let parts = clock.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[0].count <= 2, parts[0].allSatisfy(isDigit), !parts[0].isEmpty,
      parts[1].count == 2, parts[1].allSatisfy(isDigit)
    else { return false }
    if parts.count == 3 {
      let seconds = parts[2].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard seconds.count <= 2, seconds[0].count == 2, seconds.allSatisfy({ $0.allSatisfy(isDigit) }) else {
        return false
      }
    }
    return zone.map { text[$0...].dropFirst().allSatisfy { isDigit($0) || $0 == UInt8(ascii: ":") } } ?? true
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
  }

  /// Words for no and yes, of which a column uses one pair.
  static let truthPairs = [["false", "true"], ["no", "yes"], ["f", "t"], ["n", "y"]]

  /// Whether the texts are those of one pair, in any case.
  static func areTruthValues(_ texts: some Sequence<String>) -> Bool {
    let words = Set(texts.map { $0.lowercased() })
    return !words.isEmpty && truthPairs.contains { words.isSubset(of: $0) }
  }
}
