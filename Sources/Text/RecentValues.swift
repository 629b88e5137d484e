// Values that were asked for lately, so that the next question about one costs no reading and no building.

import Synchronization

/// Values by key, at most so many bytes of them; the one that was asked for longest ago goes first. Safe from any thread.
package final class RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    var value: Value
    var bytes: Int
    /// When it was last asked for, in questions.
    var use: UInt64
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var bytes = 0
    var uses: UInt64 = 0

    mutating func remove(_ key: Key) {
      guard let entry = entries.removeValue(forKey: key) else { return }
      bytes -= entry.bytes
    }
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes of all values together. A larger one is not kept.
  package init(capacity: Int) { self.capacity = capacity }

  /// The value of `key`; nil if it is not kept. O(1).
  package func value(for key: Key) -> Value? {
    state.withLock { state in
      // The key is hashed once.
      guard let place = state.entries.index(forKey: key) else { return nil }
      state.uses += 1
      state.entries.values[place].use = state.uses
      return state.entries.values[place].value
    }
  }

  /// Keeps a value of so many bytes in place of an earlier one. O(values) where others must go.
  package func keep(_ value: Value, for key: Key, bytes: Int) {
    state.withLock { state in
      state.remove(key)
      guard bytes <= capacity else { return }
      while state.bytes + bytes > capacity,
        let oldest = state.entries.min(by: { $0.value.use < $1.value.use })?.key
      {
        state.remove(oldest)
      }
      state.uses += 1
      state.entries[key] = Entry(value: value, bytes: bytes, use: state.uses)
      state.bytes += bytes
    }
  }

  /// Forgets the value of `key`.
  package func remove(_ key: Key) {
    state.withLock { $0.remove(key) }
  }

  /// Bytes of the values that are kept.
  package var byteCount: Int { state.withLock { $0.bytes } }
}
