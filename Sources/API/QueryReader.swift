// Reading query parameters, each with its range; a value out of range is refused, not corrected.

import HTTP

/// The query parameters of one request.
struct QueryReader {
  let target: Target

  /// The text of `name`, or nil.
  func string(_ name: String) -> String? {
    target.queryValue(name)
  }

  /// An integer in a range.
  func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
    guard let text = target.queryValue(name) else { return nil }
    guard Self.isDecimal(text), let value = Int(text), range.contains(value) else {
      throw .invalidParameter(
        name, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number in a range.
  func number(_ name: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
    guard let text = target.queryValue(name) else { return nil }
    guard Self.isDecimal(text), let value = Double(text), range.contains(value) else {
      throw .invalidParameter(
        name, expected: "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
    }
    return value
  }

  /// One of a type's cases.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type
  ) throws(APIError) -> Choice? {
    guard let text = target.queryValue(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .invalidParameter(
        name, expected: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  /// Some of a type's cases, comma-separated and each at most once, in the order given.
  func choices<Choice: RawRepresentable<String> & CaseIterable & Hashable>(
    _ name: String, of type: Choice.Type
  ) throws(APIError) -> [Choice]? {
    guard let text = target.queryValue(name) else { return nil }
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    let choices = words.compactMap { Choice(rawValue: String($0)) }
    guard choices.count == words.count, Set(choices).count == choices.count else {
      throw .invalidParameter(
        name,
        expected: "some of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), each at most once, "
          + "with commas between them")
    }
    return choices
  }

  /// A switch: the name alone, or `true` or `false`.
  func flag(_ name: String) throws(APIError) -> Bool {
    switch target.queryValue(name) {
    case nil, "false": return false
    case "", "true": return true
    default: throw .invalidParameter(name, expected: "empty, true or false")
    }
  }

  /// Whether a number's text is written in decimal: what converts it also takes `0x1p3` and `nan`.
  private static func isDecimal(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
  }
}
