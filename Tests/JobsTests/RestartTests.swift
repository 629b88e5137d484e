// Jobs across the end of a process: an orderly drain, a crash, and a store that fails for a while.

import JSON
import Jobs
import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(5)))
struct RestartTests {
  @Test func `draining returns running jobs to the queue, and the next start runs them again`() async throws {
    let harness = try await Harness.started(workers: 2)
    var jobs: [JobID] = []
    for name in ["a", "b", "c"] { jobs.append(try await harness.submit(name)) }
    for _ in 0..<2 { _ = try await harness.runner.next() }
    await harness.service.drain()
    for (id, attempt) in zip(jobs, [2, 2, 1]) {
      let job = try await harness.service.job(id)
      #expect(job?.status == .queued)
      #expect(job?.attempt == attempt)
      #expect(job?.progress == nil)
    }
    let next = try Harness(in: try harness.directory.crashCopy())
    try await next.service.start()
    let run = try await next.runner.next()
    #expect(run.name == "a")
    run.finish(.succeeded)
    #expect(try await next.ended(jobs[0]).status == .succeeded)
  }

  @Test func `who waits for a job is answered when the service drains`() async throws {
    let harness = try await Harness.started()
    _ = try await harness.submit("runs")
    _ = try await harness.runner.next()
    let id = try await harness.submit("waits")
    let service = harness.service
    let waiting = Task { try await service.wait(for: id, untilNot: nil, seconds: 3600) }
    while service.waiterCount == 0 { await Task.yield() }
    await service.drain()
    #expect(try await waiting.value?.status == .queued)
    #expect(try await service.wait(for: id, untilNot: nil, seconds: 3600)?.status == .queued)
  }

  @Test func `a job being cancelled when the service drains is cancelled, not requeued`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    _ = try await harness.runner.next()
    _ = try await harness.service.cancel(id)
    await harness.service.drain()
    #expect(try await harness.status(id) == .cancelled)
  }

  @Test func `a drain waits for a run that ends by itself, and keeps its success`() async throws {
    let harness = try await Harness.started(heedsStop: false)
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    let service = harness.service
    let drained = Task { await service.drain(within: 3600) }
    while service.isReady { await Task.yield() }
    run.finish(.succeeded)
    await drained.value
    #expect(try await harness.status(id) == .succeeded)
  }

  @Test func `a run that does not come back in time is left, and the next start runs its job again`()
    async throws
  {
    let changes = Atomic(0)
    let harness = try Harness(
      heedsStop: false,
      wrapping: {
        FlakyStore(
          base: $0,
          fails: {
            changes.add(1, ordering: .relaxed)
            return false
          })
      })
    try await harness.service.start()
    let id = try await harness.submit("stubborn")
    let run = try await harness.runner.next()
    await harness.service.drain(within: 0)
    #expect(try await harness.status(id) == .running)
    try await harness.store.close()
    // Nobody waits for it any more.
    run.finish(.succeeded)

    let next = try Harness(in: try harness.directory.crashCopy())
    try await next.service.start()
    let again = try await next.runner.next()
    #expect(again.name == "stubborn")
    let job = try #require(try await next.service.job(id))
    #expect((job.status, job.attempt) == (.running, 2))
    again.finish(.succeeded)
    #expect(try await next.ended(id).status == .succeeded)
    #expect(changes.load(ordering: .relaxed) == 0)
  }

  @Test func `after a crash queued jobs are queued, running ones run again, cancelled ones stay so`()
    async throws
  {
    let harness = try await Harness.started(workers: 2, heedsStop: false)
    let (running, cancelling) = (try await harness.submit("runs"), try await harness.submit("cancels"))
    for _ in 0..<2 { _ = try await harness.runner.next() }
    _ = try await harness.service.cancel(cancelling)
    let queued = try await harness.submit("waits")

    let next = try Harness(in: try harness.directory.crashCopy())
    try await next.service.start()
    let run = try await next.runner.next()
    #expect(run.name == "runs")
    let again = try #require(try await next.service.job(running))
    #expect((again.status, again.attempt) == (.running, 2))
    #expect(try await next.status(cancelling) == .cancelled)
    #expect(try await next.status(queued) == .queued)
    run.finish(.succeeded)
    #expect(try await next.runner.next().name == "waits")
  }

  @Test func `an idempotency key is replayed after a crash`() async throws {
    let harness = try await Harness.started()
    let key = IdempotencyKey(scope: "s", key: "k", fingerprint: "f")
    let id = try await harness.service.submit(request(), key: key).job.id
    let next = try Harness(in: try harness.directory.crashCopy(), clock: harness.clock)
    try await next.service.start()
    let replay = try await next.service.submit(request(), key: key)
    #expect(replay.isReplay)
    #expect(replay.job.id == id)
  }

  @Test func `a job's end is stored as soon as the store works again`() async throws {
    let failures = Atomic(3)
    let harness = try Harness(
      wrapping: { FlakyStore(base: $0, fails: { failures.subtract(1, ordering: .relaxed).oldValue > 0 }) },
      sleep: { _ in await Task.yield() })
    try await harness.service.start()
    let id = try await harness.submit()
    try await harness.runner.next().finish(.succeeded)
    while try await harness.status(id) != .succeeded { await Task.yield() }
    #expect(failures.load(ordering: .relaxed) < 0)
  }
}

/// A store whose changes of state fail as long as `fails` says so.
struct FlakyStore: JobStore {
  struct Broken: Error {}

  let base: any JobStore
  let fails: @Sendable () -> Bool

  func insert(
    _ job: Job, request: StoredRequest, key: IdempotencyKey?, capacity: QueueCapacity, keyHorizon: Timestamp
  ) async throws -> Submission {
    try await base.insert(job, request: request, key: key, capacity: capacity, keyHorizon: keyHorizon)
  }

  func replay(of key: IdempotencyKey, keyHorizon: Timestamp) async throws -> Job? {
    try await base.replay(of: key, keyHorizon: keyHorizon)
  }

  func job(_ id: JobID) async throws -> Job? { try await base.job(id) }
  func state(of id: JobID) async throws -> JobState? { try await base.state(of: id) }

  func events(of id: JobID, after sequence: Int) async throws -> [JobEvent] {
    try await base.events(of: id, after: sequence)
  }

  func list(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<Job> {
    try await base.list(filter, limit: limit, after: after)
  }

  func summaries(_ filter: JobFilter, limit: Int, after: JobID?) async throws -> JobPage<JobSummary> {
    try await base.summaries(filter, limit: limit, after: after)
  }

  func counts(_ filter: JobFilter) async throws -> [JobStatus: Int] { try await base.counts(filter) }
  func oldestQueued() async throws -> Timestamp { try await base.oldestQueued() }
  func request(of id: JobID) async throws -> StoredRequest? { try await base.request(of: id) }
  func close() async throws { try await base.close() }
  func claimNext(at time: Timestamp, runningJobs: [String: Int]) async throws -> Job? {
    try await base.claimNext(at: time, runningJobs: runningJobs)
  }

  func apply(
    _ event: JobLifecycle.Event, to id: JobID, attempt: Int?, at time: Timestamp, revision: Int,
    results: JobResults
  ) async throws -> Transition? {
    if fails() { throw Broken() }
    return try await base.apply(
      event, to: id, attempt: attempt, at: time, revision: revision, results: results)
  }

  func recover(
    at time: Timestamp, hasProgress: @escaping @Sendable (_ job: JobID, _ attempt: Int) -> Bool
  ) async throws -> [Job] {
    try await base.recover(at: time, hasProgress: hasProgress)
  }

  func delete(_ id: JobID) async throws -> DeleteResult { try await base.delete(id) }
  func series(of id: JobID) async throws -> [UInt8]? { try await base.series(of: id) }
  func model(of id: JobID) async throws -> [UInt8]? { try await base.model(of: id) }
}
