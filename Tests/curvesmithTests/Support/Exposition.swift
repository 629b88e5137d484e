// Reads the text of metrics as Prometheus does, and finds fault with it as `promtool check metrics` does.

/// The families and samples of one exposition.
struct Exposition {
  struct Family {
    var name: String
    var type: String
    var help: String
    var samples: [Sample] = []
  }

  struct Sample: Hashable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  private(set) var families: [Family] = []
  /// What is wrong with the text.
  private(set) var faults: [String] = []

  init(_ text: String) {
    if !text.hasSuffix("\n") { faults.append("the last line does not end") }
    var help: (name: String, text: String)?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      if line.hasPrefix("# HELP "), words.count == 4 {
        help = (words[2], words[3])
      } else if line.hasPrefix("# TYPE "), words.count == 4 {
        if help?.name != words[2] { faults.append("\(words[2]) has no help before its type") }
        if families.contains(where: { $0.name == words[2] }) { faults.append("\(words[2]) comes twice") }
        families.append(Family(name: words[2], type: words[3], help: help?.text ?? ""))
      } else if let sample = Self.sample(line), !families.isEmpty {
        families[families.count - 1].samples.append(sample)
      } else if line != "# EOF" {
        faults.append("cannot be read: \(line)")
      }
    }
    for family in families { check(family) }
  }

  /// The value of a sample; nil if there is none.
  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
  }

  // MARK: - Reading

  private static func sample(_ line: Substring) -> Sample? {
    var rest = line
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
    rest = rest.dropFirst(name.count)
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      while rest.first != "}" {
        let label = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        rest = rest.dropFirst(label.count)
        guard !label.isEmpty, rest.hasPrefix("=\"") else { return nil }
        rest = rest.dropFirst(2)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
          guard character == "\\" else {
            value.append(character)
            continue
          }
          switch rest.popFirst() {
          case "n": value += "\n"
          case "\\": value += "\\"
          case "\"": value += "\""
          default: return nil
          }
        }
        guard labels.updateValue(value, forKey: String(label)) == nil else { return nil }
        if rest.first == "," { rest = rest.dropFirst() } else if rest.first != "}" { return nil }
      }
      rest = rest.dropFirst()
    }
    guard !name.isEmpty, rest.first == " " else { return nil }
    let number = rest.dropFirst()
    let value = ["+Inf": Double.infinity, "-Inf": -.infinity, "NaN": .nan][number] ?? Double(number)
    return value.map { Sample(name: String(name), labels: labels, value: $0) }
  }

  // MARK: - Rules

  private mutating func check(_ family: Family) {
    let name = family.name
    func fault(_ text: String) { faults.append("\(name) \(text)") }
    if family.help.isEmpty { fault("has no help") }
    if !["counter", "gauge", "histogram"].contains(family.type) {
      fault("has the unknown type \(family.type)")
    }
    if name.contains(":") || name != name.lowercased() { fault("is not in snake_case") }
    if name.contains("_\(family.type)") { fault("has its type in its name") }
    for unit in [
      "_ms", "_us", "_ns", "_kb", "_mb", "milliseconds", "kilobytes", "megabytes", "minutes", "hours",
      "percent",
    ]
    where name.hasSuffix(unit) || name.contains("\(unit)_") { fault("is not in a base unit") }
    if family.type != "counter", name.hasSuffix("_total") { fault("ends as a counter does") }
    if family.type != "histogram" {
      for ending in ["_bucket", "_count", "_sum"] where name.hasSuffix(ending) {
        fault("ends as a histogram does")
      }
    }
    if Set(family.samples.map { Sample(name: $0.name, labels: $0.labels, value: 0) }).count
      != family.samples.count
    {
      fault("has a sample twice")
    }
    if family.samples.isEmpty { fault("has no samples") }
    for label in family.samples.flatMap(\.labels.keys)
    where label != label.lowercased() || label.hasPrefix("__") {
      fault("has the label \(label)")
    }
    switch family.type {
    case "counter":
      for sample in family.samples {
        if !sample.name.hasSuffix("_total") || ![name, "\(name)_total"].contains(sample.name) {
          fault("has the sample \(sample.name)")
        }
        if !(sample.value >= 0) { fault("counts \(sample.value)") }
      }
    case "gauge":
      for sample in family.samples where sample.name != name { fault("has the sample \(sample.name)") }
    default:
      checkHistogram(family)
    }
  }

  private mutating func checkHistogram(_ family: Family) {
    let groups = Dictionary(grouping: family.samples) { $0.labels.filter { $0.key != "le" } }
    for (labels, samples) in groups {
      let buckets = samples.filter { $0.name == "\(family.name)_bucket" }
      let bounds = buckets.compactMap { bucket in
        bucket.labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) }
      }
      let counts = buckets.map(\.value)
      let ascends = zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
      let accumulates = zip(counts, counts.dropFirst()).allSatisfy { $0 <= $1 }
      let count = samples.filter { $0.name == "\(family.name)_count" }.map(\.value)
      let sum = samples.filter { $0.name == "\(family.name)_sum" }
      if bounds.count != buckets.count || bounds.last != .infinity || !ascends || !accumulates
        || count != counts.suffix(1) || sum.count != 1 || samples.count != buckets.count + 2
      {
        faults.append("\(family.name) \(labels) is no histogram")
      }
    }
  }
}
