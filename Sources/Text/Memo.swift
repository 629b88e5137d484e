// Results that are kept, so that what is asked for again is not computed again.

import Synchronization

/// What a computation gave for each key that it was asked for; the result must depend on the key alone.
///
/// Safe from any thread. Two that ask for a new key at once may both compute it.
package final class Memo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let known = Mutex<[Key: Value]>([:])

  /// Past so many results all are given up, so that keys that clients make do not fill the memory.
  private let capacity: Int

  /// A memo that holds at most `capacity` results.
  package init(capacity: Int = 512) { self.capacity = capacity }

  /// The result for `key`, from `compute` if it is not known. O(1) where it is.
  package func value(for key: Key, _ compute: () -> Value) -> Value {
    if let value = known.withLock({ $0[key] }) { return value }
    let value = compute()
    known.withLock { known in
      if known.count >= capacity { known.removeAll() }
      known[key] = value
    }
    return value
  }
}
