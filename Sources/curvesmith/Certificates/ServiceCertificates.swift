// The running service's certificates: read at the start, and again when their files have changed.

import Dispatch
package import Server
import Synchronization
package import TLS
package import Telemetry

/// Keeps the server's certificates as their files are. What cannot be read or used changes nothing.
package final class ServiceCertificates: Sendable {
  /// How often what is done.
  package struct Intervals: Sendable {
    /// Between two looks at the files.
    package var look = Duration.seconds(60)
    /// From a pair that does not fit to the next try: two files cannot be replaced at once.
    package var retry = Duration.seconds(1)
    /// How long the key of session tickets, which lives with what was read, is used.
    package var renewal = Duration.seconds(24 * 3600)

    /// The defaults above.
    package init() {}
  }

  private struct State {
    /// How the files looked when they were read.
    var marks: [CertificateFiles.Mark?]
    /// When that was tried last.
    var readAt = ContinuousClock.now
    /// Whom the certificates are for; nobody before `watch` and after `stop`.
    var server: HTTPServer?
  }

  /// What the server starts with.
  package let first: TLSContext

  private let files: CertificateFiles
  private let intervals: Intervals
  private let clock: any WallClock
  private let log: Logger
  private let audit: AuditLog
  private let expiries: MetricFamily<Gauge>
  private let failures: Counter
  private let queue = DispatchQueue(label: "certificates")
  private let state: Mutex<State>

  /// Reads the files.
  ///
  /// - Parameter metrics: where it is told when they expire, and how often they could not be read.
  /// - Throws: `CommandFailure` with status 2 that names the file and what is wrong with it.
  package init(
    _ files: CertificateFiles, intervals: Intervals = Intervals(), clock: any WallClock = SystemClock(),
    log: Logger, audit: AuditLog = .none, metrics: MetricsRegistry = MetricsRegistry()
  ) throws(CommandFailure) {
    self.files = files
    self.intervals = intervals
    self.clock = clock
    self.log = log
    self.audit = audit
    expiries = metrics.gauges(
      "curvesmith_tls_certificate_expiry_timestamp_seconds",
      "When the first certificate of a file expires, since 1970.", labels: ["file"])
    failures = metrics.counter(
      "curvesmith_tls_reload_failures_total", "How often changed certificates could not be used.")
    let loaded = try files.load(now: clock.now().milliseconds / 1000)
    first = loaded.context
    state = Mutex(State(marks: loaded.marks))
    tell(loaded)
    for warning in loaded.warnings { log.warning("\(warning)") }
  }

  private func tell(_ loaded: CertificateFiles.Loaded) {
    for (file, seconds) in loaded.expiries { expiries.with(file).set(Double(seconds)) }
  }

  /// Gives the server what is read from now on.
  package func watch(for server: HTTPServer) {
    state.withLock { $0.server = server }
    lookLater()
  }

  /// Reads the files again, whether or not they have changed.
  package func reload() {
    queue.async { self.look(always: true) }
  }

  /// Looks no more.
  package func stop() {
    state.withLock { $0.server = nil }
  }

  private func lookLater() {
    queue.asyncAfter(deadline: .now() + intervals.look / .seconds(1)) { [weak self] in
      guard let self, state.withLock({ $0.server != nil }) else { return }
      look(always: false)
      lookLater()
    }
  }

  /// Runs on the queue.
  private func look(always: Bool, isRetry: Bool = false) {
    let (known, readAt, server) = state.withLock { ($0.marks, $0.readAt, $0.server) }
    guard let server else { return }
    let marks = files.marks()
    guard always || isRetry || marks != known || readAt.duration(to: .now) >= intervals.renewal else {
      return
    }
    do throws(CommandFailure) {
      let loaded = try files.load(now: clock.now().milliseconds / 1000)
      state.withLock {
        $0.marks = loaded.marks
        $0.readAt = .now
      }
      server.use(loaded.context)
      tell(loaded)
      audit.record(AuditEvent("reloadCertificates"))
      for warning in loaded.warnings { log.warning("\(warning)") }
      let expiry = loaded.expiries.map(\.seconds).min() ?? 0
      log.info(
        "certificates read",
        metadata: ["expires": "\(Timestamp(milliseconds: expiry * 1000).rfc3339)"])
    } catch {
      guard isRetry else {
        return queue.asyncAfter(deadline: .now() + intervals.retry / .seconds(1)) {
          self.look(always: false, isRetry: true)
        }
      }
      // Said once: the next look is for what differs from these, or for the next day.
      state.withLock {
        $0.marks = marks
        $0.readAt = .now
      }
      failures.add()
      audit.record(AuditEvent("reloadCertificates", outcome: "failed", reason: error.message))
      log.error("certificates not read; those in use stay", metadata: ["error": "\(error.message)"])
    }
  }
}
