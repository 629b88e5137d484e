// Trained models that were asked for lately, so that the next question about one costs no reading and no building.

import Synchronization
package import Training

/// Models of ended jobs by job and revision, at most so many bytes of them; the one that was asked for longest ago goes
/// first. Safe from any thread.
package final class ModelCache: Sendable {
  private struct Entry {
    var revision: Int
    var model: TrainedModel
    var bytes: Int
    /// When it was last asked for, in questions.
    var use: UInt64
  }

  private struct State {
    var entries: [JobID: Entry] = [:]
    var bytes = 0
    var uses: UInt64 = 0

    mutating func remove(_ id: JobID) {
      guard let entry = entries.removeValue(forKey: id) else { return }
      bytes -= entry.bytes
    }
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes of all models together (``TrainedModel/byteCount``). A larger model is not kept.
  package init(capacity: Int) { self.capacity = capacity }

  /// The model of that revision of the job; nil if it is not kept.
  package func model(of id: JobID, revision: Int) -> TrainedModel? {
    state.withLock { state in
      guard let entry = state.entries[id], entry.revision == revision else { return nil }
      state.uses += 1
      state.entries[id]?.use = state.uses
      return entry.model
    }
  }

  /// Keeps a model in place of an earlier one of the job. O(models) where others must go.
  package func keep(_ model: TrainedModel, of id: JobID, revision: Int) {
    let bytes = model.byteCount
    state.withLock { state in
      state.remove(id)
      guard bytes <= capacity else { return }
      while state.bytes + bytes > capacity,
        let oldest = state.entries.min(by: { $0.value.use < $1.value.use })?.key
      {
        state.remove(oldest)
      }
      state.uses += 1
      state.entries[id] = Entry(revision: revision, model: model, bytes: bytes, use: state.uses)
      state.bytes += bytes
    }
  }

  /// Forgets a job.
  package func drop(_ id: JobID) {
    state.withLock { $0.remove(id) }
  }

  /// Bytes of the models that are kept.
  package var byteCount: Int { state.withLock { $0.bytes } }
}
