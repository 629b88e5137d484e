// How often streams are told of epochs: few of them soon, many of them rarely, and nothing else is kept waiting.

import API
import Dispatch
import HTTP
import JSON
import Jobs
import Synchronization
import Testing
import Training

/// A runner whose epochs end when the test says.
private final class StepRunner: TrainingRunner {
  private let epochs = Mutex(0)
  private let arrivals = DispatchSemaphore(value: 0)

  /// Has the run report the epochs up to this one.
  func report(through epoch: Int) {
    epochs.withLock { $0 = epoch }
    arrivals.signal()
  }

  func run(
    _ assignment: Assignment, isStopped: @Sendable () -> Bool, report: (RunReport) -> Void
  ) -> RunOutcome {
    var series = MetricSeries(names: ["training_loss"])
    while !isStopped() {
      guard arrivals.wait(timeout: .now() + .milliseconds(1)) == .success else { continue }
      let last = epochs.withLock { $0 }
      while (series.epochs.last ?? 0) < last {
        series.append(epoch: (series.epochs.last ?? 0) + 1, row: [0.5])
      }
      report(RunReport(progress: [:], remainingSeconds: 1, metrics: [:], series: series))
    }
    var results = JobResults()
    results.series = series.serialized()
    return RunOutcome(.stopped, results)
  }
}

@Suite(.timeLimit(.minutes(5))) struct EpochPaceTests {
  private static let sse = [("Accept", "text/event-stream")]

  /// What a test has in hand.
  private struct Rested {
    let service: Service
    let job: JobID
    let runner: StepRunner
    let stream: any ContentProducer
    /// The beginnings of rests.
    let begun: AsyncStream<Void>
    let endRest: @Sendable () -> Void

    /// Reports epochs, and waits until all who follow the job can see them.
    func report(through epoch: Int) async {
      let witness = service.jobs.follow([job])
      runner.report(through: epoch)
      while witness.moments[0]?.series?.epochs.last != epoch, await witness.wait() {}
    }
  }

  /// A stream whose reader has been told of one epoch, and whose next rest lasts until it is ended.
  private func rested(_ target: String, _ body: (Rested) async throws -> Void) async throws {
    let runner = StepRunner()
    let (rests, rest) = AsyncStream<Void>.makeStream()
    let (begun, begin) = AsyncStream<Void>.makeStream()
    var options = Service.Options()
    options.runner = runner
    options.sleep = { seconds in
      // The least that a stream rests; all else is longer.
      if seconds > 0.06 {
        try? await Task.sleep(for: .seconds(seconds))
      } else {
        begin.yield()
        for await _ in rests { break }
      }
    }
    try await Service.run(options) { service in
      let created = try await service.post("/v1/jobs", Specifications.quick)
      try await service.waitUntilRunning(created)
      let id = try #require(created.json["id"]?.stringValue)
      let stream = try await service.stream(target.replacing("ID", with: id), Self.sse)
      // The state of the job, so that it is followed.
      while let bytes = try await stream.next(), read(String(decoding: bytes, as: UTF8.self)).isEmpty {}
      let rested = Rested(
        service: service, job: try #require(JobID(id)), runner: runner, stream: stream, begun: begun,
        endRest: { _ = rest.yield() })
      await rested.report(through: 1)
      let first = try await next(stream)
      #expect(first.flatMap(\.epochs) == [1])
      try await body(rested)
    }
  }

  private func next(_ stream: any ContentProducer) async throws -> [Event] {
    while let bytes = try await stream.next() {
      let events = read(String(decoding: bytes, as: UTF8.self))
      if !events.isEmpty { return events }
    }
    return []
  }

  static let targets = ["/v1/jobs/ID/events", "/v1/events?jobs=ID", "/v1/events"]

  @Test(arguments: targets)
  func `the epochs of a rest are told together after it`(target: String) async throws {
    try await rested(target) { rested in
      async let told = next(rested.stream)
      for await _ in rested.begun { break }
      for epoch in 2...4 { await rested.report(through: epoch) }
      rested.endRest()
      let events = try await told
      #expect(events.flatMap(\.epochs) == [2, 3, 4])
    }
  }

  @Test(arguments: targets)
  func `a change of state and the end are told during a rest, with the epochs until then`(
    target: String
  ) async throws {
    try await rested(target) { rested in
      async let told = next(rested.stream)
      for await _ in rested.begun { break }
      await rested.report(through: 3)
      _ = try await rested.service.jobs.cancel(rested.job)
      var events = try await told
      while events.last?.type != "end" { events += try await next(rested.stream) }
      #expect(events.compactMap { $0.data["status"] } == ["cancelling", "cancelled"] as [JSONValue])
      #expect(events.flatMap(\.epochs) == [2, 3])
    }
  }

  @Test(arguments: targets)
  func `a drain ends a rest`(target: String) async throws {
    try await rested(target) { rested in
      async let told = next(rested.stream)
      for await _ in rested.begun { break }
      await rested.service.jobs.drain()
      let events = try await told
      #expect(events.allSatisfy { $0.type == "status" })
      while try await rested.stream.next() != nil {}
    }
  }

  @Test(arguments: [(0, 0.05), (1, 0.05), (10, 0.05), (100, 0.5), (1000, 5)])
  func `streams are told two hundred times a second, all of them together`(streams: Int, seconds: Double) {
    #expect(abs(EpochPace(perSecond: 200, open: { streams }).seconds - seconds) < 1e-9)
  }
}
