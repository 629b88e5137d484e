// The service of jobs: what the API calls, over the store, the workers and those who wait.

import JSON
import Synchronization
public import Telemetry
public import Training

/// Takes jobs in, has them trained, and answers for them.
///
/// All state that must survive is in the store; what is here can be lost at any moment.
public final class JobService: Sendable {
  /// What the service is told about its machine, its bounds and itself.
  public struct Configuration: Sendable {
    /// Jobs that are trained at a time.
    public var workers = 1
    /// The processors that the jobs' threads share.
    public var processors = 1
    /// Jobs that may be queued.
    public var queueCapacity = 1000
    /// How long an idempotency key is remembered.
    public var idempotencySeconds = 86_400
    /// Bytes of trained models that are kept in memory for the next question about them.
    public var modelCacheBytes = 256 << 20
    /// Bytes of queued jobs that are kept in memory as they were prepared at submission.
    public var preparedBytes = 256 << 20
    /// How many jobs of a creator may run at a time, of those for whom there is a bound; asked before every claim.
    public var runningJobs: @Sendable () -> [String: Int] = { [:] }
    /// The directory in which running jobs leave their states; nil: an interrupted job begins anew.
    public var checkpointDirectory: String?
    /// The shortest time between two states of a job.
    public var checkpointSeconds = 10.0
    /// Bounds on specifications and data.
    public var limits = TrainingLimits()
    /// The version of the build and the instruction set of its kernels, for the provenance of results.
    public var version: String
    /// As in provenance: `avx2`, …
    public var instructionSet: String

    /// The defaults, with the identity of the build.
    public init(version: String, instructionSet: String) {
      self.version = version
      self.instructionSet = instructionSet
    }
  }

  /// About what an entry of a state takes.
  private static let bytesOfState = 128

  private enum Phase {
    case idle, draining
    /// With what wakes each worker, and the workers.
    case running([AsyncStream<Void>.Continuation], [Task<Void, Never>])
  }

  let store: any JobStore
  let configuration: Configuration
  private let clock: any WallClock
  private let ids: any IDGenerator
  private let log: Logger
  private let context: WorkerContext
  let live = LiveJobs()
  private let metrics: JobMetrics
  private let changes = ChangeFeed()
  let computation: ComputeQueue
  private let keysInFlight = KeysInFlight()
  private let models: LearnedModels
  /// Some 20,000 of them.
  private let ended = JobCache<JobState>(capacity: 20_000 * JobService.bytesOfState)
  private let prepared: PreparedJobs
  let feeds: JobFeeds
  let endedMoments = EndedMoments()
  private let phase = Mutex(Phase.idle)
  private let sleep: @Sendable (_ seconds: Double) async -> Void

  /// A service that trains with the engine. It works from `start()` on.
  ///
  /// - Parameter metrics: where jobs are counted; a service has it for itself.
  public convenience init(
    store: any JobStore, configuration: Configuration, clock: any WallClock, ids: any IDGenerator,
    log: Logger,
    metrics: MetricsRegistry = MetricsRegistry()
  ) {
    self.init(
      store: store, configuration: configuration, clock: clock, ids: ids, log: log,
      runner: EngineRunner(
        limits: configuration.limits, processors: configuration.processors,
        checkpoints: configuration.checkpoints.map { folder in
          Checkpointing(
            folder, seconds: configuration.checkpointSeconds, version: configuration.version,
            instructionSet: configuration.instructionSet, log: log, metrics: CheckpointMetrics(metrics))
        }),
      sleep: { seconds in try? await Task.sleep(for: .seconds(seconds)) }, metrics: metrics)
  }

  /// - Parameter sleep: returns after so many seconds, or when its task is cancelled.
  package init(
    store: any JobStore, configuration: Configuration, clock: any WallClock, ids: any IDGenerator,
    log: Logger,
    runner: any TrainingRunner, sleep: @escaping @Sendable (_ seconds: Double) async -> Void,
    metrics: MetricsRegistry = MetricsRegistry()
  ) {
    self.store = store
    self.configuration = configuration
    self.clock = clock
    self.ids = ids
    self.log = log
    self.sleep = sleep
    computation = .concurrent("jobs.computation", width: configuration.processors)
    self.metrics = JobMetrics(metrics, configuration: configuration, live: live)
    models = LearnedModels(
      store: store, live: live, kept: JobCache(capacity: configuration.modelCacheBytes),
      computation: computation)
    prepared = PreparedJobs(capacity: configuration.preparedBytes)
    feeds = JobFeeds(changes: changes, sleep: sleep, log: log) { [store, live] id, earlier in
      try await Self.moment(of: id, after: earlier, store, live)
    }
    context = WorkerContext(
      store: store, checkpoints: configuration.checkpoints, runner: runner, prepared: prepared,
      models: models,
      live: live, metrics: self.metrics, changes: changes, clock: clock, log: log,
      runningJobs: configuration.runningJobs, pause: { await sleep(1) })
  }

  // MARK: - Start and end

  /// Brings the jobs that a dead process left behind back into the queue, then begins to work.
  public func start() async throws {
    for job in try await recover(at: clock.now()) {
      log.warning(
        "recovered a job",
        metadata: job.named(with: [
          "status": "\(job.status)", "attempt": .stringConvertible(job.attempt),
        ]))
      metrics.left(job)
    }
    phase.withLock { phase in
      guard case .idle = phase else { preconditionFailure("a service starts once") }
      var wakers: [AsyncStream<Void>.Continuation] = []
      var workers: [Task<Void, Never>] = []
      for index in 0..<configuration.workers {
        let (wakeups, waker) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let worker = Worker(context: context, queue: .serial("jobs.worker.\(index)"), wakeups: wakeups)
        waker.yield()
        wakers.append(waker)
        workers.append(Task { await worker.work() })
      }
      phase = .running(wakers, workers)
    }
  }

  /// Whether jobs are taken in.
  public var isReady: Bool {
    phase.withLock { phase in
      if case .running = phase { true } else { false }
    }
  }

  /// Takes in no more jobs, ends every `wait`, has the running jobs stop at their next step and go back to the
  /// queue, and returns when no worker works any more.
  ///
  /// - Parameter seconds: the longest time that the runs have for that; nil: as long as they take. One that has not come back
  ///   by then is left: it may compute until the process ends, but nobody hears of it or touches the store for it. Its job
  ///   stays in the store as running, and the next `start()` takes it for interrupted.
  public func drain(within seconds: Double? = nil) async {
    let last = phase.withLock { phase in
      defer { phase = .draining }
      return phase
    }
    live.drain()
    changes.close()
    guard case .running(let wakers, let workers) = last else { return }
    for waker in wakers { waker.finish() }
    let bound = seconds.map { seconds in
      Task { [live, sleep] in
        await sleep(seconds)
        if !Task.isCancelled { live.abandon() }
      }
    }
    for worker in workers { await worker.value }
    bound?.cancel()
  }

  private func wakeWorkers() {
    phase.withLock { phase in
      guard case .running(let wakers, _) = phase else { return }
      for waker in wakers { waker.yield() }
    }
  }

  // MARK: - Submissions

  /// Checks a request and puts it into the queue. When this returns, the job is on disk.
  ///
  /// - Throws: `SubmissionError`, or what the store reports.
  public func submit(
    _ request: TrainingRequest, key: IdempotencyKey? = nil, by submitter: Submitter? = nil,
    traceID: String? = nil
  ) async throws -> Submission {
    try await submit(key: key, by: submitter, traceID: traceID) { request }
  }

  /// The same for a request that is made where it is checked, on a thread of `compute`.
  ///
  /// - Parameters:
  ///   - key: makes a repetition of the request, even after a restart, return the same job. Only accepted requests are
  ///     remembered, until the key expires.
  ///   - submitter: whose job it is.
  ///   - traceID: the trace of the request, which the job keeps.
  ///   - request: makes it, once.
  /// - Throws: `SubmissionError`, what `request` throws, or what the store reports.
  public func submit(
    key: IdempotencyKey? = nil, by submitter: Submitter? = nil, traceID: String? = nil,
    _ request: @escaping @Sendable () throws -> TrainingRequest
  ) async throws -> Submission {
    guard isReady else { throw SubmissionError.draining }
    let now = clock.now()
    let horizon = Timestamp(milliseconds: now.milliseconds - Int64(configuration.idempotencySeconds) * 1000)
    if let key {
      guard keysInFlight.enter(key) else { throw SubmissionError.keyInFlight }
    }
    defer { if let key { keysInFlight.leave(key) } }
    if let key, let earlier = try await store.replay(of: key, keyHorizon: horizon) {
      return Submission(job: earlier, isReplay: true)
    }

    let (training, stored): (PreparedTraining, StoredRequest)
    do {
      let limits = configuration.limits
      (training, stored) = try await compute {
        let request = try request()
        let text = request.text ?? request.document.serialized()
        return (
          try PreparedTraining(request, limits: limits),
          StoredRequest(document: text, attachment: request.attachment)
        )
      }
    } catch let error as SpecificationError {
      throw SubmissionError.invalid(error)
    }
    let job = Job(
      ids.next(), training, createdAt: now, version: configuration.version,
      instructionSet: configuration.instructionSet, createdBy: submitter?.id, traceID: traceID)
    // Before the insert: a worker may take the job as soon as it is stored.
    prepared.keep(training, for: job.id)
    let submission: Submission
    do {
      submission = try await store.insert(
        job, request: stored, key: key,
        capacity: QueueCapacity(total: configuration.queueCapacity, ofOne: submitter?.queuedJobs),
        keyHorizon: horizon)
    } catch {
      prepared.take(job.id)
      throw error
    }
    if submission.isReplay {
      prepared.take(job.id)
    } else {
      changes.signal(job.id)
      metrics.submitted(job)
      log.info("job queued", metadata: job.named(with: ["strategy": .string(job.strategy)]))
      wakeWorkers()
    }
    return submission
  }

  // MARK: - Questions

  /// The job as it is now; nil if there is none.
  public func job(_ id: JobID) async throws -> Job? {
    // In this order: a job that ends in between is shown as ended.
    let ticket = ended.ticket
    let running = live[id]
    guard let job = try await store.job(id) else { return nil }
    if job.status.isTerminal {
      let state = JobState(status: job.status, revision: job.revision, createdBy: job.createdBy)
      ended.keep(state, of: id, bytes: Self.bytesOfState, ticket)
    }
    return running?.overlay(job) ?? job
  }

  /// Where a job stands, without its documents; nil if there is none.
  public func state(of id: JobID) async throws -> JobState? {
    if let kept = ended.value(of: id) { return kept }
    return try await store.state(of: id)
  }

  /// How a job ended that was asked for lately and is still there; nil for any other. It waits for nothing.
  public func keptEnd(of id: JobID) -> JobState? { ended.value(of: id) }

  /// The model of an ended job that was asked for lately, with how the job ended; nil for any other. It waits for nothing.
  public func keptModel(of id: JobID) -> (model: TrainedModel, state: JobState)? {
    models.kept.value(of: id).map { ($0.model, $0.state) }
  }

  /// The newest `limit` jobs older than `after`, a job that need not exist any more.
  public func list(
    _ filter: JobFilter = JobFilter(), limit: Int, after: JobID? = nil
  ) async throws -> JobPage<Job> {
    let running = live.all
    var page = try await store.list(filter, limit: limit, after: after)
    page.jobs = page.jobs.map { running[$0.id]?.overlay($0) ?? $0 }
    return page
  }

  /// The same jobs, without their documents.
  public func summaries(
    _ filter: JobFilter = JobFilter(), limit: Int, after: JobID? = nil
  ) async throws -> JobPage<JobSummary> {
    let running = live.all
    var page = try await store.summaries(filter, limit: limit, after: after)
    page.jobs = page.jobs.map { running[$0.id]?.overlay($0) ?? $0 }
    return page
  }

  /// How many of the filter's jobs have each status, whatever statuses the filter asks for.
  public func counts(_ filter: JobFilter = JobFilter()) async throws -> [JobStatus: Int] {
    try await store.counts(filter)
  }

  /// The series of metrics, so far or final; nil if there is none yet or no such job.
  public func metrics(_ id: JobID) async throws -> MetricSeries? {
    if let series = live[id]?.series { return series }
    guard let bytes = try await store.series(of: id) else { return nil }
    return try await compute { try MetricSeries(serialized: bytes) }
  }

  /// What a job has learned, or a recent state of it while the job runs. Models of ended jobs are kept in memory for a
  /// while, with the state of the job, so that the next question asks the store nothing.
  public func trainedModel(_ id: JobID) async throws -> ModelLookup {
    try await models.model(of: id)
  }

  /// The job as soon as its revision differs from `revision`, or, without one, as soon as it has ended.
  ///
  /// - Returns: after `seconds`, or at once when the service drains, the job as it is then; nil if there is none.
  /// - Throws: `CancellationError` when the waiting task is cancelled.
  public func wait(for id: JobID, untilNot revision: Int?, seconds: Double) async throws -> Job? {
    let (stream, end) = changes.subscribe(to: id)
    defer { end() }
    let timeout = Task { [sleep] in
      await sleep(seconds)
      end()
    }
    defer { timeout.cancel() }
    var iterator = stream.makeAsyncIterator()
    while true {
      guard let job = try await job(id) else { return nil }
      if job.status.isTerminal || (revision != nil && job.revision != revision) { return job }
      if await iterator.next(isolation: nil) == nil {
        try Task.checkCancellation()
        return try await self.job(id)
      }
    }
  }

  /// Brings up to date what is counted by the store, before the metrics are read.
  public func refreshMetrics() async { await metrics.refresh(from: store) }

  /// How many calls of `wait` are under way.
  package var waiterCount: Int { changes.count }

  // MARK: - Orders

  /// Ends a queued job at once, and has a running one stop at its next mini-batch.
  public func cancel(_ id: JobID) async throws -> CancelResult {
    do {
      let running = live[id]
      let floor = (running?.revision ?? 0) + 1
      let transition = try await store.apply(
        .cancel, to: id, attempt: nil, at: clock.now(), revision: floor, results: .none)
      guard let transition else { return .notFound }
      if transition.action == .none {
        return transition.job.status == .cancelled ? .already(transition.job) : .accepted(transition.job)
      }
      if transition.action == .end { prepared.take(id) }
      metrics.left(transition.job)
      if transition.action == .requestStop { live[id]?.cancel(at: transition.job.revision) }
      log.info("job cancelled", metadata: ["job": "\(id)"])
      changes.signal(id)
      return .accepted(running?.overlay(transition.job) ?? transition.job)
    } catch is IllegalTransition {
      return try await store.job(id).map { .ended($0) } ?? .notFound
    }
  }

  /// Removes an ended job with all that it left.
  public func delete(_ id: JobID) async throws -> DeleteResult {
    let result = try await store.delete(id)
    if result == .deleted {
      models.kept.drop(id)
      ended.drop(id)
      changes.signal(id)
    }
    return result
  }
}
