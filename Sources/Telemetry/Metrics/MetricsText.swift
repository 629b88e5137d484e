// The text in which metrics are read: Prometheus's format and OpenMetrics 1.0.

/// The two texts.
public enum MetricsFormat: Sendable {
  /// `text/plain; version=0.0.4`.
  case prometheus
  /// `application/openmetrics-text; version=1.0.0`, which names a counter without its ending and has an end.
  case openMetrics
}

enum MetricsText {
  static func write(_ entries: [MetricsRegistry.Entry], _ format: MetricsFormat) -> [UInt8] {
    var text = ""
    for entry in entries {
      let samples = entry.read()
      if samples.isEmpty { continue }
      let family = format == .openMetrics ? entry.openName : entry.name
      text += "# HELP \(family) \(escaped(entry.help, quotes: format == .openMetrics))\n"
      text += "# TYPE \(family) \(entry.kind.rawValue)\n"
      for (labels, sample) in samples { write(entry.name, labels, sample, to: &text) }
    }
    if format == .openMetrics { text += "# EOF\n" }
    return Array(text.utf8)
  }

  private static func write(
    _ name: String, _ labels: String, _ sample: MetricsRegistry.Entry.Sample, to text: inout String
  ) {
    let braced = labels.isEmpty ? "" : "{\(labels)}"
    switch sample {
    case .number(let value): text += "\(name)\(braced) \(number(value))\n"
    case .count(let value): text += "\(name)\(braced) \(value)\n"
    case .histogram(let bounds, let state):
      let prefix = labels.isEmpty ? "" : "\(labels),"
      var count = 0
      for (bound, more) in zip(bounds + [.infinity], state.counts) {
        count += more
        text += "\(name)_bucket{\(prefix)le=\"\(number(bound))\"} \(count)\n"
      }
      text += "\(name)_sum\(braced) \(number(state.sum))\n"
      text += "\(name)_count\(braced) \(count)\n"
    }
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return "\(value)"
  }

  /// Backslashes and line ends, and in label values quotation marks, behind backslashes.
  static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
