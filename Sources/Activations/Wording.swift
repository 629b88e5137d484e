// Words for errors and formulas: numbers, lists of names, and the nearest name to a misspelt one.

/// The shortest text that reads back as the same number, without a fraction of zero.
func text(of value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// "`a`, `b` and `c`".
func listed(_ names: [String]) -> String {
  let quoted = names.map { "`\($0)`" }
  guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "none" }
  return quoted.dropLast().joined(separator: ", ") + " and " + last
}

/// "; did you mean `x`?" for the nearest of the names, or nothing if none is near.
func suggestion(_ name: String, _ names: some Sequence<String>) -> String {
  nearest(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
}

/// The name with the fewest edits, if they are at most a third of its length (at least one edit is allowed); of several
/// the one nearest in length.
func nearest(to name: String, among names: some Sequence<String>) -> String? {
  guard name.utf8.count <= 64 else { return nil }
  let ranked = names.map { other in
    (
      edits: edits(from: Array(name.utf8), to: Array(other.utf8)),
      lengthChange: Swift.abs(name.utf8.count - other.utf8.count), name: other
    )
  }
  guard
    let best = ranked.min(by: {
      ($0.edits, $0.lengthChange, $0.name) < ($1.edits, $1.lengthChange, $1.name)
    })
  else { return nil }
  return best.edits <= max(1, best.name.utf8.count / 3) ? best.name : nil
}

/// The fewest insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
private func edits(from a: [UInt8], to b: [UInt8]) -> Int {
  var older: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var best = Swift.min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = Swift.min(best, older[j - 1] + 1) }
      current.append(best)
    }
    older = previous
    previous = current
  }
  return previous[b.count]
}
