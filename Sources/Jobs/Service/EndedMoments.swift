// The ended jobs that are being told: those who are far behind share what was read of one.

import Synchronization

/// Moments of ended jobs, as long as anybody holds them. Such a job changes no more, but its metrics may be megabytes.
final class EndedMoments: Sendable {
  private struct Held {
    weak var moment: JobMoment?
  }

  private let moments = Mutex<[JobID: Held]>([:])

  /// The moment of a job that was read before and is still held; nil if there is none, or it is older than `revision`.
  func held(_ id: JobID, revision: Int) -> JobMoment? {
    guard let moment = moments.withLock({ $0[id]?.moment }), moment.job.revision == revision else {
      return nil
    }
    return moment
  }

  /// Has the next who asks given `moment`, if it is one of an ended job.
  func share(_ moment: JobMoment) {
    guard moment.job.status.isTerminal else { return }
    moments.withLock { moments in
      moments = moments.filter { $0.value.moment != nil }
      moments[moment.job.id] = Held(moment: moment)
    }
  }
}
