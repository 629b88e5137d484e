// Trained models that were asked for lately, so that the next question about one costs no reading and no building.

import Synchronization
import Text
package import Training

/// Models of ended jobs, each with the state that its job ended in, which only a deletion changes. Safe from any thread.
package final class ModelCache: Sendable {
  /// A model with where its job stands.
  package struct Entry: Sendable {
    /// What the job has learned.
    package var model: TrainedModel
    /// How the job ended.
    package var state: JobState
  }

  /// How many jobs had been dropped when a reading began.
  package struct Ticket: Sendable {
    fileprivate var drops: UInt64
  }

  private let models: RecentValues<JobID, Entry>
  private let drops = Mutex<UInt64>(0)

  /// - Parameter capacity: bytes of all models together (``TrainedModel/byteCount``). A larger model is not kept.
  package init(capacity: Int) { models = RecentValues(capacity: capacity) }

  /// The job's model; nil if it is not kept.
  package func entry(of id: JobID) -> Entry? { models.value(for: id) }

  /// To be taken before a job is read whose model may be kept.
  package var ticket: Ticket { Ticket(drops: drops.withLock { $0 }) }

  /// Keeps a model that was read after the ticket was taken, unless a job was dropped since: it may have been this one.
  package func keep(_ model: TrainedModel, of id: JobID, _ state: JobState, _ ticket: Ticket) {
    drops.withLock { drops in
      guard drops == ticket.drops else { return }
      models.keep(Entry(model: model, state: state), for: id, bytes: model.byteCount)
    }
  }

  /// Forgets a job, after it is gone from the store.
  package func drop(_ id: JobID) {
    drops.withLock { drops in
      drops += 1
      models.remove(id)
    }
  }

  /// Bytes of the models that are kept.
  package var byteCount: Int { models.byteCount }
}
