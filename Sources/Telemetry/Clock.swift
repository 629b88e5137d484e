// Where time comes from: civil time behind a protocol that tests replace, monotonic time for durations.

import Glibc

/// Tells the civil time. Everything that writes a date takes one, so that tests choose the moment.
public protocol WallClock: Sendable {
  func now() -> Timestamp
}

/// The machine's civil time. It may jump when the machine's clock is set; never measure durations with it.
public struct SystemClock: WallClock {
  /// The clock of this machine.
  public init() {}

  /// The civil time now, to the millisecond (clock_gettime(2), CLOCK_REALTIME).
  public func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

/// Seconds since some fixed moment of this boot. It never goes back; use it for durations and deadlines.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
