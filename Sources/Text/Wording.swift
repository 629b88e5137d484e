// How sentences for people write numbers, names and lists of names.

/// The shortest text that reads back as the same number, without a fraction of zero: "3", "0.25", "1e-07".
package func text(of value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// A name or a value as a client wrote it, in backticks; what would disturb a line is escaped (`\n`, `\u{1B}`), and what
/// is longer than 80 Unicode scalars is cut.
package func quoted(_ text: String) -> String {
  let maximum = 80
  let kept = text.unicodeScalars.prefix(maximum)
  var shown = ""
  for scalar in kept {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: shown += scalar.escaped(asASCII: true)
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return "`\(shown)\(kept.endIndex == text.unicodeScalars.endIndex ? "" : "…")`"
}

/// "`a`, `b` and `c`"; "none" for no name.
package func listed(_ names: some Sequence<String>) -> String {
  let quoted = names.map { Text.quoted($0) }
  guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "none" }
  return quoted.dropLast().joined(separator: ", ") + " and " + last
}

/// A whole number in groups of three digits: `32,000,000`.
package func grouped(_ number: Double) -> String {
  guard let whole = Int(exactly: number) else { return text(of: number) }
  var groups: [Substring] = []
  var rest = Substring(String(whole))
  while !rest.isEmpty {
    groups.insert(rest.suffix(3), at: 0)
    rest = rest.dropLast(3)
  }
  return groups.joined(separator: ",")
}
