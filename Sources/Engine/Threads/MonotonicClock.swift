// The clock by which a team learns whether it is worth its while.

import Glibc

/// Nanoseconds of a clock that is never set, from some fixed moment of this boot.
///
/// What reads it takes it as a parameter, so that tests say what time it is. No number that is computed depends on it.
package func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
