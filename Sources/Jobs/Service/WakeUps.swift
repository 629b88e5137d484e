// What wakes one who follows jobs: at once, or, while the follower rests, only for what is more than new epochs.

import Synchronization

/// The wake-ups of one follower. What comes while nobody waits folds into one.
final class WakeUps: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let rests = Atomic(false)

  init() { (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  /// Whether mere epochs are kept for later.
  var isResting: Bool { rests.load(ordering: .acquiring) }

  func wake() { continuation.yield() }

  /// Epochs were trained, and nothing else has happened.
  func wakeForEpochs() {
    if !isResting { wake() }
  }

  /// Nothing will follow; a rest delays that no more than anything else that is no epoch.
  func end() { continuation.finish() }

  /// Rests from now on; false if it rests already.
  func beginRest() -> Bool { !rests.exchange(true, ordering: .acquiringAndReleasing) }

  /// Wakes: epochs may have come meanwhile.
  func endRest() {
    rests.store(false, ordering: .releasing)
    wake()
  }

  /// Returns true when woken, false at the end or when the task is cancelled. One call at a time.
  func wait() async -> Bool {
    var iterator = stream.makeAsyncIterator()
    return await iterator.next(isolation: nil) != nil
  }
}
