// The rest that all followers take together, so that new epochs are told to many of them in one go.

import Synchronization

/// Ends the rests of many followers at the same moment.
///
/// Telling a thousand readers at once costs a processor a few hundredths of a second; telling them one after the other
/// displaces what trains a thousand times, and each of them stands at a place of its own, for which its events are made.
final class SharedRest: Sendable {
  private struct State {
    var resting: [WakeUps] = []
    var end: Task<Void, Never>?
  }

  private let sleep: @Sendable (Double) async -> Void
  private let state = Mutex(State())

  init(sleep: @escaping @Sendable (Double) async -> Void) { self.sleep = sleep }

  deinit { state.withLock { $0.end?.cancel() } }

  /// Has `follower` rest until the rest that others have begun ends, or one of so many seconds that begins now.
  func take(_ follower: WakeUps, seconds: Double) {
    guard follower.beginRest() else { return }
    state.withLock { state in
      state.resting.append(follower)
      guard state.end == nil else { return }
      state.end = Task { [weak self, sleep] in
        await sleep(seconds)
        self?.end()
      }
    }
  }

  private func end() {
    let followers = state.withLock { state in
      defer { state = State() }
      return state.resting
    }
    for follower in followers { follower.endRest() }
  }
}
