// What wakes one who follows jobs: at once, or, while the follower rests, only for what is more than new epochs.

import Synchronization

/// The wake-ups of one follower. What comes while nobody waits folds into one.
final class WakeUps: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  /// What ends the rest; nil while the follower is awake.
  private let rest = Mutex<Task<Void, Never>?>(nil)

  init() { (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  deinit { rest.withLock { $0?.cancel() } }

  /// Whether mere epochs are kept for later.
  var isResting: Bool { rest.withLock { $0 != nil } }

  func wake() { continuation.yield() }

  /// Epochs were trained, and nothing else has happened.
  func wakeForEpochs() {
    if !isResting { wake() }
  }

  /// Nothing will follow; a rest delays that no more than anything else that is no epoch.
  func end() { continuation.finish() }

  /// Rests from now on, and wakes when `sleep` has returned: epochs may have come meanwhile.
  func rest(_ sleep: @escaping @Sendable () async -> Void) {
    rest.withLock { rest in
      guard rest == nil else { return }
      rest = Task { [weak self] in
        await sleep()
        self?.endRest()
      }
    }
  }

  private func endRest() {
    rest.withLock { $0 = nil }
    wake()
  }

  /// Returns true when woken, false at the end or when the task is cancelled. One call at a time.
  func wait() async -> Bool {
    var iterator = stream.makeAsyncIterator()
    return await iterator.next(isolation: nil) != nil
  }
}
