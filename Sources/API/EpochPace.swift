// How often the readers of events are told of epochs: many of them must not slow what they watch.

import Synchronization

/// Gives the streams their turns to be told of new epochs, one after the other, so that all together are told only so often,
/// however many are open. With few of them each has its turn after a moment.
package final class EpochPace: Sendable {
  /// The least time between two turns of a stream; the trainer reports no more than ten times a second.
  private static let leastSeconds = 0.05

  private let secondsOfTurn: Double
  private let open: @Sendable () -> Int
  private let now: @Sendable () -> Double
  private let lastTurn = Mutex(-Double.infinity)

  /// - Parameters:
  ///   - perSecond: turns of all streams together.
  ///   - open: how many streams are open.
  ///   - now: seconds of a monotonic clock.
  package init(
    perSecond: Int, open: @escaping @Sendable () -> Int, now: @escaping @Sendable () -> Double
  ) {
    secondsOfTurn = 1 / Double(perSecond)
    self.open = open
    self.now = now
  }

  /// The seconds until the next turn of a stream that has just had one.
  package func turn() -> Double {
    let now = now()
    // Turns of streams that were left in the meantime keep the others waiting no longer than if those were still open.
    let longest = max(Self.leastSeconds, Double(open()) * secondsOfTurn)
    return lastTurn.withLock { last in
      last = min(max(now + Self.leastSeconds, last + secondsOfTurn), now + longest)
      return last - now
    }
  }
}
