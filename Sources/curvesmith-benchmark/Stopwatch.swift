// Times: the monotonic clock, medians, and how long one call of something short takes.

import Glibc

/// Seconds of the clock that Python calls `time.monotonic()`.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

extension [Double] {
  var median: Double {
    let sorted = sorted()
    let middle = sorted.count / 2
    if sorted.isEmpty { return .nan }
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

/// Seconds of one call: the shortest of several rounds, each of so many calls that the clock does not matter.
func secondsPerCall(rounds: Int = 7, roundSeconds: Double = 0.01, _ body: () -> Void) -> Double {
  var calls = 1
  while true {
    let start = monotonicSeconds()
    for _ in 0..<calls { body() }
    let elapsed = monotonicSeconds() - start
    if elapsed > roundSeconds / 4 {
      calls = max(1, Int(Double(calls) * roundSeconds / elapsed))
      break
    }
    calls *= 4
  }
  var best = Double.infinity
  for _ in 0..<rounds {
    let start = monotonicSeconds()
    for _ in 0..<calls { body() }
    best = min(best, (monotonicSeconds() - start) / Double(calls))
  }
  return best
}
