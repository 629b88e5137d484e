// The service with a scripted runner: submissions, runs, orders and waits.

import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite(.timeLimit(.minutes(5)))
struct JobServiceTests {
  // MARK: - Submissions

  @Test func `an invalid request is refused with all its faults and leaves nothing behind`() async throws {
    let harness = try await Harness.started()
    let bad = request("x", ["training": ["epochs": 0, "colour": "red"], "priority": 99])
    do {
      _ = try await harness.service.submit(bad)
      Issue.record("accepted")
    } catch SubmissionError.invalid(let error) {
      let places = Set(error.faults.map(\.pointer.fragment))
      #expect(places == ["#/training/epochs", "#/training/colour", "#/priority"])
    }
    #expect(try await harness.service.counts() == [:])
    await #expect(throws: SpecificationError.self) { try await harness.service.validate(bad) }
    #expect(try await harness.service.validate(request()).name == "job")
  }

  @Test func `a full queue refuses, and takes again when a worker has taken a job`() async throws {
    let harness = try Harness(capacity: 2)
    try await harness.service.start()
    _ = try await harness.submit("runs")
    let running = try await harness.runner.next()
    for name in ["a", "b"] { _ = try await harness.submit(name) }
    await #expect(throws: SubmissionError.queueFull(capacity: 2)) { try await harness.submit("c") }
    running.finish(.succeeded)
    _ = try await harness.runner.next()
    _ = try await harness.submit("c")
  }

  @Test func `a service that has not started or is draining takes no jobs`() async throws {
    let harness = try Harness()
    #expect(!harness.service.isReady)
    await #expect(throws: SubmissionError.draining) { try await harness.submit() }
    try await harness.service.start()
    #expect(harness.service.isReady)
    await harness.service.drain()
    #expect(!harness.service.isReady)
    await #expect(throws: SubmissionError.draining) { try await harness.submit() }
  }

  @Test func `concurrent submissions with one key create exactly one job`() async throws {
    let harness = try await Harness.started()
    let service = harness.service
    let key = IdempotencyKey(scope: "s", key: "k", fingerprint: "f")
    let results = await withTaskGroup(of: Result<JobID, any Error>.self) { group in
      for _ in 0..<10 {
        group.addTask {
          do { return .success(try await service.submit(request(), key: key).job.id) } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var created: Set<JobID> = []
    for result in results {
      switch result {
      case .success(let id): created.insert(id)
      case .failure(let error): #expect(error as? SubmissionError == .keyInFlight)
      }
    }
    #expect(created.count == 1)
    #expect(try await service.list(limit: 10).jobs.count == 1)
    #expect(try await service.submit(request(), key: key).isReplay)
  }

  @Test func `a key is replayed for a day and then names a new job; a refused request leaves it free`()
    async throws
  {
    let harness = try await Harness.started()
    let key = IdempotencyKey(scope: "s", key: "k", fingerprint: "f")
    await #expect(throws: SubmissionError.self) {
      try await harness.service.submit(request("x", ["training": ["epochs": 0]]), key: key)
    }
    let first = try await harness.service.submit(request(), key: key)
    #expect(!first.isReplay)
    harness.clock.advance(milliseconds: 86_400_000)
    #expect(try await harness.service.submit(request(), key: key).job.id == first.job.id)
    harness.clock.advance(milliseconds: 1)
    #expect(try await harness.service.submit(request(), key: key).job.id != first.job.id)
  }

  // MARK: - Runs

  @Test func `a job runs from the queue to its success and keeps what it learned`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    #expect(try await harness.status(id) == .running)
    run.report(epoch: 2)
    var results = JobResults()
    results.result = ["best_epoch": 1]
    run.finish(.succeeded, results)
    let job = try await harness.ended(id)
    #expect(job.status == .succeeded)
    #expect(job.result == ["best_epoch": 1])
    #expect(job.progress?["epoch"] == 2)
    #expect(job.metrics == ["training_loss": 0.5])
    #expect(job.error == nil)
  }

  @Test func `a failed job says why`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    var results = JobResults()
    results.error = ["code": "diverged", "epoch": 4]
    try await harness.runner.next().finish(.failed, results)
    let job = try await harness.ended(id)
    #expect(job.status == .failed)
    #expect(job.error == ["code": "diverged", "epoch": 4])
  }

  @Test func `while a job runs, progress, metrics and series are live, and each report is a new revision`()
    async throws
  {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    var job = try #require(try await harness.service.job(id))
    for epoch in 1...3 {
      run.report(epoch: epoch)
      let next = try #require(try await harness.service.wait(for: id, untilNot: job.revision, seconds: 60))
      #expect(next.revision > job.revision)
      #expect(next.progress?["epoch"] == .integer(epoch))
      #expect(next.metrics?["training_loss"] == .number(1 / Double(epoch)))
      job = next
    }
    let finish = Timestamp(milliseconds: harness.clock.now().milliseconds + 2000)
    #expect(job.progress?["estimated_finish_at"] == .string(finish.rfc3339))
    #expect(try await harness.service.metrics(id)?.epochs == [1, 2, 3])
    #expect(try await harness.service.list(limit: 5).jobs == [job])
    #expect(try await harness.store.job(id)?.progress == nil)
    run.finish(.succeeded)
    let ended = try await harness.ended(id)
    #expect(ended.revision > job.revision)
    #expect(ended.progress?["epoch"] == 3)
    #expect(ended.progress?["estimated_finish_at"] == .null)
  }

  @Test func `jobs run by priority, then by age`() async throws {
    let harness = try await Harness.started()
    _ = try await harness.submit("first")
    var run = try await harness.runner.next()
    for (name, priority) in [("low", -1), ("old", 0), ("new", 0), ("high", 7)] {
      _ = try await harness.submit(name, priority: priority)
    }
    var order = [run.name]
    for _ in 0..<4 {
      run.finish(.succeeded)
      run = try await harness.runner.next()
      order.append(run.name)
    }
    #expect(order == ["first", "high", "old", "new", "low"])
  }

  @Test func `as many jobs run at a time as there are workers`() async throws {
    let harness = try await Harness.started(workers: 2)
    for name in ["a", "b", "c"] { _ = try await harness.submit(name) }
    let runs = [try await harness.runner.next(), try await harness.runner.next()]
    #expect(Set(runs.map(\.name)) == ["a", "b"])
    #expect(try await harness.service.counts() == [.running: 2, .queued: 1])
    runs[0].finish(.succeeded)
    #expect(try await harness.runner.next().name == "c")
  }

  // MARK: - Orders

  @Test func `cancelling a queued job ends it at once`() async throws {
    let harness = try await Harness.started()
    _ = try await harness.submit("runs")
    _ = try await harness.runner.next()
    let id = try await harness.submit("waits")
    let job = try #require(try await harness.service.cancel(id).accepted)
    #expect(job.status == .cancelled)
    #expect(job.finishedAt != nil)
    #expect(try await harness.service.cancel(id).already != nil)
  }

  @Test func `cancelling a running job stops it and keeps what it had`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    let before = try #require(try await harness.service.job(id))
    run.report(epoch: 1)
    _ = try await harness.service.wait(for: id, untilNot: before.revision, seconds: 60)
    let job = try #require(try await harness.service.cancel(id).accepted)
    #expect(job.status == .cancelling)
    let ended = try await harness.ended(id)
    #expect(ended.status == .cancelled)
    #expect(ended.progress?["epoch"] == 1)
  }

  @Test(arguments: [true, false])
  func `a training that ends before it notices the cancellation stands`(_ succeeds: Bool) async throws {
    let harness = try await Harness.started(heedsStop: false)
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    for _ in 0..<2 {
      let job = try #require(try await harness.service.cancel(id).accepted)
      #expect(job.status == .cancelling)
    }
    run.finish(succeeds ? .succeeded : .failed)
    #expect(try await harness.ended(id).status == (succeeds ? .succeeded : .failed))
    let job = try #require(try await harness.service.cancel(id).ended)
    #expect(job.status == (succeeds ? .succeeded : .failed))
  }

  @Test func `what is not there can be neither cancelled, deleted, waited for nor read`() async throws {
    let harness = try await Harness.started()
    let id = TimeOrderedIDGenerator(clock: harness.clock).next()
    #expect(try await harness.service.cancel(id) == .notFound)
    #expect(try await harness.service.delete(id) == .notFound)
    #expect(try await harness.service.wait(for: id, untilNot: nil, seconds: 60) == nil)
    #expect(try await harness.service.job(id) == nil)
    #expect(try await harness.service.metrics(id) == nil)
    #expect(try await harness.service.trainedModel(id).model == nil)
  }

  @Test func `a running job cannot be deleted, an ended one can`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    #expect(try await harness.service.delete(id).notEnded != nil)
    run.finish(.succeeded)
    _ = try await harness.ended(id)
    #expect(try await harness.service.delete(id) == .deleted)
    #expect(try await harness.service.job(id) == nil)
  }

  // MARK: - Waits

  @Test func `a wait whose time runs out returns the job as it is, and leaves no waiter`() async throws {
    let harness = try Harness(sleep: { _ in })
    try await harness.service.start()
    let id = try await harness.submit()
    _ = try await harness.runner.next()
    let job = try await harness.service.wait(for: id, untilNot: nil, seconds: 30)
    #expect(job?.status == .running)
    #expect(harness.service.waiterCount == 0)
  }

  @Test func `a cancelled wait throws and leaves no waiter`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    _ = try await harness.runner.next()
    let service = harness.service
    let wait = Task { try await service.wait(for: id, untilNot: nil, seconds: 600) }
    while service.waiterCount == 0 { await Task.yield() }
    wait.cancel()
    await #expect(throws: CancellationError.self) { try await wait.value }
    #expect(service.waiterCount == 0)
  }

  @Test func `hundreds of waits for one job are all answered by its end`() async throws {
    let harness = try await Harness.started()
    let id = try await harness.submit()
    let run = try await harness.runner.next()
    let service = harness.service
    try await withThrowingTaskGroup(of: JobStatus?.self) { group in
      for _ in 0..<300 {
        group.addTask { try await service.wait(for: id, untilNot: nil, seconds: 600)?.status }
      }
      while service.waiterCount < 300 { await Task.yield() }
      run.finish(.succeeded)
      for try await status in group { #expect(status == .succeeded) }
    }
    #expect(service.waiterCount == 0)
  }
}
