// The `initializer` of the training section: a name, or an object with the scale beside it.

import Engine
import JSON

/// Reads `initializer` into the engine's rule, and writes it back.
enum InitializerSection {
  static func read(_ training: inout ObjectReader) -> Initializer {
    guard let named = training.named("initializer", of: Initializer.Name.self, absent: .auto) else {
      return .auto
    }
    var options = named.options
    let scale = options.number("scale", in: 1e-6...1e6) ?? 1
    options.finish()
    return Initializer(named.name, scale: scale)
  }

  /// `{"name", "scale"}`.
  static func resolved(_ initializer: Initializer) -> JSONValue {
    ["name": .string(initializer.name.rawValue), "scale": .number(initializer.scale)]
  }
}
