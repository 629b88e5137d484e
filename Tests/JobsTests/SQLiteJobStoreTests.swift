// The store on disk: durability, order, atomic claims, pages, keys and removal.

import GRDB
import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite struct SQLiteJobStoreTests {
  let directory: TemporaryDirectory
  let store: SQLiteJobStore
  let clock = ManualClock()
  let ids: TimeOrderedIDGenerator
  let past = Timestamp(milliseconds: 0)

  init() throws {
    directory = try TemporaryDirectory()
    store = try SQLiteJobStore(directory: directory.path)
    ids = TimeOrderedIDGenerator(clock: clock)
  }

  @discardableResult
  func insert(
    _ training: TrainingRequest = request(), key: IdempotencyKey? = nil,
    capacity: QueueCapacity = 1000, horizon: Timestamp? = nil, by creator: String? = nil
  ) async throws -> Submission {
    let prepared = try PreparedTraining(training)
    let job = Job(
      ids.next(), prepared, createdAt: clock.now(), version: "1", instructionSet: "none",
      createdBy: creator)
    return try await store.insert(
      job, request: StoredRequest(document: training.document.serialized(), attachment: training.attachment),
      key: key, capacity: capacity, keyHorizon: horizon ?? past)
  }

  func apply(_ event: JobLifecycle.Event, to id: JobID, _ results: JobResults = .none) async throws
    -> Transition?
  {
    try await store.apply(
      event, to: id, attempt: nil, at: clock.now(), revision: 0, results: results)
  }

  // MARK: - Creators

  @Test func `a job keeps its creator, who has a queue and workers of a size`() async throws {
    let capacity = QueueCapacity(total: 4, ofOne: 2)
    let first = try await insert(capacity: capacity, by: "ann").job
    #expect(first.createdBy == "ann")
    #expect(try await store.state(of: first.id)?.createdBy == "ann")
    let second = try await insert(capacity: capacity, by: "ann").job.id
    await #expect(throws: SubmissionError.ownQueueFull(capacity: 2)) {
      try await insert(capacity: capacity, by: "ann")
    }
    let other = try await insert(capacity: capacity, by: "ben").job.id
    let nobodys = try await insert(capacity: capacity).job.id
    await #expect(throws: SubmissionError.queueFull(capacity: 4)) {
      try await insert(capacity: capacity, by: "ben")
    }
    #expect(
      try await store.list(JobFilter(createdBy: "ann"), limit: 9, after: nil).jobs.map(\.id)
        == [second, first.id])
    #expect(try await store.counts(JobFilter(createdBy: "ben")) == [.queued: 1])

    let bounds = ["ann": 1, "ben": 1]
    var claimed: [JobID?] = []
    for _ in 0..<4 { claimed.append(try await store.claimNext(at: clock.now(), runningJobs: bounds)?.id) }
    #expect(claimed == [first.id, other, nobodys, nil])
    _ = try await apply(.succeed, to: first.id)
    #expect(try await store.claimNext(at: clock.now(), runningJobs: bounds)?.id == second)
  }

  // MARK: - Durability

  @Test func `commits reach the disk before they are reported: write-ahead log, fully synchronised`()
    async throws
  {
    let (journal, synchronous) = try await store.database.read { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"), try Int.fetchOne(db, sql: "PRAGMA synchronous")
      )
    }
    #expect(journal == "wal")
    #expect(synchronous == 2)
  }

  @Test func `a job and its request are there after the power was lost right behind the insert`() async throws
  {
    let csv = Array("a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n".utf8) + [0x0A]
    let training = TrainingRequest(
      document: ["data": ["target": "b"], "activation": "relu", "name": "é"],
      attachment: Attachment(bytes: csv))
    let job = try await insert(training).job
    let copy = try directory.crashCopy()
    let reopened = try SQLiteJobStore(directory: copy.path)
    #expect(try await reopened.job(job.id) == job)
    #expect(try await reopened.claimNext(at: clock.now())?.id == job.id)
    let request = try #require(try await reopened.request(of: job.id))
    #expect(try JSONParser.parse(request.document) == training.document)
    #expect(request.attachment?.bytes == csv)
  }

  @Test func `a job reads back as it was inserted`() async throws {
    let job = try await insert(request("name", priority: -3)).job
    #expect(job.name == "name")
    #expect(job.metadata == ["team": "test"])
    #expect(job.status == .queued)
    #expect((job.priority, job.attempt, job.revision, job.queuePosition) == (-3, 1, 1, 1))
    #expect(job.createdAt == clock.now())
    #expect((job.startedAt, job.finishedAt) == (nil, nil))
    #expect(job.strategy == "fixed")
    #expect(job.specDocument["training"] == ["epochs": 3])
    #expect(job.resolvedSpec["training"]?["batch_size"] != nil)
    #expect(job.provenance["spec_sha256"]?.stringValue?.count == 64)
    #expect(job.provenance["seed"] == 0)
  }

  // MARK: - The queue

  @Test func `higher priorities run first, then older jobs; positions say so`() async throws {
    let priorities = [0, 5, -10, 5, 0, 10]
    var jobs: [JobID] = []
    for priority in priorities { jobs.append(try await insert(request(priority: priority)).job.id) }
    var positions: [Int?] = []
    for id in jobs { positions.append(try await store.job(id)?.queuePosition) }
    #expect(positions == [4, 2, 6, 3, 5, 1])
    var claimed: [JobID] = []
    while let job = try await store.claimNext(at: clock.now()) { claimed.append(job.id) }
    #expect(claimed == [5, 1, 3, 0, 4, 2].map { jobs[$0] })
    #expect(try await store.job(jobs[0])?.queuePosition == nil)
  }

  @Test func `each queued job is claimed exactly once, however many ask at the same time`() async throws {
    for _ in 0..<5 { try await insert() }
    let store = store
    let time = clock.now()
    let claimed = try await withThrowingTaskGroup(of: JobID?.self) { group in
      for _ in 0..<20 { group.addTask { try await store.claimNext(at: time)?.id } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(claimed.compactMap(\.self).count == 5)
    #expect(Set(claimed.compactMap(\.self)).count == 5)
    #expect(try await store.counts(JobFilter()) == [.running: 5])
  }

  @Test func `no more jobs than the capacity are queued, however many come at the same time`() async throws {
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<12 {
        group.addTask {
          do {
            try await insert(capacity: 3)
            return true
          } catch {
            #expect(error as? SubmissionError == .queueFull(capacity: 3))
            return false
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter(\.self).count == 3)
    _ = try await store.claimNext(at: clock.now())
    try await insert(capacity: 3)
  }

  // MARK: - Changes of state

  @Test func `each change raises the revision, at least to the given bound, and stamps the times`()
    async throws
  {
    let id = try await insert().job.id
    clock.advance(milliseconds: 10)
    let started = try #require(try await apply(.claim, to: id)).job
    #expect((started.revision, started.startedAt) == (2, clock.now()))
    clock.advance(milliseconds: 10)
    let ended = try await store.apply(
      .succeed, to: id, attempt: nil, at: clock.now(), revision: 50, results: .none)
    #expect((ended?.job.revision, ended?.job.finishedAt) == (50, clock.now()))
    #expect(ended?.job.startedAt == started.startedAt)
  }

  @Test func `an event that cannot happen changes nothing`() async throws {
    let job = try await insert().job
    await #expect(throws: IllegalTransition(status: .queued, event: .succeed)) {
      try await apply(.succeed, to: job.id)
    }
    #expect(try await store.job(job.id) == job)
    #expect(try await apply(.claim, to: ids.next()) == nil)
  }

  @Test func `the end keeps the results; only a failure keeps an error`() async throws {
    var results = JobResults()
    results.progress = ["epoch": 3]
    results.metrics = ["training_loss": 0.5]
    results.result = ["best_epoch": 2]
    results.error = ["code": "diverged"]
    results.warnings = [["code": "time_limit"]]
    results.series = [1, 2, 3]
    results.model = [0, 255]
    for event in [JobLifecycle.Event.succeed, .fail] {
      let id = try await insert().job.id
      _ = try await apply(.claim, to: id)
      let job = try #require(try await apply(event, to: id, results)).job
      #expect(
        (job.progress, job.metrics, job.result) == (["epoch": 3], ["training_loss": 0.5], ["best_epoch": 2]))
      #expect(job.error == (event == .fail ? ["code": "diverged"] : nil))
      #expect(job.warnings == [["code": "time_limit"]])
      #expect(try await store.series(of: id) == [1, 2, 3])
      #expect(try await store.model(of: id) == [0, 255])
    }
  }

  @Test func `recovery requeues what ran and cancels what was being cancelled`() async throws {
    let queued = try await insert(request(priority: -1)).job
    let running = try await insert().job.id
    let cancelling = try await insert().job.id
    for id in [running, cancelling] { _ = try await apply(.claim, to: id) }
    let seen = try #require(try await apply(.cancel, to: cancelling)).job.revision
    let recovered = try await store.recover(at: clock.now())
    #expect(recovered.map(\.id) == [running, cancelling])
    #expect(recovered.map(\.status) == [.queued, .cancelled])
    #expect(recovered.map(\.attempt) == [2, 1])
    #expect(recovered[0].startedAt == nil)
    #expect(recovered[1].revision > seen + 100_000, "revisions that clients may have seen do not come back")
    #expect(try await store.job(queued.id)?.attempt == 1)
    #expect(try await store.recover(at: clock.now()).isEmpty)
  }

  @Test func `a job whose process dies four times fails as interrupted`() async throws {
    let id = try await insert().job.id
    for attempt in 2...4 {
      _ = try await store.claimNext(at: clock.now())
      _ = try await store.recover(at: clock.now())
      #expect(try await store.job(id)?.attempt == attempt)
    }
    _ = try await store.claimNext(at: clock.now())
    let job = try #require(try await store.recover(at: clock.now()).first)
    #expect(job.status == .failed)
    #expect(job.error?["code"] == "interrupted")
  }

  // MARK: - Lists and removal

  @Test func `pages run from the newest to the oldest without gaps, whatever is deleted meanwhile`()
    async throws
  {
    var created: [JobID] = []
    for _ in 0..<7 { created.append(try await insert().job.id) }
    let first = try await store.list(JobFilter(), limit: 3, after: nil)
    #expect(first.jobs.map(\.id) == [6, 5, 4].map { created[$0] })
    #expect(first.hasMore)
    _ = try await apply(.cancel, to: created[4])
    #expect(try await store.delete(created[4]) == .deleted)
    try await insert()
    let second = try await store.list(JobFilter(), limit: 4, after: created[4])
    #expect(second.jobs.map(\.id) == [3, 2, 1, 0].map { created[$0] })
    #expect(!second.hasMore)
    #expect(try await store.list(JobFilter(), limit: 4, after: created[0]).jobs.isEmpty)
  }

  @Test func `lists filter by status and strategy`() async throws {
    let fixed = try await insert().job.id
    let parametric = try await insert(request(strategy: "parametric")).job.id
    _ = try await apply(.cancel, to: fixed)
    let list = { (status: JobStatus?, strategy: String?) in
      try await store.list(
        JobFilter(statuses: status.map { [$0] }, strategy: strategy), limit: 9, after: nil
      ).jobs.map(\.id)
    }
    #expect(try await list(.cancelled, nil) == [fixed])
    #expect(try await list(nil, "parametric") == [parametric])
    #expect(try await list(.cancelled, "parametric") == [])
    #expect(try await list(nil, nil) == [parametric, fixed])
  }

  @Test func `only ended jobs are deleted, with everything that belongs to them`() async throws {
    let key = IdempotencyKey(scope: "s", key: "k", fingerprint: "f")
    let job = try await insert(key: key).job
    #expect(try await store.delete(job.id) == .notEnded(job))
    _ = try await apply(.claim, to: job.id)
    var results = JobResults()
    results.model = [1]
    _ = try await apply(.succeed, to: job.id, results)
    #expect(try await store.delete(job.id) == .deleted)
    #expect(try await store.delete(job.id) == .notFound)
    let rows = try await store.database.read { db in
      try ["job", "summary", "request", "outcome", "idempotency_key"].map {
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \($0)")
      }
    }
    // The key is remembered as spent.
    #expect(rows == [0, 0, 0, 0, 1])
    #expect(try await store.model(of: job.id) == nil)
  }

  // MARK: - Idempotency

  @Test func `a key returns its job again, also after a crash, and refuses another request`() async throws {
    let key = IdempotencyKey(scope: "POST /v1/jobs", key: "k", fingerprint: "f")
    let first = try await insert(key: key)
    #expect(!first.isReplay)
    let again = try await insert(key: key)
    #expect(again.isReplay && again.job == first.job)
    let other = IdempotencyKey(scope: key.scope, key: key.key, fingerprint: "g")
    await #expect(throws: SubmissionError.keyReused) { try await insert(key: other) }
    await #expect(throws: SubmissionError.keyReused) { try await store.replay(of: other, keyHorizon: past) }
    let elsewhere = IdempotencyKey(scope: "other", key: key.key, fingerprint: "g")
    #expect(try await insert(key: elsewhere).isReplay == false)
    let copy = try directory.crashCopy()
    let reopened = try SQLiteJobStore(directory: copy.path)
    #expect(try await reopened.replay(of: key, keyHorizon: past)?.id == first.job.id)
  }

  @Test func `a key is replayed even when the queue is full, and a refused submission leaves its key free`()
    async throws
  {
    let (known, refused) = (
      IdempotencyKey(scope: "s", key: "1", fingerprint: "f"),
      IdempotencyKey(scope: "s", key: "2", fingerprint: "f")
    )
    try await insert(key: known)
    #expect(try await insert(key: known, capacity: 1).isReplay)
    await #expect(throws: SubmissionError.queueFull(capacity: 1)) {
      try await insert(key: refused, capacity: 1)
    }
    #expect(try await insert(key: refused).isReplay == false)
  }

  @Test func `a key is forgotten at its horizon and not before`() async throws {
    let key = IdempotencyKey(scope: "s", key: "k", fingerprint: "f")
    let first = try await insert(key: key).job
    #expect(try await insert(key: key, horizon: first.createdAt).isReplay)
    let later = Timestamp(milliseconds: first.createdAt.milliseconds + 1)
    #expect(try await store.replay(of: key, keyHorizon: later) == nil)
    #expect(try await insert(key: key, horizon: later).isReplay == false)
  }
}
