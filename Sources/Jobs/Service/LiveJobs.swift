// The running jobs of this process: how they are doing, and the flag by which they are stopped.

import JSON
import Synchronization
import Telemetry
import Training

/// One running job, shared by its worker and its readers.
final class LiveJob: Sendable {
  private struct State {
    var revision: Int
    var progress: JSONObject?
    var metrics: JSONValue?
    var best: JSONValue?
    var series: MetricSeries?
    var model: TrainedModel?
    var resumedFromEpoch: Int?
    var cancelledAt: ContinuousClock.Instant?
  }

  private static let finish = "estimated_finish_at"

  let id: JobID
  private let stopRequested = Atomic(false)
  /// Yields how the run ended; finished without, when nobody waits for that any more.
  private let (endings, ending) = AsyncStream<RunOutcome>.makeStream(bufferingPolicy: .bufferingOldest(1))
  private let state: Mutex<State>

  init(_ job: Job) {
    id = job.id
    state = Mutex(State(revision: job.revision))
  }

  /// Read by training before every mini-batch.
  var isStopRequested: Bool { stopRequested.load(ordering: .relaxed) }

  func requestStop() {
    stopRequested.store(true, ordering: .relaxed)
  }

  /// Asks it to stop because somebody has cancelled it.
  func cancel() {
    requestStop()
    state.withLock { $0.cancelledAt = $0.cancelledAt ?? .now }
  }

  /// How long ago it was cancelled; nil if nobody has.
  var secondsSinceCancel: Double? {
    state.withLock { $0.cancelledAt }.map { $0.duration(to: .now) / .seconds(1) }
  }

  /// Tells the worker how the run ended, unless it was abandoned before.
  func finish(_ outcome: RunOutcome) {
    ending.yield(outcome)
    ending.finish()
  }

  /// Has the worker leave the run alone, unless that has ended before.
  func abandon() { ending.finish() }

  /// How the run ended; nil where it was abandoned, and may go on until the process ends. Called once.
  func outcome() async -> RunOutcome? {
    var iterator = endings.makeAsyncIterator()
    return await iterator.next(isolation: nil)
  }

  var revision: Int { state.withLock { $0.revision } }
  var series: MetricSeries? { state.withLock { $0.series } }
  var model: TrainedModel? { state.withLock { $0.model } }

  func publish(_ report: RunReport, at time: Timestamp) {
    var progress = report.progress
    progress[Self.finish] = .null
    if report.remainingSeconds.isFinite {
      let finish = Timestamp(
        milliseconds: time.milliseconds + Int64(min(report.remainingSeconds, 1e9) * 1000))
      progress[Self.finish] = .string(finish.rfc3339)
    }
    state.withLock { state in
      state.revision += 1
      state.progress = progress
      state.metrics = report.metrics
      state.best = report.best
      state.series = report.series
      state.model = report.snapshot ?? state.model
      state.resumedFromEpoch = report.resumedFromEpoch ?? state.resumedFromEpoch
    }
  }

  /// Cancels the job, and goes past the revision that the store has given it with that order.
  func cancel(at revision: Int) {
    cancel()
    state.withLock { $0.revision = max($0.revision, revision) + 1 }
  }

  /// The results with the last progress and metrics, which the run itself does not repeat. Nothing is left to
  /// estimate.
  func complete(_ results: JobResults) -> JobResults {
    var results = results
    state.withLock { state in
      state.progress?[Self.finish] = .null
      results.progress = state.progress.map(JSONValue.object)
      results.metrics = state.metrics
      results.resumedFromEpoch = state.resumedFromEpoch
    }
    return results
  }

  /// The last progress and best value.
  fileprivate var newest: (progress: JSONValue?, best: JSONValue?) {
    state.withLock { ($0.progress.map(JSONValue.object), $0.best) }
  }

  /// The stored job with what is newer here, if it was still running when it was read.
  func overlay(_ job: Job) -> Job {
    guard job.status == .running || job.status == .cancelling else { return job }
    var job = job
    state.withLock { state in
      job.revision = max(job.revision, state.revision)
      job.progress = state.progress.map(JSONValue.object)
      job.metrics = state.metrics
      job.resumedFromEpoch = state.resumedFromEpoch
    }
    return job
  }
}

extension LiveJob {
  /// The stored summary with what is newer here, if the job was still running when it was read.
  func overlay(_ summary: JobSummary) -> JobSummary {
    guard summary.status == .running || summary.status == .cancelling else { return summary }
    var summary = summary
    let newest = newest
    summary.progress = newest.progress
    summary.best = newest.best
    return summary
  }
}

/// All running jobs of this process.
final class LiveJobs: Sendable {
  private struct State {
    var jobs: [JobID: LiveJob] = [:]
    var isDraining = false
    var isAbandoned = false
  }

  private let state = Mutex(State())

  var all: [JobID: LiveJob] { state.withLock { $0.jobs } }

  subscript(id: JobID) -> LiveJob? {
    state.withLock { $0.jobs[id] }
  }

  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// Lists a job just claimed; when the service drains, it is asked to stop at once.
  func begin(_ job: Job) -> LiveJob {
    let live = LiveJob(job)
    state.withLock { state in
      state.jobs[job.id] = live
      if state.isDraining { live.requestStop() }
      if state.isAbandoned { live.abandon() }
    }
    return live
  }

  func end(_ live: LiveJob) {
    state.withLock { $0.jobs[live.id] = nil }
  }

  /// Asks every running job to stop, and every one that would still begin.
  func drain() {
    state.withLock { state in
      state.isDraining = true
      for live in state.jobs.values { live.requestStop() }
    }
  }

  /// Has the workers leave every run that still goes on, and every one that would still begin.
  func abandon() {
    state.withLock { state in
      state.isAbandoned = true
      for live in state.jobs.values { live.abandon() }
    }
  }
}
