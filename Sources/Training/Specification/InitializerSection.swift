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

  /// One that a trained model was stored with: `{"name", "scale"}`, or a bare name; nil if it is neither.
  static func stored(_ value: JSONValue) -> Initializer? {
    let faults = FaultCollector()
    var reader = ObjectReader(["initializer": value], faults: faults)
    let initializer = read(&reader)
    return faults.isEmpty ? initializer : nil
  }

  /// `{"name", "scale"}`.
  static func resolved(_ initializer: Initializer) -> JSONValue {
    ["name": .string(initializer.name.rawValue), "scale": .number(initializer.scale)]
  }
}
