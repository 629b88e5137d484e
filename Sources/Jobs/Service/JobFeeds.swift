// The jobs that somebody follows: each is read once for all of its followers, whenever it has changed.

import Synchronization
import Telemetry

/// The feeds of all followed jobs.
package final class JobFeeds: Sendable {
  private struct Entry {
    var feed: JobFeed
    var pump: Task<Void, Never>
  }

  private struct State {
    var feeds: [JobID: Entry] = [:]
    var ticker: Task<Void, Never>?
  }

  /// Reads a job; nil if it is gone.
  typealias Read = @Sendable (JobID, _ earlier: JobMoment?) async throws -> JobMoment?

  private let changes: ChangeFeed
  private let read: Read
  private let sleep: @Sendable (Double) async -> Void
  private let log: Logger
  private let state = Mutex(State())
  private let sharedRest: SharedRest

  /// Seconds after which followers look again although nothing was signalled: for heartbeats, and for what changes with
  /// other jobs.
  package static let tickSeconds = 5.0

  init(
    changes: ChangeFeed, sleep: @escaping @Sendable (Double) async -> Void, log: Logger, read: @escaping Read
  ) {
    self.changes = changes
    self.sleep = sleep
    sharedRest = SharedRest(sleep: sleep)
    self.log = log
    self.read = read
  }

  /// Follows jobs from now on.
  func follow(_ ids: [JobID]) -> JobFollower {
    // Joined under the lock: a feed without followers may be let go of.
    state.withLock { state in JobFollower(ids.map { feed(of: $0, &state) }, sharedRest) }
  }

  private func feed(of id: JobID, _ state: inout State) -> JobFeed {
    if let entry = state.feeds[id] { return entry.feed }
    let feed = JobFeed { [weak self] in self?.abandon(id) }
    // The subscription stands before the first reading, so that no change falls between.
    let (wakeUps, end) = changes.subscribe(to: id)
    let pump = Task { [read, log] in
      defer { end() }
      await Self.pump(id, feed, wakeUps, read, log)
    }
    state.feeds[id] = Entry(feed: feed, pump: pump)
    startTicking(&state)
    return feed
  }

  /// Watches all jobs from now on.
  func watch() -> ChangeWatcher {
    let watcher = changes.watch(sharedRest)
    state.withLock { startTicking(&$0) }
    return watcher
  }

  private func startTicking(_ state: inout State) {
    if state.ticker == nil { state.ticker = Task { [weak self, sleep] in await self?.tick(sleep) } }
  }

  /// How many jobs are followed.
  var count: Int { state.withLock { $0.feeds.count } }

  private static func pump(
    _ id: JobID, _ feed: JobFeed, _ wakeUps: AsyncStream<Void>, _ read: Read, _ log: Logger
  ) async {
    var iterator = wakeUps.makeAsyncIterator()
    repeat {
      do {
        let moment = try await read(id, feed.moment)
        feed.show(moment)
        // Its followers may follow others, which go on.
        if moment == nil { return }
      } catch {
        // The last follower has left in the middle of a reading.
        if Task.isCancelled { break }
        log.error("cannot read a followed job", metadata: ["job": "\(id)", "error": "\(error)"])
      }
    } while await iterator.next(isolation: nil) != nil
    feed.end()
  }

  private func tick(_ sleep: @Sendable (Double) async -> Void) async {
    while !Task.isCancelled {
      await sleep(Self.tickSeconds)
      let feeds = state.withLock { $0.feeds.map { ($0.key, $0.value.feed) } }
      for (id, feed) in feeds {
        feed.tick()
        // Its place changes with other jobs, of which nothing is signalled for this one.
        if feed.moment?.job.status == .queued { changes.nudge(id) }
      }
      changes.tick()
      let isNeeded = state.withLock { state in
        if state.feeds.isEmpty, !changes.isWatched { state.ticker = nil }
        return state.ticker != nil
      }
      if !isNeeded { return }
    }
  }

  /// Somebody may have joined since the last left; then nothing happens.
  private func abandon(_ id: JobID) {
    let pump = state.withLock { state -> Task<Void, Never>? in
      guard let entry = state.feeds[id], entry.feed.isAbandoned else { return nil }
      state.feeds[id] = nil
      return entry.pump
    }
    pump?.cancel()
  }
}
