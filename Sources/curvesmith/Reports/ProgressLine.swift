// The newest epoch on standard error: one line that rewrites itself on a terminal, a plain line now and then elsewhere.

import Telemetry
import Training

/// Shows the progress of a training while it goes on.
struct ProgressLine {
  private let terminal: Terminal
  private let now: () -> Double
  private var lastShown: Double
  private var shown: EpochReport?

  /// Seconds between two lines: often enough to see it move, seldom enough to cost nothing; in a log, a sign of life.
  private var pause: Double { terminal.isTerminal ? 0.1 : 10 }

  init(_ terminal: Terminal, now: @escaping () -> Double = monotonicSeconds) {
    self.terminal = terminal
    self.now = now
    lastShown = terminal.isTerminal ? -.infinity : now()
  }

  mutating func show(_ report: EpochReport) {
    shown = report
    let moment = now()
    guard moment - lastShown >= pause else { return }
    lastShown = moment
    write(report)
  }

  /// Leaves the last epoch's line standing, above what comes next.
  func finish() {
    guard terminal.isTerminal, let shown else { return }
    write(shown)
    writeToStandardError("\n")
  }

  private func write(_ report: EpochReport) {
    if terminal.isTerminal {
      // A line as wide as the terminal would wrap on some; one column stays free.
      writeToStandardError(
        "\r\u{1B}[K\(ProgressText(report, hasUnicode: terminal.hasUnicode).fitting(terminal.columns - 1))")
    } else {
      writeToStandardError(ProgressText(report, hasUnicode: terminal.hasUnicode).fitting(.max) + "\n")
    }
  }
}

/// A line of progress that leaves out what has no room.
package struct ProgressText: Sendable {
  /// The parts as they stand, each with what it is worth: the least valued goes first.
  private let parts: [(text: String, worth: Int)]

  init(_ report: EpochReport, hasUnicode: Bool) {
    self.init(
      epoch: report.epoch, epochs: report.epochs, ratio: report.ratio, metrics: report.metrics,
      rowsPerSecond: report.rowsPerSecond, remainingSeconds: report.remainingSeconds, hasUnicode: hasUnicode)
  }

  /// The progress of an epoch: `ratio` of all steps, 0…1, and seconds that the rest will take.
  package init(
    epoch: Int, epochs: Int, ratio: Double, metrics: [(name: String, value: Double)], rowsPerSecond: Double,
    remainingSeconds: Double, hasUnicode: Bool = true
  ) {
    let filled = ratio.isFinite ? Int((min(max(ratio, 0), 1) * 10).rounded(.down)) : 0
    let (full, empty) = hasUnicode ? ("█", "░") : ("#", "-")
    let bar = String(repeating: full, count: filled) + String(repeating: empty, count: 10 - filled)
    let shown = metrics.filter { isHeadline($0.name) }.enumerated().map { index, metric in
      ("\(metric.name) \(fixed(metric.value, decimals: 4))", 50 - index)
    }
    parts =
      [("epoch \(epoch)/\(epochs)", 100), (bar, 20)] + shown
      + [("\(Self.short(rowsPerSecond)) rows/s", 10), ("\(Self.duration(remainingSeconds)) left", 30)]
  }

  /// The parts that fit into so many columns, in their order.
  package func fitting(_ columns: Int) -> String {
    var kept = parts
    while kept.count > 1, kept.map(\.text.count).reduce(2 * (kept.count - 1), +) > columns,
      let least = kept.indices.min(by: { kept[$0].worth < kept[$1].worth })
    {
      kept.remove(at: least)
    }
    return String(kept.map(\.text).joined(separator: "  ").prefix(max(0, columns)))
  }

  /// 512k, 1.3M: three digits at most.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "?" }
    for (scale, unit) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= scale {
      return fixed(value / scale, decimals: value < 10 * scale ? 1 : 0) + unit
    }
    return fixed(value, decimals: 0)
  }

  /// `5 s`, `2 min`, `3 h`.
  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    if seconds < 100 { return fixed(seconds.rounded(.up), decimals: 0) + " s" }
    if seconds < 6000 { return fixed(seconds / 60, decimals: 0) + " min" }
    return fixed(seconds / 3600, decimals: 0) + " h"
  }
}
