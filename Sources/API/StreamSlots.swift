// The count of streams that are open, so that they can never exhaust the service.

import Synchronization

/// Admits at most so many streams at a time.
final class StreamSlots: Sendable {
  /// One open stream; it ends with its last owner.
  final class Slot: Sendable {
    private let slots: StreamSlots

    fileprivate init(_ slots: StreamSlots) { self.slots = slots }

    deinit { slots.count.withLock { $0 -= 1 } }
  }

  private let maximum: Int
  private let count = Mutex(0)

  init(maximum: Int) { self.maximum = maximum }

  /// - Throws: `.tooManyStreams` if there is no room.
  func take() throws(APIError) -> Slot {
    let isAdmitted = count.withLock { count in
      guard count < maximum else { return false }
      count += 1
      return true
    }
    guard isAdmitted else { throw .tooManyStreams(maximum: maximum) }
    return Slot(self)
  }
}
