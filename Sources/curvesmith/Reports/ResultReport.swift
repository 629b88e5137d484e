// How a job ended and what it measured: the epoch that was kept beside the last one.

package import JSON

/// A document with `status`, `result` and `error` as text for a terminal.
package struct ResultReport {
  /// The report, ended by a newline.
  package let text: String

  /// Reads a job, or what `train` makes of one; what is missing there is missing in the report.
  package init(_ document: JSONValue) {
    let result = document["result"] ?? .null
    let seconds = result["training_seconds"]?.doubleValue ?? 0
    var lines = [
      "\(document["status"]?.stringValue ?? "") in \(fixed(seconds, decimals: 2)) s\(Self.kept(result))"
    ]
    if let message = document["error"]?["message"]?.stringValue { lines.append("  \(message)") }
    text = (lines + Self.table(result)).joined(separator: "\n") + "\n"
  }

  /// Which epoch's state was kept, and out of how many.
  private static func kept(_ result: JSONValue) -> String {
    guard let epoch = (result["epoch"] ?? result["best_epoch"])?.intValue else { return "" }
    guard let last = result["last"]?["epoch"]?.intValue else { return "; the best epoch is \(epoch)" }
    return epoch == last
      ? " after epoch \(last), which is kept" : " after epoch \(last); epoch \(epoch) is kept"
  }

  /// A line for each metric: of the kept state and, where that is another, of the last epoch.
  private static func table(_ result: JSONValue) -> [String] {
    let metrics = result["metrics"]?.objectValue?.pairs ?? []
    let epoch = result["epoch"]?.intValue
    guard let epoch, let last = result["last"], let lastEpoch = last["epoch"]?.intValue, epoch != lastEpoch
    else {
      return metrics.map { name, value in row(name, [number(value)]) }
    }
    return [row("", ["epoch \(epoch)", "epoch \(lastEpoch)"])]
      + metrics.map { name, value in row(name, [number(value), number(last["metrics"]?[name])]) }
  }

  private static func row(_ name: String, _ values: [String]) -> String {
    "  \(name.padded(to: 22))" + values.map { " " + $0.paddedLeft(to: 10) }.joined()
  }

  /// Four decimals, or nothing where there is no such metric.
  private static func number(_ value: JSONValue?) -> String {
    value.map { fixed($0.doubleValue ?? .nan, decimals: 4) } ?? ""
  }
}
