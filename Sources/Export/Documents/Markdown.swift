// Pieces of Markdown as GitHub reads it: escaped text, code, links to papers, anchors of headings.

enum Markdown {
  /// Text that stands for itself, but for code between backticks, which stays code.
  static func escaped(_ text: String) -> String {
    var isCode = false
    return text.reduce(into: "") { result, character in
      if character == "`" { isCode.toggle() }
      if !isCode, "\\*_<>[]|".contains(character) { result.append("\\") }
      result.append(character == "\n" ? " " : character)
    }
  }

  /// A code span; formulas hold no backticks.
  static func code(_ text: String) -> String { "`\(text)`" }

  /// Escaped text in which "arXiv:…" and "doi:…" are links.
  static func linked(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let end = word.lastIndex { !",;.)".contains($0) } ?? word.startIndex
      guard !word.isEmpty else { return "" }
      let (core, tail) = (String(word[...end]), String(word[word.index(after: end)...]))
      let prefix = core.prefix { $0 == "(" }
      let target = core.dropFirst(prefix.count)
      for (scheme, site) in [("arXiv:", "https://arxiv.org/abs/"), ("doi:", "https://doi.org/")]
      where target.hasPrefix(scheme) {
        return "\(prefix)[\(escaped(String(target)))](\(site)\(target.dropFirst(scheme.count)))\(tail)"
      }
      return escaped(core) + tail
    }.joined(separator: " ")
  }
}

/// The anchors that GitHub gives to the headings of a page, in their order.
struct Anchors {
  private var seen: [String: Int] = [:]

  mutating func next(_ heading: String) -> String {
    let slug = String(
      heading.lowercased().compactMap { character in
        character == " "
          ? "-" : character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
      })
    defer { seen[slug, default: 0] += 1 }
    return seen[slug].map { "\(slug)-\($0)" } ?? slug
  }
}
