// Jobs that are ready to run, from their submission to the moment when a worker takes them.

import Synchronization
package import Training

/// Prepared trainings of queued jobs, at most so many bytes of them. What does not fit is prepared again from the store.
/// Safe from any thread.
package final class PreparedJobs: Sendable {
  private struct State {
    var entries: [JobID: (prepared: PreparedTraining, bytes: Int)] = [:]
    var bytes = 0

    mutating func take(_ id: JobID) -> PreparedTraining? {
      guard let entry = entries.removeValue(forKey: id) else { return nil }
      bytes -= entry.bytes
      return entry.prepared
    }
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes of all trainings together (``PreparedTraining/byteCount``).
  package init(capacity: Int) { self.capacity = capacity }

  /// Keeps a training, unless it no longer fits: those that came first are run first.
  package func keep(_ prepared: PreparedTraining, for id: JobID) {
    let bytes = prepared.byteCount
    state.withLock { state in
      guard state.bytes + bytes <= capacity, state.entries[id] == nil else { return }
      state.entries[id] = (prepared, bytes)
      state.bytes += bytes
    }
  }

  /// Gives a training away, or nil.
  @discardableResult
  package func take(_ id: JobID) -> PreparedTraining? {
    state.withLock { $0.take(id) }
  }

  /// Bytes of the trainings that are kept.
  package var byteCount: Int { state.withLock { $0.bytes } }
}
