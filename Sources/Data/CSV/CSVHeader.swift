// The names of a table's columns: as its first record has them, or made up where there are none.

/// The names of columns, all different.
struct CSVHeader {
  private(set) var names: [String] = []
  private(set) var positions: [String: Int] = [:]
  /// Columns whose name is made up, because the header has none for them.
  private(set) var nameless: [Int] = []

  static let maximumNameBytes = 256

  /// Names for `texts`, of which some may be empty: column k is then `x<k>`.
  ///
  /// - Throws: where two are the same, or one is too long or has control characters.
  init(_ texts: [String], row: Int) throws(CSVError) {
    for (index, text) in texts.enumerated() {
      let name = Self.tidied(text)
      if name.utf8.count > Self.maximumNameBytes {
        throw CSVError(reason: .longName(limit: Self.maximumNameBytes), row: row, column: index + 1)
      }
      if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        throw CSVError(reason: .controlInName, row: row, column: index + 1)
      }
      if name.isEmpty {
        nameless.append(index)
      } else if let first = positions.updateValue(index, forKey: name) {
        throw CSVError(reason: .duplicateName(name, first: first + 1), row: row, column: index + 1)
      }
      names.append(name)
    }
    for index in nameless {
      var name = "x\(index + 1)"
      while positions[name] != nil { name += "_" }
      names[index] = name
      positions[name] = index
    }
  }

  /// The names `x1`, `x2`, …
  init(count: Int) {
    names = (1...max(1, count)).map { "x\($0)" }
    positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// Without surrounding spaces, and with one space where a spreadsheet's cell is broken into lines.
  static func tidied(_ text: String) -> String {
    let parts = text.split { $0.isNewline || $0 == "\t" || $0 == "\u{A0}" }
    return String(decoding: DecimalText.trimmed(Array(parts.joined(separator: " ").utf8)[...]), as: UTF8.self)
  }
}
