// What the API counts beside what the server does.

import HTTP
import Jobs
import Telemetry

/// The API's metrics. Safe from any thread.
struct APIMetrics: Sendable {
  let registry: MetricsRegistry
  let replays: Counter
  /// Bytes that were inflated, and what they had been.
  let received: Coding
  /// Bytes that were compressed, and what became of them.
  let sent: Coding
  private let crossSite: Counter
  private let quotas: MetricFamily<Counter>
  private let closedStreams: MetricFamily<Counter>

  /// Both sides of a content coding.
  struct Coding: Sendable {
    let content: Counter
    let coded: Counter

    func add(content: Int, coded: Int) {
      self.content.add(content)
      self.coded.add(coded)
    }
  }

  /// What a key or an address may have only so much of, by the names that clients are told.
  private static let limits = ["requests", "failures", "queued_jobs", "event_streams"]

  init(_ registry: MetricsRegistry, configuration: APIConfiguration, waiters: Waiters, streams: StreamSlots) {
    self.registry = registry
    let build = registry.gauges(
      "curvesmith_build_info", "The running build; always 1.", labels: ["version", "instruction_set"])
    build.with(configuration.jobs.version, configuration.jobs.instructionSet).set(1)
    registry.gauge("curvesmith_long_poll_waiters", "Requests that are held by Prefer: wait.") {
      Double(waiters.waiting)
    }
    registry.gauge("curvesmith_event_streams", "Streams of events that are open.") { Double(streams.open) }
    replays = registry.counter(
      "curvesmith_idempotent_replays_total",
      "Submissions that repeated an earlier one by their Idempotency-Key.")
    let bytes = registry.counters(
      "curvesmith_compressed_bytes_total",
      "Bytes of content that was inflated or compressed, before and after.",
      labels: ["direction", "stage"])
    received = Coding(content: bytes.with("received", "content"), coded: bytes.with("received", "coded"))
    sent = Coding(content: bytes.with("sent", "content"), coded: bytes.with("sent", "coded"))
    crossSite = registry.counter(
      "curvesmith_cross_site_refused_total", "Unsafe requests that other sites' pages have sent.")
    quotas = registry.counters(
      "curvesmith_rate_limited_total",
      "Requests that were refused because a key or an address has used its share.",
      labels: ["limit"])
    for limit in Self.limits { quotas.with(limit) }
    closedStreams = registry.counters(
      "curvesmith_event_streams_closed_total", "Streams of events that have ended, and why.",
      labels: ["reason"])
    for end in MeasuredStream.End.allCases { closedStreams.with(end.rawValue) }
    ProcessFigures.register(in: registry)
  }

  /// Counts a refusal, and gives it back.
  func counted(_ error: APIError) -> APIError {
    switch error {
    case .crossSite: crossSite.add()
    case .quotaExceeded(let policy, _, _) where Self.limits.contains(policy): quotas.with(policy).add()
    default: break
    }
    return error
  }

  /// Counts the end of a stream of events.
  func closed(_ end: MeasuredStream.End) { closedStreams.with(end.rawValue).add() }
}
