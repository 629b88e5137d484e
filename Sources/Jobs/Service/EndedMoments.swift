// The ended jobs that are being told: those who are far behind share what was read of one.

import Synchronization

/// Moments of ended jobs, as long as anybody holds them. Such a job changes no more, but its metrics may be megabytes: many
/// readers who come at once have them read once.
final class EndedMoments: Sendable {
  private struct State {
    var readings: [JobID: Task<JobMoment?, any Error>] = [:]
    var held: [JobID: Held] = [:]
  }

  private struct Held {
    weak var moment: JobMoment?
  }

  private let state = Mutex(State())

  /// The moment of a job that has ended with this revision: what somebody holds or is just reading, else what `read` gives.
  func moment(
    of id: JobID, revision: Int, _ read: @escaping @Sendable () async throws -> JobMoment?
  ) async throws -> JobMoment? {
    let (held, reading) = state.withLock { state -> (JobMoment?, Task<JobMoment?, any Error>?) in
      if let moment = state.held[id]?.moment, moment.job.revision == revision { return (moment, nil) }
      if let reading = state.readings[id] { return (nil, reading) }
      let reading = Task { [weak self] in
        defer { self?.state.withLock { $0.readings[id] = nil } }
        let moment = try await read()
        self?.hold(id, moment)
        return moment
      }
      state.readings[id] = reading
      return (nil, reading)
    }
    if let held { return held }
    return try await reading?.value
  }

  private func hold(_ id: JobID, _ moment: JobMoment?) {
    state.withLock { state in
      state.held = state.held.filter { $0.value.moment != nil }
      if let moment { state.held[id] = Held(moment: moment) }
    }
  }
}
