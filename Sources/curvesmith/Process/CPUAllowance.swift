// How many processors this process may use: the default number of workers, in a container too.

import Foundation

/// The processors that this process may use: its affinity mask, further limited by the container's quota.
package enum CPUAllowance {
  /// The whole processors available, at least 1.
  package static func processors() -> Int {
    let file = try? readFile("/sys/fs/cgroup/cpu.max", purpose: "the container's quota")
    let granted = file.flatMap { quota(cgroup: String(decoding: $0, as: UTF8.self)) }
    return max(1, min(ProcessInfo.processInfo.activeProcessorCount, granted ?? Int.max))
  }

  /// The processors that a cgroup v2 `cpu.max` text grants, rounded up; nil when unlimited or unreadable.
  ///
  /// The file holds `$MAX $PERIOD` in microseconds, `max` meaning no limit
  /// (Linux, Documentation/admin-guide/cgroup-v2.rst).
  package static func quota(cgroup text: String) -> Int? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0, period > 0
    else { return nil }
    return Int(exactly: (quota / period).rounded(.up))
  }
}
