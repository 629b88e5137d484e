// Values of ended jobs that were asked for lately, which only a deletion of the job makes untrue.

import Synchronization
import Text

/// Values by ended job, at most so many bytes of them. Safe from any thread.
package final class JobCache<Value: Sendable>: Sendable {
  /// How many jobs had been dropped when a reading began.
  package struct Ticket: Sendable {
    fileprivate var drops: UInt64
  }

  private let values: RecentValues<JobID, Value>
  private let drops = Mutex<UInt64>(0)

  /// - Parameter capacity: bytes of all values together. A larger value is not kept.
  package init(capacity: Int) { values = RecentValues(capacity: capacity) }

  /// The job's value; nil if it is not kept.
  package func value(of id: JobID) -> Value? { values.value(for: id) }

  /// To be taken before a job is read of which something may be kept.
  package var ticket: Ticket { Ticket(drops: drops.withLock { $0 }) }

  /// Keeps what was read after the ticket was taken, unless a job was dropped since: it may have been this one.
  package func keep(_ value: Value, of id: JobID, bytes: Int, _ ticket: Ticket) {
    drops.withLock { drops in
      guard drops == ticket.drops else { return }
      values.keep(value, for: id, bytes: bytes)
    }
  }

  /// Forgets a job, after it is gone from the store.
  package func drop(_ id: JobID) {
    drops.withLock { drops in
      drops += 1
      values.remove(id)
    }
  }

  /// Bytes of the values that are kept.
  package var byteCount: Int { values.byteCount }
}
