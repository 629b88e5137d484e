// One running job as all who follow it see it: read once for all of them, when it has changed.

import Synchronization
package import Text
public import Training

/// A job at one moment, with all that those who follow it may be told.
public final class JobMoment: Sendable {
  /// The job as clients see it.
  public let job: Job
  /// All that has happened to it.
  public let events: [JobEvent]
  /// The metrics of every epoch so far.
  public let series: MetricSeries?
  /// A recent state of the model while the job runs.
  public let model: TrainedModel?
  /// What was made of this moment for one who follows, for the next who stands where that one stood.
  package let renderings = Memo<String, [UInt8]>(capacity: 64)

  init(job: Job, events: [JobEvent], series: MetricSeries?, model: TrainedModel?) {
    self.job = job
    self.events = events
    self.series = series
    self.model = model
  }
}

/// One who follows some jobs. To be let go of when nobody reads any more.
public final class JobFollower: Sendable {
  private let feeds: [(feed: JobFeed, ticket: UInt64)]
  private let wakeUps = WakeUps()
  private let sharedRest: SharedRest

  init(_ feeds: [JobFeed], _ sharedRest: SharedRest) {
    let wakeUps = wakeUps
    self.feeds = feeds.map { ($0, $0.join(wakeUps)) }
    self.sharedRest = sharedRest
  }

  deinit {
    for (feed, ticket) in feeds { feed.leave(ticket) }
  }

  /// The jobs as they were last read, in the order in which they were named; nil for one before that, and when it is gone.
  public var moments: [JobMoment?] { feeds.map(\.feed.moment) }

  /// Which of the jobs were deleted.
  public var areGone: [Bool] { feeds.map(\.feed.isGone) }

  /// Returns true when a job may have changed or is gone, and every few seconds in any case; false when the service drains
  /// or the task is cancelled. One call at a time. Changes that nobody waited for fold into one.
  public func wait() async -> Bool { await wakeUps.wait() }

  /// Whether a rest is not over yet.
  public var isResting: Bool { wakeUps.isResting }

  /// Mere epochs do not wake this one for so many seconds, or until the rest that others have begun ends; everything else
  /// does as ever.
  public func rest(seconds: Double) { sharedRest.take(wakeUps, seconds: seconds) }
}

/// The newest moment of one job, shared by its followers.
final class JobFeed: Sendable {
  private struct State {
    var moment: JobMoment?
    var isGone = false
    var hasEnded = false
    var followers: [UInt64: WakeUps] = [:]
    var lastTicket: UInt64 = 0
  }

  private let state = Mutex(State())
  /// Called when the last follower has left.
  private let abandoned: @Sendable () -> Void

  init(abandoned: @escaping @Sendable () -> Void) { self.abandoned = abandoned }

  var moment: JobMoment? { state.withLock { $0.moment } }
  var isGone: Bool { state.withLock { $0.isGone } }

  var isAbandoned: Bool { state.withLock { $0.followers.isEmpty } }

  /// Has `follower` woken from now on, and at once if there is something to see; gives the ticket to leave with.
  fileprivate func join(_ follower: WakeUps) -> UInt64 {
    let (ticket, hasEnded) = state.withLock { state in
      state.lastTicket += 1
      state.followers[state.lastTicket] = follower
      if state.moment != nil || state.isGone { follower.wake() }
      return (state.lastTicket, state.hasEnded)
    }
    if hasEnded { follower.end() }
    return ticket
  }

  fileprivate func leave(_ ticket: UInt64) {
    let isLast = state.withLock { state in
      state.followers[ticket] = nil
      return state.followers.isEmpty
    }
    if isLast { abandoned() }
  }

  /// Shows a new moment, or that the job is gone, to all.
  func show(_ moment: JobMoment?) {
    let (followers, hasMereEpochs) = state.withLock { state in
      let earlier = state.moment
      state.moment = moment
      state.isGone = moment == nil
      return (Array(state.followers.values), moment?.differsByEpochsAlone(from: earlier) == true)
    }
    for follower in followers {
      if hasMereEpochs { follower.wakeForEpochs() } else { follower.wake() }
    }
  }

  /// Has all look again.
  func tick() {
    for follower in state.withLock({ Array($0.followers.values) }) { follower.wake() }
  }

  /// Nothing more will be shown.
  func end() {
    let followers = state.withLock { state in
      state.hasEnded = true
      return Array(state.followers.values)
    }
    for follower in followers { follower.end() }
  }
}

extension JobMoment {
  fileprivate func differsByEpochsAlone(from earlier: JobMoment?) -> Bool {
    guard let earlier else { return false }
    return events.count == earlier.events.count && job.status == earlier.job.status
      && job.queuePosition == earlier.job.queuePosition
  }
}
