// What is counted and measured about jobs.

import JSON
import Telemetry
import Training

/// The metrics of the job service. Safe from any thread.
struct JobMetrics: Sendable {
  /// Epochs and steps of which a run has told, so that the next report adds only what is new.
  struct Seen {
    var steps = 0
    var rows = 0
  }

  private let submitted: MetricFamily<Counter>
  private let finished: MetricFamily<Counter>
  private let queueWait: MetricFamily<Histogram>
  private let runTime: MetricFamily<Histogram>
  private let cancelTime: MetricFamily<Histogram>
  private let steps: MetricFamily<Counter>
  private let rows: MetricFamily<Counter>
  private let jobs: MetricFamily<Gauge>
  private let oldestQueued: Gauge
  private let lastSuccess: Gauge

  private static let unended: [JobStatus] = [.queued, .running, .cancelling]
  /// Why jobs fail, as their errors have it.
  private static let failures = ["diverged", "invalid_specification", "data_damaged", "interrupted"]

  init(_ registry: MetricsRegistry, configuration: JobService.Configuration, live: LiveJobs) {
    submitted = registry.counters(
      "curvesmith_jobs_submitted_total", "Jobs that were taken in.", labels: ["strategy"])
    finished = registry.counters(
      "curvesmith_jobs_finished_total", "Jobs that have ended, and why those that failed did.",
      labels: ["strategy", "status", "reason"])
    queueWait = registry.histograms(
      "curvesmith_job_queue_wait_seconds", "From a job's submission to its first start.",
      labels: ["strategy"],
      bounds: Histogram.longSeconds)
    runTime = registry.histograms(
      "curvesmith_job_run_seconds", "From a job's last start to its end.", labels: ["strategy"],
      bounds: Histogram.longSeconds)
    cancelTime = registry.histograms(
      "curvesmith_job_cancel_seconds", "From the wish to cancel a running job to its end.",
      labels: ["strategy"], bounds: Histogram.shortSeconds)
    steps = registry.counters("curvesmith_train_steps_total", "Steps of training.", labels: ["strategy"])
    rows = registry.counters(
      "curvesmith_train_samples_total", "Rows that went through training, once for each epoch.",
      labels: ["strategy"])
    jobs = registry.gauges("curvesmith_jobs", "Jobs that have not ended.", labels: ["status"])
    oldestQueued = registry.gauge(
      "curvesmith_job_queue_oldest_timestamp_seconds",
      "When the job was submitted that has waited longest, since 1970; 0 if none waits.")
    lastSuccess = registry.gauge(
      "curvesmith_job_last_success_timestamp_seconds",
      "When a job of this process last succeeded, since 1970; 0 if none has.")
    registry.gauge("curvesmith_job_queue_capacity", "Jobs that may wait.").set(
      Double(configuration.queueCapacity))
    registry.gauge("curvesmith_workers", "Jobs that train at a time.").set(Double(configuration.workers))
    registry.gauge("curvesmith_workers_busy", "Workers that have a job.") { Double(live.all.count) }

    for strategy in TrainingDescriptions.strategyNames {
      for family in [submitted, steps, rows] { family.with(strategy) }
      for family in [queueWait, runTime, cancelTime] { family.with(strategy) }
      for status in [JobStatus.succeeded, .cancelled] { finished.with(strategy, status.rawValue, "none") }
      for reason in Self.failures + ["other"] { finished.with(strategy, JobStatus.failed.rawValue, reason) }
    }
    for status in Self.unended { jobs.with(status.rawValue) }
  }

  func submitted(_ job: Job) { submitted.with(job.strategy).add() }

  func started(_ job: Job) {
    guard job.attempt == 1, let startedAt = job.startedAt else { return }
    queueWait.with(job.strategy).observe(startedAt.seconds(since: job.createdAt))
  }

  /// Counts a job if it has ended.
  func left(_ job: Job) {
    guard job.status.isTerminal else { return }
    let code = job.status == .failed ? job.error?["code"]?.stringValue ?? "other" : "none"
    let isKnown = code == "none" || Self.failures.contains(code)
    finished.with(job.strategy, job.status.rawValue, isKnown ? code : "other").add()
    guard let finishedAt = job.finishedAt else { return }
    if job.status == .succeeded { lastSuccess.set(Double(finishedAt.milliseconds) / 1000) }
    if let startedAt = job.startedAt {
      runTime.with(job.strategy).observe(finishedAt.seconds(since: startedAt))
    }
  }

  /// Counts the end of a job that was cancelled while it ran.
  func stopped(_ job: Job, seconds: Double) { cancelTime.with(job.strategy).observe(seconds) }

  func trained(_ job: Job, _ report: RunReport, since seen: inout Seen) {
    let now = Seen(steps: report.progress["iteration"]?.intValue ?? seen.steps, rows: report.rows)
    steps.with(job.strategy).add(max(0, now.steps - seen.steps))
    rows.with(job.strategy).add(max(0, now.rows - seen.rows))
    seen = now
  }

  /// Asks the store what only it knows; what it cannot say stays as it was.
  func refresh(from store: any JobStore) async {
    guard let counts = try? await store.counts(JobFilter()), let oldest = try? await store.oldestQueued()
    else { return }
    for status in Self.unended { jobs.with(status.rawValue).set(Double(counts[status] ?? 0)) }
    oldestQueued.set(Double(oldest.milliseconds) / 1000)
  }
}

extension Timestamp {
  fileprivate func seconds(since other: Timestamp) -> Double {
    max(0, Double(milliseconds - other.milliseconds) / 1000)
  }
}
