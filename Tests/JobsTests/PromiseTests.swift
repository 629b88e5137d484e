// A queued job trains what was promised when it was taken in, whatever the defaults are by then.

import GRDB
import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite(.timeLimit(.minutes(2))) struct PromiseTests {
  private let directory: TemporaryDirectory
  private let clock = ManualClock()

  init() throws { directory = try TemporaryDirectory() }

  private func service(preparedBytes: Int = 0) throws -> JobService {
    var configuration = JobService.Configuration(version: "test", instructionSet: "none")
    configuration.preparedBytes = preparedBytes
    return JobService(
      store: try SQLiteJobStore(directory: directory.path), configuration: configuration, clock: clock,
      ids: TimeOrderedIDGenerator(clock: clock), log: quietLog)
  }

  /// Puts a job into the queue of a directory that no service has, as `stored` was sent and `promised` was resolved.
  private func queue(stored: TrainingRequest, promised: TrainingRequest) async throws -> JobID {
    let store = try SQLiteJobStore(directory: directory.path)
    let job = Job(
      TimeOrderedIDGenerator(clock: clock).next(), try PreparedTraining(promised), createdAt: clock.now(),
      version: "older", instructionSet: "none")
    _ = try await store.insert(
      job, request: StoredRequest(document: stored.document.serialized()), key: nil, capacity: 10,
      keyHorizon: Timestamp(milliseconds: 0))
    try await store.close()
    return job.id
  }

  private func ended(_ id: JobID, _ service: JobService) async throws -> Job {
    try await service.start()
    let job = try #require(try await service.wait(for: id, untilNot: nil, seconds: 60))
    return job
  }

  @Test func `a default that has changed since changes no bit`() async throws {
    // As if the default number of epochs, the default optimiser and the default of `standardize` had been others.
    let explicit = request(
      "promised",
      [
        "training": ["epochs": 5, "optimizer": "sgd", "batch_size": 7],
        "data": [
          "inputs": [[1, 2], [3, 5], [5, 4], [8, 1]], "targets": [1, 2, 3, 5], "standardize": false,
        ],
      ])
    let silent = request(
      "promised",
      ["training": [:], "data": ["inputs": [[1, 2], [3, 5], [5, 4], [8, 1]], "targets": [1, 2, 3, 5]]]
    )
    let id = try await queue(stored: silent, promised: explicit)
    let service = try service()
    let job = try await ended(id, service)
    #expect(job.status == .succeeded)
    let model = try #require(try await service.trainedModel(id).model)
    let expected = try PreparedTraining(explicit).run(
      isCancelled: { false }, report: { _ in }, now: { 0 })
    #expect(model.serialized() == expected.trained.serialized())
    #expect(try await service.metrics(id)?.serialized() == expected.series.serialized())
    await service.drain()
  }

  @Test func `a specification that is not the promised one is not trained`() async throws {
    let id = try await queue(stored: request(), promised: request())
    do {
      let store = try SQLiteJobStore(directory: directory.path)
      try await store.database.write { db in
        let text = try String.fetchOne(db, sql: "SELECT CAST(resolved_spec AS TEXT) FROM job") ?? ""
        let changed = text.replacing("\"epochs\":3", with: "\"epochs\":4")
        #expect(changed != text)
        try db.execute(sql: "UPDATE job SET resolved_spec = CAST(? AS BLOB)", arguments: [changed])
      }
      try await store.close()
    }
    let service = try service()
    let job = try await ended(id, service)
    #expect(job.status == .failed && job.error?["code"] == "data_damaged")
    await service.drain()
  }

  @Test(arguments: [0, 1 << 30])
  func `a job is the same whether it was kept prepared or prepared again`(bytes: Int) async throws {
    let service = try service(preparedBytes: bytes)
    try await service.start()
    let job = try await service.submit(request("kept", strategy: "parametric")).job
    let ended = try #require(try await service.wait(for: job.id, untilNot: nil, seconds: 60))
    #expect(ended.status == .succeeded)
    let model = try #require(try await service.trainedModel(job.id).model)
    let expected = try PreparedTraining(request("kept", strategy: "parametric")).run(
      isCancelled: { false }, report: { _ in }, now: { 0 })
    #expect(model.serialized() == expected.trained.serialized())
    await service.drain()
  }
}
