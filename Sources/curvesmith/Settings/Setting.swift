// One setting of `serve`: how it is named, what it may be, what it is for, and where it goes.

import HTTP
package import JSON
import Text

/// A row of the table of settings, from which flags, variables, file members, checks and help all follow.
package struct Setting: Sendable {
  /// How the setting stands on the command line.
  package enum Form: Sendable, Equatable {
    /// `--name VALUE`.
    case option(value: String)
    /// `--name VALUE`, any number of times.
    case repeated(value: String)
    /// `--name` alone.
    case toggle
  }

  /// A value as somebody gave it.
  package enum Given: Sendable, Equatable {
    /// From the command line or the environment; several where a flag was repeated.
    case texts([String])
    /// From a configuration file.
    case json(JSONValue)
  }

  /// The name in a configuration file, in snake_case.
  package let name: String
  /// The name on the command line, without its dashes.
  package let flag: String
  /// How it stands on the command line.
  package let form: Form
  /// What it is for, in one sentence.
  package let summary: String
  /// The default, in words where its value would not say enough.
  package let fallback: String
  /// What a value must be, as a sentence has it.
  package let expectation: String
  /// The only texts that it may be, where there are such.
  let choices: [String]
  /// Puts a value where it belongs; false if it is not what is expected.
  let assign: @Sendable (Given, inout ServeSettings) -> Bool
  /// The value in force, as text.
  package let text: @Sendable (ServeSettings) -> String

  /// - Parameters:
  ///   - name: the name in a configuration file; flag and variable follow from it.
  ///   - place: where the value goes; the default is what stands there.
  ///   - flag: the flag's name where it is not that of the file with hyphens.
  ///   - fallback: the default in words, where its value would not say enough.
  init<Value: Sendable>(
    _ name: String, _ place: any WritableKeyPath<ServeSettings, Value> & Sendable, _ type: SettingType<Value>,
    _ summary: String, flag: String? = nil, default fallback: String? = nil
  ) {
    self.name = name
    self.flag = flag ?? name.replacing("_", with: "-")
    form = type.form
    expectation = type.expectation
    choices = type.choices
    self.summary = summary
    self.fallback = fallback ?? type.text(ServeSettings()[keyPath: place])
    assign = { given, settings in
      guard let value = type.read(given) else { return false }
      settings[keyPath: place] = value
      return true
    }
    text = { type.text($0[keyPath: place]) }
  }

  /// What the command line's help says: what it is for, what it may be, and its default.
  package var help: String {
    let names = choices.isEmpty ? "" : " One of \(choices.joined(separator: ", "))."
    let ending = form == .toggle || fallback.isEmpty ? "" : " (default: \(fallback))"
    return summary + names + ending
  }

  /// The name in the environment.
  package var variable: String { "CURVESMITH_\(name.uppercased())" }
}

/// What the values of one type may be, and how they are written.
struct SettingType<Value: Sendable>: Sendable {
  var form: Setting.Form
  var expectation: String
  var choices: [String] = []
  var read: @Sendable (Setting.Given) -> Value?
  var text: @Sendable (Value) -> String
}

extension SettingType {
  /// Any text; `value` names it in the help.
  static func text(_ value: String) -> SettingType<String> {
    SettingType<String>(
      form: .option(value: value), expectation: "a text", read: { $0.json.stringValue }, text: { $0 })
  }

  /// Texts: a list in a file, separated by commas in a variable.
  static func texts(_ value: String) -> SettingType<[String]> {
    SettingType<[String]>(
      form: .repeated(value: value), expectation: "a list of texts",
      read: { given in
        switch given {
        case .texts(let texts):
          texts.flatMap { $0.split(separator: ",") }.map { $0.trimming(" ") }.filter { !$0.isEmpty }
        case .json(let value):
          value.arrayValue.flatMap { array in
            let texts = array.compactMap(\.stringValue)
            return texts.count == array.count ? texts : nil
          }
        }
      }, text: { $0.joined(separator: ", ") })
  }

  /// A whole number in a range.
  static func integer(_ range: ClosedRange<Int>) -> SettingType<Int> {
    SettingType<Int>(
      form: .option(value: "number"),
      expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { given in given.number?.intValue.flatMap { range.contains($0) ? $0 : nil } }, text: { "\($0)" })
  }

  /// A whole number in a range, or none.
  static func optionalInteger(_ range: ClosedRange<Int>) -> SettingType<Int?> {
    let number = SettingType<Int>.integer(range)
    return SettingType<Int?>(
      form: number.form, expectation: number.expectation, read: { number.read($0).map(Optional.some) },
      text: { $0.map(number.text) ?? "none" })
  }

  /// Seconds in a range.
  static func seconds(_ range: ClosedRange<Int>) -> SettingType<Double> {
    SettingType<Double>(
      form: .option(value: "seconds"),
      expectation: "a number from \(range.lowerBound) to \(range.upperBound)",
      read: { given in
        given.number?.doubleValue.flatMap {
          (Double(range.lowerBound)...Double(range.upperBound)).contains($0) ? $0 : nil
        }
      }, text: { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" })
  }

  /// Web origins, exactly: no pattern, and not `null`, which many pages have.
  static var origins: SettingType<[String]> {
    let texts = SettingType<[String]>.texts("origin")
    return SettingType<[String]>(
      form: texts.form, expectation: "a list of origins such as https://tools.example.org",
      read: { given in
        texts.read(given).flatMap { $0.allSatisfy { Origin($0) != nil } ? $0 : nil }
      }, text: texts.text)
  }

  /// Yes or no.
  static var toggle: SettingType<Bool> {
    SettingType<Bool>(
      form: .toggle, expectation: "true or false",
      read: { given in
        switch given {
        case .json(let value): value.boolValue
        case .texts:
          switch given.json.stringValue?.lowercased() {
          case "true", "yes", "1": true
          case "false", "no", "0": false
          default: nil
          }
        }
      }, text: { "\($0)" })
  }

  /// One of an enumeration's names.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    of type: Choice.Type
  ) -> SettingType<Choice> {
    SettingType<Choice>(
      form: .option(value: "name"),
      expectation: "one of \(listed(Choice.allCases.map(\.rawValue)))",
      choices: Choice.allCases.map(\.rawValue),
      read: { $0.json.stringValue.flatMap(Choice.init(rawValue:)) }, text: { $0.rawValue })
  }
}

extension Setting.Given {
  /// The value as a file would have it: of several texts the last.
  fileprivate var json: JSONValue {
    switch self {
    case .texts(let texts): texts.last.map(JSONValue.string) ?? .null
    case .json(let value): value
    }
  }

  /// A number, which a text holds as JSON writes it.
  fileprivate var number: JSONValue? {
    switch self {
    case .texts(let texts): texts.last.flatMap { try? JSONParser.parse(Array($0.utf8)) }
    case .json(let value): value
    }
  }

  /// The value as it was given, for a message.
  var shown: String {
    switch self {
    case .texts(let texts): texts.joined(separator: ",")
    case .json(let value): String(decoding: value.serialized(), as: UTF8.self)
    }
  }
}

extension StringProtocol {
  /// This text without these characters at both ends.
  fileprivate func trimming(_ character: Character) -> String {
    let start = drop { $0 == character }
    return String(start.reversed().drop { $0 == character }.reversed())
  }
}
