// The `initializer` of the training section: a name, or an object with the scale beside it.

import Engine
import JSON

/// Reads `initializer` into the engine's rule, and writes it back.
enum InitializerSection {
  static func read(_ training: inout ObjectReader) -> Initializer {
    let names = Initializer.Name.allCases.map(\.rawValue)
    guard let named = training.named("initializer", among: names, absent: Initializer.auto.name.rawValue),
      let name = Initializer.Name(rawValue: named.name)
    else { return .auto }
    var options = named.options
    let scale = options.number("scale", in: 1e-6...1e6) ?? 1
    options.finish()
    return Initializer(name, scale: scale)
  }

  /// `{"name", "scale"}`.
  static func resolved(_ initializer: Initializer) -> JSONValue {
    ["name": .string(initializer.name.rawValue), "scale": .number(initializer.scale)]
  }
}
