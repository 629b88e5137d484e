// One line about a job: where it stands and its newest metrics, of an ended one those of the epoch that was kept.

package import JSON

/// A job document as one line for a terminal.
package struct JobReport {
  /// The line, ended by a newline; why the job failed and what it warns of follow, each on a line of its own.
  package let text: String

  /// Nil when the document is not a job.
  package init?(_ document: JSONValue) {
    guard let status = document["status"]?.stringValue, document["id"]?.stringValue?.hasPrefix("job_") == true
    else { return nil }
    var line = status.padded(to: 10)
    let result = document["result"]
    var epochs: [String] = []
    if let progress = document["progress"], let epoch = progress["epoch"]?.intValue,
      let last = progress["epochs"]?.intValue
    {
      epochs.append("epoch \(epoch)/\(last)")
    }
    if let kept = result?["epoch"]?.intValue, kept != result?["last"]?["epoch"]?.intValue {
      epochs.append("epoch \(kept) kept")
    }
    if !epochs.isEmpty { line += "  " + epochs.joined(separator: ", ") }
    let metrics = result?["metrics"]?.objectValue ?? document["metrics"]?.objectValue
    line += headline(metrics?.pairs ?? [])
    if let message = document["error"]?["message"]?.stringValue { line += "\n  \(message)" }
    for warning in document["warnings"]?.arrayValue ?? [] {
      if let message = warning["message"]?.stringValue { line += "\n  warning: \(message)" }
    }
    text = line + "\n"
  }
}

/// The metrics that fit on one line: the losses, and the accuracy or the error in the target's own unit.
func headline(_ metrics: [(key: String, value: JSONValue)]) -> String {
  metrics.compactMap { name, value in
    guard isHeadline(name) else { return nil }
    return value.doubleValue.map { "  \(name) \(fixed($0, decimals: 4))" }
  }.joined()
}

/// Whether a metric is among those that everybody looks at first.
func isHeadline(_ name: String) -> Bool {
  ["_loss", "_accuracy", "_rmse"].contains(where: name.hasSuffix)
}

extension String {
  /// This text followed by spaces up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// This text preceded by spaces up to a width.
  func paddedLeft(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}

/// A number with a fixed count of decimals, rounded half away from zero; huge and non-finite ones as they are.
package func fixed(_ value: Double, decimals: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
  let scaled = Int64((value.magnitude * scale).rounded())
  let digits = String(scaled).paddedLeft(to: decimals + 1).map { $0 == " " ? "0" : $0 }
  let sign = value < 0 && scaled != 0 ? "-" : ""
  let whole = String(digits.dropLast(decimals))
  return decimals == 0 ? sign + whole : sign + whole + "." + String(digits.suffix(decimals))
}
