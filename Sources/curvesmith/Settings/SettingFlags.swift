// The flags of `serve`, made of the table of settings.

import ArgumentParser

/// An option or flag for each setting. ArgumentParser finds arguments by reflection: here they are the table's rows
/// in place of stored properties.
struct SettingFlags: ParsableArguments, CustomReflectable {
  /// What the command line gave, by setting name.
  private(set) var values: [String: [String]] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for setting in ServeSettings.table {
      let key = Key(stringValue: setting.name)
      let given: [String] =
        switch setting.form {
        case .option:
          [try container.decode(Option<String?>.self, forKey: key).wrappedValue].compactMap(\.self)
        case .repeated: try container.decode(Option<[String]>.self, forKey: key).wrappedValue
        case .toggle: try container.decode(Flag<Bool>.self, forKey: key).wrappedValue ? ["true"] : []
        }
      if !given.isEmpty { values[setting.name] = given }
    }
  }

  var customMirror: Mirror {
    Mirror(self, children: ServeSettings.table.map { ($0.name, Self.argument(for: $0)) })
  }

  private static func argument(for setting: Setting) -> Any {
    let name = NameSpecification.customLong(setting.flag)
    switch setting.form {
    case .option(let value):
      return Option<String?>(name: name, help: ArgumentHelp("\(setting.help)", valueName: value))
    case .repeated(let value):
      return Option<[String]>(
        wrappedValue: [], name: name, help: ArgumentHelp("\(setting.help)", valueName: value))
    case .toggle:
      return Flag<Bool>(wrappedValue: false, name: name, help: ArgumentHelp("\(setting.help)"))
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
