// Jobs that really train: success, divergence, the time limit, cancellation, and results after a crash.

import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite(.timeLimit(.minutes(5)))
struct EngineJobTests {
  let directory: TemporaryDirectory
  let service: JobService

  init() async throws {
    directory = try TemporaryDirectory()
    service = try Self.service(in: directory)
    try await service.start()
  }

  static func service(in directory: TemporaryDirectory) throws -> JobService {
    JobService(
      store: try SQLiteJobStore(directory: directory.path),
      configuration: JobService.Configuration(version: "test", instructionSet: "none"), clock: SystemClock(),
      ids: TimeOrderedIDGenerator(clock: SystemClock()), log: quietLog)
  }

  func run(_ training: TrainingRequest) async throws -> Job {
    let id = try await service.submit(training).job.id
    return try #require(try await service.wait(for: id, untilNot: nil, seconds: 240))
  }

  @Test func `a small job succeeds, and its metrics and model are the same after a crash`() async throws {
    let job = try await run(request("xor", strategy: "parametric"))
    #expect(job.status == .succeeded)
    #expect(job.progress?["epoch"] == 3)
    #expect(job.result?["activation_parameters"] == 2)
    #expect(job.result?["metrics"]?["training_loss"]?.doubleValue != nil)
    let series = try #require(try await service.metrics(job.id))
    #expect(series.epochs == [1, 2, 3])
    let model = try #require(try await service.trainedModel(job.id).model)
    let document = model.activationsDocument(CurveSampling(from: -2, to: 2, points: 5))

    let copy = try directory.crashCopy()
    let next = try Self.service(in: copy)
    try await next.start()
    #expect(try await next.job(job.id) == job)
    #expect(try await next.metrics(job.id) == series)
    #expect(
      try await next.trainedModel(job.id).model?.activationsDocument(
        CurveSampling(from: -2, to: 2, points: 5))
        == document)
  }

  @Test func `the result says whose its metrics are, and the job has training's warnings`() async throws {
    let training: JSONValue = ["epochs": 3, "optimizer": ["name": "sgd", "learning_rate": 0]]
    let job = try await run(request("idle", ["training": training]))
    let result = try #require(job.result)
    #expect(
      result.objectValue?.pairs.map(\.key) == [
        "epoch", "keep", "best_epoch", "metrics", "last", "evaluated_rows", "parameters",
        "activation_parameters", "training_seconds",
      ])
    // Nothing changes, so that the first epoch stays the best.
    #expect((result["epoch"], result["keep"], result["best_epoch"]) == (1, "best", 1))
    #expect(result["last"]?["epoch"] == 3 && result["last"]?["metrics"] == result["metrics"])
    let rows = try #require(result["evaluated_rows"])
    #expect(rows.objectValue?.pairs.map(\.key) == ["training", "validation", "test"] && rows["test"] == 0)
    #expect(job.warnings.arrayValue?.map { $0["code"] } == ["no_improvement"])
  }

  @Test func `a CSV file beside the specification is stored and trained on`() async throws {
    let rows = (0..<40).map { "\($0),\($0 * 2)" }.joined(separator: "\n")
    let job = try await run(
      TrainingRequest(
        document: ["data": ["target": "y"], "activation": "tanh", "training": ["epochs": 2]],
        attachment: Attachment(bytes: Array("x,y\n\(rows)\n".utf8))))
    #expect(job.status == .succeeded)
    #expect(job.metrics?["training_rmse"] != nil || job.metrics?["validation_rmse"] != nil)
  }

  @Test func `a diverging job fails with the epoch and the iteration, and keeps finite parameters`()
    async throws
  {
    let training: JSONValue = [
      "epochs": 50, "optimizer": ["name": "sgd", "learning_rate": 1e11],
    ]
    let job = try await run(request("diverges", ["training": training, "activation": "identity"]))
    #expect(job.status == .failed)
    #expect(job.error?["code"] == "diverged")
    #expect(job.error?["iteration"]?.intValue ?? 0 >= 1)
    #expect(job.error?["epoch"]?.intValue ?? 0 >= 1)
    #expect(try await service.trainedModel(job.id).model != nil)
  }

  @Test func `a job whose time is up succeeds with what it has learned, and says so`() async throws {
    let job = try await run(
      request("slow", ["training": ["epochs": 100_000], "limits": ["max_seconds": 0.05]]))
    #expect(job.status == .succeeded)
    #expect(job.warnings.arrayValue?.last?["code"] == "time_limit")
    #expect(try await service.trainedModel(job.id).model != nil)
  }

  @Test func `a long job is seen at work, with metrics and model, and cancelled within a mini-batch`()
    async throws
  {
    let long: JSONObject = [
      "training": ["epochs": 100_000], "data": ["synthetic": ["kind": "xor", "rows": 20_000]],
    ]
    let id = try await service.submit(request("long", long)).job.id
    var job = try #require(try await service.job(id))
    while try await service.trainedModel(id).model == nil {
      job = try #require(try await service.wait(for: id, untilNot: job.revision, seconds: 60))
      try #require(!job.status.isTerminal)
    }
    #expect(job.status == .running)
    #expect(job.progress?["epochs"] == 100_000)
    #expect(try await service.metrics(id)?.epochs.isEmpty == false)
    #expect(try await service.cancel(id).accepted != nil)
    let ended = try #require(try await service.wait(for: id, untilNot: nil, seconds: 60))
    #expect(ended.status == .cancelled)
    #expect(try await service.trainedModel(id).model != nil)
  }
}
