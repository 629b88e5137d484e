// Reads settings by one precedence (flags, environment, file, default), remembering where each came from.

import Configuration
import Text

/// Reads settings from providers in order of precedence and collects every fault instead of stopping at the first.
///
/// `swift-configuration`'s own reader falls back to the default when a value cannot be converted; a service whose
/// `CURVESMITH_PORT=80a` silently becomes 8080 would be a trap, so the providers are asked directly.
package struct SettingsReader {
  /// Where the value of one setting came from.
  package struct Origin: Sendable, Equatable {
    package var name: String
    package var value: String
    package var source: String
  }

  private let providers: [(source: String, provider: any ConfigProvider)]
  private(set) var origins: [Origin] = []
  private(set) var faults: [String] = []

  init(providers: [(source: String, provider: any ConfigProvider)]) {
    self.providers = providers
  }

  mutating func string(_ name: String, default fallback: String) -> String {
    value(name, type: .string, default: fallback) { content in
      if case .string(let text) = content { text } else { nil }
    }
  }

  mutating func flag(_ name: String) -> Bool {
    value(name, type: .bool, default: false) { content in
      if case .bool(let flag) = content { flag } else { nil }
    }
  }

  mutating func strings(_ name: String) -> [String] {
    value(name, type: .stringArray, default: []) { content in
      if case .stringArray(let list) = content { list } else { nil }
    }
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
    let number = value(name, type: .int, default: fallback) { content in
      if case .int(let number) = content { number } else { nil }
    }
    return checked(name, number, in: range, default: fallback)
  }

  mutating func seconds(_ name: String, in range: ClosedRange<Double>, default fallback: Double) -> Double {
    let number = value(name, type: .double, default: fallback) { content in
      if case .double(let number) = content { number } else { nil }
    }
    return checked(name, number, in: range, default: fallback)
  }

  /// A setting that is one of an enumeration's names.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, default fallback: Choice
  ) -> Choice where Choice.RawValue == String {
    let text = string(name, default: fallback.rawValue)
    if let choice = Choice(rawValue: text) { return choice }
    let choices = Choice.allCases.map(\.rawValue)
    faults.append(
      "\(name): `\(text)` is not one of \(listed(choices))\(suggestion(for: text, among: choices))")
    return fallback
  }

  private mutating func checked<Number: Comparable>(
    _ name: String, _ number: Number, in range: ClosedRange<Number>, default fallback: Number
  ) -> Number {
    if range.contains(number) { return number }
    faults.append("\(name): \(number) is not between \(range.lowerBound) and \(range.upperBound)")
    return fallback
  }

  private mutating func value<Value>(
    _ name: String, type: ConfigType, default fallback: Value, read: (ConfigContent) -> Value?
  ) -> Value {
    for (source, provider) in providers {
      do {
        guard let found = try provider.value(forKey: AbsoluteConfigKey([name]), type: type).value else {
          continue
        }
        guard let value = read(found.content) else { continue }
        origins.append(Origin(name: name, value: "\(value)", source: source))
        return value
      } catch {
        faults.append("\(name): the value from \(source) is not \(type.article)")
        return fallback
      }
    }
    origins.append(Origin(name: name, value: "\(fallback)", source: "default"))
    return fallback
  }
}

extension ConfigType {
  /// The type as a sentence names it.
  fileprivate var article: String {
    switch self {
    case .string: "a text"
    case .int: "a whole number"
    case .double: "a number"
    case .bool: "true or false"
    case .stringArray: "a list of texts"
    default: "of the right type"
    }
  }
}
