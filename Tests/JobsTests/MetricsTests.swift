// Jobs, their ends and the store's commits are counted, and a job keeps its trace.

import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite struct JobMetricsTests {
  private func samples(_ registry: MetricsRegistry) -> Set<Substring> {
    Set(String(decoding: registry.text(), as: UTF8.self).split(separator: "\n"))
  }

  @Test func `what is submitted, trained, cancelled and ended is counted by strategy`() async throws {
    let directory = try TemporaryDirectory()
    let registry = MetricsRegistry()
    let store = try SQLiteJobStore(directory: directory.path, metrics: registry)
    let clock = SystemClock()
    let service = JobService(
      store: store, configuration: .init(version: "1", instructionSet: "baseline"), clock: clock,
      ids: TimeOrderedIDGenerator(clock: clock), log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      metrics: registry)
    #expect(samples(registry).contains("curvesmith_jobs_submitted_total{strategy=\"spline\"} 0"))
    try await service.start()
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let first = try await service.submit(request("first"), traceID: trace).job
    _ = try await service.wait(for: first.id, untilNot: nil, seconds: 60)
    let long: JSONObject = [
      "data": ["synthetic": ["kind": "two_moons", "rows": 20_000]], "training": ["epochs": 100_000],
    ]
    let endless = try await service.submit(request("endless", long)).job
    while try await service.job(endless.id)?.status == .queued { await Task.yield() }
    let waiting = try await service.submit(request("waiting", strategy: "parametric")).job
    await service.refreshMetrics()
    _ = try await service.cancel(waiting.id)
    _ = try await service.cancel(endless.id)
    _ = try await service.wait(for: endless.id, untilNot: nil, seconds: 60)
    await service.drain()
    await service.refreshMetrics()
    let found = samples(registry)
    for expected in [
      "curvesmith_jobs_submitted_total{strategy=\"fixed\"} 2",
      "curvesmith_jobs_submitted_total{strategy=\"parametric\"} 1",
      "curvesmith_jobs_finished_total{strategy=\"fixed\",status=\"succeeded\",reason=\"none\"} 1",
      "curvesmith_jobs_finished_total{strategy=\"fixed\",status=\"cancelled\",reason=\"none\"} 1",
      "curvesmith_jobs_finished_total{strategy=\"fixed\",status=\"failed\",reason=\"diverged\"} 0",
      "curvesmith_job_run_seconds_count{strategy=\"fixed\"} 2",
      "curvesmith_job_cancel_seconds_count{strategy=\"fixed\"} 1",
      "curvesmith_job_cancel_seconds_count{strategy=\"parametric\"} 0",
      "curvesmith_jobs{status=\"queued\"} 0.0", "curvesmith_jobs{status=\"running\"} 0.0",
      "curvesmith_job_queue_oldest_timestamp_seconds 0.0", "curvesmith_workers_busy 0.0",
      "curvesmith_store_errors_total{kind=\"full\"} 0",
    ] { #expect(found.contains(Substring(expected)), "\(expected)") }
    func value(_ name: String) -> Double {
      found.first { $0.hasPrefix("\(name) ") }.flatMap { Double($0.split(separator: " ")[1]) } ?? 0
    }
    // 16 rows of XOR, a part of them for validation, for three epochs at least.
    #expect(value("curvesmith_train_samples_total{strategy=\"fixed\"}") >= 3 * 8)
    #expect(value("curvesmith_train_steps_total{strategy=\"fixed\"}") >= 3)
    #expect(value("curvesmith_store_commit_seconds_count") >= 6)
    #expect(value("curvesmith_job_last_success_timestamp_seconds") > 1e9)
    #expect(value("curvesmith_data_dir_bytes") > 4096 && value("curvesmith_data_dir_free_bytes") > 0)

    #expect(try await store.job(first.id)?.traceID == trace)
    #expect(try await store.job(waiting.id)?.traceID == nil)
    try await store.close()
  }
}
