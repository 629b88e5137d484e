// Following a job: what has happened to it and what it is doing, from any place on.

import JSON
import Training

extension JobService {
  /// Follows jobs from now on.
  ///
  /// Costs one reading of the job whenever it changes, for all followers together; training never waits for any of them.
  public func follow(_ ids: [JobID]) -> JobFollower { feeds.follow(ids) }

  /// Watches all jobs from now on.
  public func watch() -> ChangeWatcher { feeds.watch() }

  /// The job now, with its history; nil if there is none. Of an ended job that somebody holds it is the same.
  public func moment(of id: JobID) async throws -> JobMoment? {
    guard let state = try await state(of: id), state.status.isTerminal else {
      return try await Self.moment(of: id, after: nil, store, live)
    }
    return try await endedMoments.moment(of: id, revision: state.revision) { [store, live] in
      try await Self.moment(of: id, after: nil, store, live)
    }
  }

  /// How many jobs are followed.
  package var followedJobCount: Int { feeds.count }

  /// - Parameter earlier: what was read before, of which the history is taken over.
  static func moment(
    of id: JobID, after earlier: JobMoment?, _ store: any JobStore, _ live: LiveJobs
  ) async throws -> JobMoment? {
    // In this order: a job that ends in between is shown as ended, with all of its epochs.
    let running = live[id]
    guard let job = try await store.job(id) else { return nil }
    let known = earlier?.events ?? []
    let events = try await store.events(of: id, after: known.last?.sequence ?? 0)
    let history = known + events
    // The history may be one step ahead of the job, never behind: an end that it tells of is shown with the job as it ended.
    guard history.last?.isEnd == true || job.status.isTerminal else {
      return JobMoment(
        job: running?.overlay(job) ?? job, events: history, series: running?.series, model: running?.model)
    }
    guard let ended = job.status.isTerminal ? job : try await store.job(id) else { return nil }
    let series = try await store.series(of: id).map { try MetricSeries(serialized: $0) }
    return JobMoment(job: ended, events: history, series: series, model: nil)
  }
}
