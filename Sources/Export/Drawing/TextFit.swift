// How wide a line of text is, estimated without fonts, and how to break and cut lines to a width.

/// How much room a text takes, and how it is cut to what there is.
package enum TextFit {
  /// The typeface that a width is estimated for.
  package enum Face {
    case sans, bold, mono
  }

  /// A width in pixels that common fonts stay within, for text set at `size` pixels.
  package static func width(_ text: some StringProtocol, _ face: Face, size: Double) -> Double {
    switch face {
    case .mono: 0.605 * size * Double(text.count)
    case .bold: 1.12 * width(text, .sans, size: size)
    case .sans: size * text.reduce(0) { $0 + share(of: $1) }
    }
  }

  /// Lines broken at spaces, cut with an ellipsis after `maximumLines`; a word wider than a line is broken anywhere.
  package static func lines(
    _ text: String, _ face: Face, size: Double, width: Double, maximumLines: Int
  ) -> (lines: [String], isCut: Bool) {
    var lines: [String] = []
    var line = ""
    func fits(_ candidate: String) -> Bool { self.width(candidate, face, size: size) <= width }
    for word in text.split(whereSeparator: \.isWhitespace) {
      if lines.count > maximumLines { break }
      let candidate = line.isEmpty ? String(word) : "\(line) \(word)"
      if fits(candidate) {
        line = candidate
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if lines.count > maximumLines { break }
        if !fits(line + String(character)), !line.isEmpty {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    if !line.isEmpty { lines.append(line) }
    guard lines.count > maximumLines else { return (lines, false) }
    lines = Array(lines.prefix(maximumLines))
    if var last = lines.popLast() {
      while !last.isEmpty, !fits(last + "…") { last.removeLast() }
      lines.append(last + "…")
    }
    return (lines, true)
  }

  private static func share(of character: Character) -> Double {
    switch character {
    case "i", "j", "l", "I", "t", "f", "r", "'", "|", "!", ".", ",", ":", ";", " ", "(", ")", "[", "]", "′":
      0.38
    case "m", "w", "M", "W", "%", "@", "→", "×": 0.92
    case let letter where letter.isUppercase: 0.7
    case let other where other.isASCII: 0.6
    case let other where other.unicodeScalars.contains { $0.value >= 0x2E80 }: 1.05
    default: 0.65
    }
  }
}
