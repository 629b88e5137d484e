// The settings in force as a table for a terminal: name, value, and where each came from.

/// What `check-config` prints.
struct SettingsReport {
  let text: String

  init(_ resolved: ResolvedSettings) {
    let rows = resolved.origins.map { origin in
      (
        name: origin.name, value: origin.value.isEmpty ? "-" : origin.value,
        source: origin.place.isEmpty ? origin.source : "\(origin.source) \(origin.place)"
      )
    }
    let names = rows.map(\.name.count).max() ?? 0
    let values = rows.map(\.value.count).max() ?? 0
    text = rows.map { row in
      "\(Self.padded(row.name, names))  \(Self.padded(row.value, values))  \(row.source)\n"
    }.joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: width - text.count)
  }
}
