// Jobs that go on after a crash, a drain or damage from where they were, to the result that they would have had.

import Foundation
import JSON
import Jobs
import Telemetry
import Testing
import Training

/// A training of many epochs, each of which takes some tens of microseconds: it must still go on when its first states are on
/// disk, on a machine that is busy with other tests.
private func long(_ name: String = "long") -> TrainingRequest {
  request(
    name,
    [
      "data": ["synthetic": ["kind": "xor", "rows": 64]],
      "activation": ["strategy": "parametric", "function": "parametric_tanh"],
      "training": ["epochs": 12_000, "batch_size": 16, "keep": "last"], "seed": 5,
    ])
}

@Suite(.timeLimit(.minutes(5)))
struct CheckpointTests {
  private static func service(
    in directory: TemporaryDirectory, instructionSet: String = "none", keeps: Bool = true
  ) throws -> JobService {
    var configuration = JobService.Configuration(version: "test", instructionSet: instructionSet)
    configuration.checkpointDirectory = keeps ? directory.path : nil
    configuration.checkpointSeconds = 0
    return JobService(
      store: try SQLiteJobStore(directory: directory.path), configuration: configuration,
      clock: SystemClock(), ids: TimeOrderedIDGenerator(clock: SystemClock()), log: quietLog)
  }

  private static func ended(_ id: JobID, _ service: JobService) async throws -> Job {
    try #require(try await service.wait(for: id, untilNot: nil, seconds: 240))
  }

  /// What a run leaves that nothing ever interrupts.
  private struct Left: Equatable {
    var metrics: JSONValue?
    var series: MetricSeries?
    var activations: JSONValue?

    init(_ job: Job, _ service: JobService) async throws {
      metrics = job.result?["metrics"]
      series = try await service.metrics(job.id)
      activations = try await service.trainedModel(job.id).model?.activationsDocument(
        CurveSampling(from: -2, to: 2, points: 9))
    }
  }

  private static func undisturbed() async throws -> Left {
    let service = try service(in: TemporaryDirectory(), keeps: false)
    try await service.start()
    let job = try await ended(try await service.submit(long()).job.id, service)
    try #require(job.status == .succeeded)
    return try await Left(job, service)
  }

  /// Waits for a job's state to be on disk that is newer than some iteration.
  private static func state(
    of id: JobID, in directory: TemporaryDirectory, after iteration: Int = 0
  ) async -> CheckpointFolder.Name {
    let folder = CheckpointFolder(dataDirectory: directory.path)
    while true {
      if let name = folder.names(of: id).first, name.iteration > iteration { return name }
      await Task.yield()
    }
  }

  @Test func `after crashes a job goes on, and ends as if there had been none`() async throws {
    let whole = try await Self.undisturbed()
    var directory = try TemporaryDirectory()
    var service = try Self.service(in: directory)
    try await service.start()
    let id = try await service.submit(long()).job.id
    var iteration = 0
    for attempt in 2...4 {
      iteration = await Self.state(of: id, in: directory, after: iteration).iteration
      let copy = try directory.crashCopy()
      await service.drain()
      let found = try #require(CheckpointFolder(dataDirectory: copy.path).names(of: id).first)
      directory = copy
      service = try Self.service(in: directory)
      try await service.start()
      // From the first report on it shows where it began.
      while try await service.job(id)?.resumedFromEpoch == nil { await Task.yield() }
      let job = try #require(try await service.job(id))
      #expect(job.attempt == attempt)
      #expect(job.resumedFromEpoch == found.iteration / 4)
    }
    let job = try await Self.ended(id, service)
    #expect(job.status == .succeeded && job.attempt == 4)
    #expect(job.resumedFromEpoch.map { $0 > 0 } == true)
    #expect(try await Left(job, service) == whole)
    #expect(job.warnings == [])
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/checkpoints/\(id)"))
  }

  @Test func `a drain leaves the state on disk, and nothing is trained twice`() async throws {
    let undisturbed = try await Self.undisturbed()
    let directory = try TemporaryDirectory()
    let service = try Self.service(in: directory)
    try await service.start()
    let id = try await service.submit(long()).job.id
    while try await service.job(id)?.progress == nil { await Task.yield() }
    await service.drain()
    let name = try #require(CheckpointFolder(dataDirectory: directory.path).names(of: id).first)
    let copy = try directory.crashCopy()
    let next = try Self.service(in: copy)
    try await next.start()
    let job = try await Self.ended(id, next)
    #expect(job.attempt == 2)
    // Between an epoch's last step and its metrics it is not yet whole.
    let whole = name.iteration / 4
    let isBetween = name.iteration % 4 == 0
    #expect(job.resumedFromEpoch == whole || isBetween && job.resumedFromEpoch == whole - 1)
    #expect(try await Left(job, next) == undisturbed)
  }

  @Test func `of a damaged state the one before is taken, of none the start`() async throws {
    let whole = try await Self.undisturbed()
    for damaged in 1...2 {
      let directory = try TemporaryDirectory()
      let service = try Self.service(in: directory)
      try await service.start()
      let id = try await service.submit(long()).job.id
      let folder = CheckpointFolder(dataDirectory: directory.path)
      while folder.names(of: id).count < 2 { await Task.yield() }
      await service.drain()
      let copy = try directory.crashCopy()
      let names = CheckpointFolder(dataDirectory: copy.path).names(of: id)
      try #require(names.count == 2)
      for name in names.prefix(damaged) {
        let path = "\(copy.path)/checkpoints/\(id)/\(name.attempt)-\(name.iteration).ckpt"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        bytes[20] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
      }
      let next = try Self.service(in: copy)
      try await next.start()
      let job = try await Self.ended(id, next)
      #expect(job.status == .succeeded)
      #expect(job.resumedFromEpoch == (damaged == 1 ? names[1].iteration / 4 : nil))
      #expect(job.warnings.arrayValue?.map { $0["code"] } == ["checkpoint_damaged"])
      #expect(try await Left(job, next) == whole)
    }
  }

  @Test func `a state of other kernels is gone on from, with a warning`() async throws {
    let directory = try TemporaryDirectory()
    let service = try Self.service(in: directory, instructionSet: "sse2")
    try await service.start()
    let id = try await service.submit(long()).job.id
    _ = await Self.state(of: id, in: directory)
    await service.drain()
    let copy = try directory.crashCopy()
    let next = try Self.service(in: copy, instructionSet: "avx2")
    try await next.start()
    let job = try await Self.ended(id, next)
    #expect(job.resumedFromEpoch != nil)
    #expect(job.warnings.arrayValue?.map { $0["code"] } == ["resumed_inexactly"])
  }

  @Test func `what no job needs is swept at the start`() async throws {
    let directory = try TemporaryDirectory()
    let service = try Self.service(in: directory)
    try await service.start()
    let id = try await service.submit(request("short")).job.id
    _ = try await Self.ended(id, service)
    let folder = "\(directory.path)/checkpoints"
    let other = "job_00000000000000000000000000"
    for name in [id.description, other] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)/1-5.ckpt.tmp"))
    }
    await service.drain()
    let copy = try directory.crashCopy()
    let next = try Self.service(in: copy)
    try await next.start()
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(copy.path)/checkpoints") == [])
  }
}
