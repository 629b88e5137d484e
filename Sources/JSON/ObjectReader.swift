// Reading one JSON object member by member, turning every misuse into a fault at its exact place.

import Text

/// A typed view of an object.
///
/// Nothing throws: a member that is absent, null or faulty reads as nil, its fault goes to the collector, and
/// reading goes on, so that one pass finds every fault. `finish()` then reports the members that nobody asked for.
///
///     var reader = ObjectReader(document, faults: faults)
///     let epochs = reader.integer("epochs", in: 1...1_000_000) ?? 100
///     let optimizer = reader.choice("optimizer", of: Optimizer.self) ?? .adam
///     reader.finish()
public struct ObjectReader {
  /// Where the object is.
  public let pointer: JSONPointer
  /// Where faults go.
  public let faults: FaultCollector
  /// Nil if the value was no object: then nothing else is reported about it.
  private let object: JSONObject?
  private var known: [String] = []

  /// Reads `value`; that it is no object is the first fault.
  public init(_ value: JSONValue, at pointer: JSONPointer = JSONPointer(), faults: FaultCollector) {
    self.pointer = pointer
    self.faults = faults
    object = value.objectValue
    if object == nil { faults.add(mismatchDetail("an object", value), at: pointer) }
  }

  /// Whether the member is there and not null. Reading it later is still needed, or it counts as unknown.
  public func has(_ name: String) -> Bool {
    object?[name].map { !$0.isNull } ?? false
  }

  /// The member's value, unchecked; nil if absent or null.
  public mutating func value(_ name: String, required: Bool = false) -> JSONValue? {
    known.append(name)
    guard let object else { return nil }
    if let value = object[name], !value.isNull { return value }
    if required { fault(name, "required member is missing") }
    return nil
  }

  /// Reports a fault of this reader's own member.
  public func fault(_ name: String, _ detail: String) {
    faults.add(detail, at: pointer.appending(name))
  }

  /// Reports every member that was never read, with the nearest known name.
  ///
  /// - Parameter synonyms: other names of members, which are offered where they are known.
  public func finish(synonyms: [String: String] = [:]) {
    guard let object else { return }
    let names = Set(known)
    for key in object.keys where !names.contains(key) {
      // Suggestions are dear, and a hostile object has a million members.
      if faults.isFull { return }
      let absent = known.filter { object[$0] == nil }
      let synonym = synonyms[key].flatMap { absent.contains($0) ? $0 : nil }
      fault(key, "unknown member" + (synonym.map { didYouMean($0) } ?? suggestion(for: key, among: absent)))
    }
  }
}

// MARK: - Members by type

extension ObjectReader {
  /// A text; a fault and nil if it is none, or missing though required.
  public mutating func string(
    _ name: String, maximumCharacters: Int? = nil, required: Bool = false
  ) -> String? {
    guard let value = value(name, required: required) else { return nil }
    return string(value, at: pointer.appending(name), maximumCharacters: maximumCharacters)
  }

  /// A truth value; a fault and nil if it is none, or missing though required.
  public mutating func bool(_ name: String, required: Bool = false) -> Bool? {
    guard let value = value(name, required: required) else { return nil }
    guard let bool = value.boolValue else { return mismatch(name, "true or false", value) }
    return bool
  }

  /// A whole number; `3.0` counts as one.
  public mutating func integer(
    _ name: String, in range: ClosedRange<Int>? = nil, required: Bool = false
  ) -> Int? {
    guard let value = value(name, required: required) else { return nil }
    return integer(value, at: pointer.appending(name), in: range)
  }

  /// A number, optionally in a closed range, or strictly above or below a bound.
  public mutating func number(
    _ name: String, in range: ClosedRange<Double>? = nil, above: Double? = nil, below: Double? = nil,
    required: Bool = false
  ) -> Double? {
    guard let value = value(name, required: required) else { return nil }
    guard let number = value.doubleValue else { return mismatch(name, "a number", value) }
    let wanted: String? =
      if let range, !range.contains(number) {
        "between \(text(of: range.lowerBound)) and \(text(of: range.upperBound))"
      } else if let above, number <= above {
        "above \(text(of: above))"
      } else if let below, number >= below {
        "below \(text(of: below))"
      } else {
        nil
      }
    guard let wanted else { return number }
    fault(name, "must be \(wanted), got \(text(of: number))")
    return nil
  }

  /// One of the raw values of an enumeration.
  public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: Choice.Type, required: Bool = false
  ) -> Choice? {
    choice(name, among: type.allCases.map(\.rawValue), required: required).flatMap(type.init(rawValue:))
  }

  /// One of these strings.
  ///
  /// - Parameter meaning: what another string was meant to say, in words for a sentence, where that is known.
  public mutating func choice(
    _ name: String, among choices: [String], required: Bool = false,
    meaning: (String) -> String? = { _ in nil }
  ) -> String? {
    guard let value = value(name, required: required) else { return nil }
    let list = listed(choices)
    guard let string = value.stringValue else { return mismatch(name, "one of \(list)", value) }
    guard !choices.contains(string) else { return string }
    let hint = meaning(string).map { "; did you mean \($0)?" } ?? suggestion(for: string, among: choices)
    fault(name, "expected one of \(list), got \(quoted(string))\(hint)")
    return nil
  }

  /// A reader for a nested object; it reports to the same collector and must be finished too.
  public mutating func object(_ name: String, required: Bool = false) -> ObjectReader? {
    guard let value = value(name, required: required) else { return nil }
    let reader = ObjectReader(value, at: pointer.appending(name), faults: faults)
    return reader.object == nil ? nil : reader
  }

  /// An array; a fault and nil if it is none, or missing though required.
  public mutating func array(
    _ name: String, count: ClosedRange<Int>? = nil, required: Bool = false
  ) -> JSONArray? {
    guard let value = value(name, required: required) else { return nil }
    guard let array = value.arrayValue else { return mismatch(name, "an array", value) }
    if let count, !count.contains(array.count) {
      fault(name, "must have \(text(count)) elements, got \(array.count)")
      return nil
    }
    return array
  }

  /// An array of numbers; each element of another type is a fault of its own.
  public mutating func numbers(
    _ name: String, count: ClosedRange<Int>? = nil, required: Bool = false
  ) -> [Double]? {
    guard let array = array(name, count: count, required: required) else { return nil }
    if let numbers = array.numbers { return numbers }
    return elements(of: array, name) { value, pointer in
      value.doubleValue ?? mismatch(value, "a number", at: pointer)
    }
  }

  /// An array of whole numbers.
  public mutating func integers(
    _ name: String, in range: ClosedRange<Int>? = nil, count: ClosedRange<Int>? = nil, required: Bool = false
  ) -> [Int]? {
    guard let array = array(name, count: count, required: required) else { return nil }
    return elements(of: array, name) { integer($0, at: $1, in: range) }
  }

  /// An array of strings.
  public mutating func strings(
    _ name: String, maximumCharacters: Int? = nil, count: ClosedRange<Int>? = nil, required: Bool = false
  ) -> [String]? {
    guard let array = array(name, count: count, required: required) else { return nil }
    return elements(of: array, name) { string($0, at: $1, maximumCharacters: maximumCharacters) }
  }
}

// MARK: - Checks shared by members and elements

extension ObjectReader {
  /// Every element read by `read`; nil if any of them was faulty.
  private func elements<Element>(
    of array: JSONArray, _ name: String, _ read: (JSONValue, JSONPointer) -> Element?
  ) -> [Element]? {
    let place = pointer.appending(name)
    let read = array.enumerated().map { read($0.element, place.appending($0.offset)) }
    let found = read.compactMap(\.self)
    return found.count == read.count ? found : nil
  }

  private func integer(
    _ value: JSONValue, at pointer: JSONPointer, in range: ClosedRange<Int>?
  ) -> Int? {
    guard let number = value.doubleValue else { return mismatch(value, "an integer", at: pointer) }
    guard number == number.rounded() else {
      faults.add("expected an integer, got \(text(of: number))", at: pointer)
      return nil
    }
    let range = range ?? -(1 << 53)...1 << 53
    guard let integer = value.intValue, range.contains(integer) else {
      faults.add("must be \(text(range)), got \(text(of: number))", at: pointer)
      return nil
    }
    return integer
  }

  private func string(_ value: JSONValue, at pointer: JSONPointer, maximumCharacters: Int?) -> String? {
    guard let string = value.stringValue else { return mismatch(value, "a string", at: pointer) }
    if let maximumCharacters, string.count > maximumCharacters {
      faults.add("must have at most \(maximumCharacters) characters, got \(string.count)", at: pointer)
      return nil
    }
    return string
  }

  private func mismatch<Value>(_ name: String, _ wanted: String, _ value: JSONValue) -> Value? {
    mismatch(value, wanted, at: pointer.appending(name))
  }

  private func mismatch<Value>(_ value: JSONValue, _ wanted: String, at pointer: JSONPointer) -> Value? {
    faults.add(mismatchDetail(wanted, value), at: pointer)
    return nil
  }
}

/// "expected a number, got a string"
private func mismatchDetail(_ wanted: String, _ value: JSONValue) -> String {
  "expected \(wanted), got \(value.typeNameWithArticle)"
}

/// "between 1 and 10", or "at least 1" where the range is open for practical purposes.
private func text(_ range: ClosedRange<Int>) -> String {
  range.upperBound == .max
    ? "at least \(range.lowerBound)" : "between \(range.lowerBound) and \(range.upperBound)"
}
