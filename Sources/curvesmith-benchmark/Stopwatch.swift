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
  let calls = callsPerRound(roundSeconds, body)
  return (0..<rounds).map { _ in seconds(of: calls, body) }.min() ?? .nan
}

/// How long one function takes, as a ratio to another: the median of rounds in which they take turns.
func ratioOfTimes(
  rounds: Int = 9, roundSeconds: Double = 0.005, _ body: () -> Void, _ other: () -> Void
) -> Double {
  let (calls, otherCalls) = (callsPerRound(roundSeconds, body), callsPerRound(roundSeconds, other))
  return (0..<rounds).map { _ in seconds(of: calls, body) / seconds(of: otherCalls, other) }.median
}

private func callsPerRound(_ roundSeconds: Double, _ body: () -> Void) -> Int {
  var calls = 1
  while true {
    let elapsed = seconds(of: calls, body) * Double(calls)
    if elapsed > roundSeconds / 4 { return max(1, Int(Double(calls) * roundSeconds / elapsed)) }
    calls *= 4
  }
}

/// Seconds of one call, as a mean of so many.
private func seconds(of calls: Int, _ body: () -> Void) -> Double {
  let start = monotonicSeconds()
  for _ in 0..<calls { body() }
  return (monotonicSeconds() - start) / Double(calls)
}
