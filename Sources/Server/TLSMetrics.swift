// What the server counts about the handshakes of TLS, where it speaks it.

import TLS
import Telemetry

/// How a handshake ended.
enum HandshakeOutcome {
  /// The session is open.
  case complete(version: String, isResumed: Bool, seconds: Double)
  /// It came to nothing; one of `TLSMetrics.reasons`.
  case failed(reason: String)

  /// The connection ended first.
  static let abandoned = HandshakeOutcome.failed(reason: TLSFailure.endedInHandshake.code)
  /// It took too long.
  static let late = HandshakeOutcome.failed(reason: "timeout")
  /// A request came in clear.
  static let inClear = HandshakeOutcome.failed(reason: "http_in_clear")
  /// It was not begun: the client has as many under way as it may.
  static let surplus = HandshakeOutcome.failed(reason: "too_many")
}

/// The metrics of TLS. Safe from any thread.
final class TLSMetrics: Sendable {
  /// Why handshakes come to nothing.
  static let reasons =
    [
      TLSFailure.notTLS, .handshakeTooLong(octets: 0), .tooManyHandshakeMessages, .endedInHandshake,
      .incompatible(reason: ""), .alerted(reason: ""), .refused(reason: ""),
    ].map(\.code) + ["timeout", "http_in_clear", "too_many"]

  private let handshakes: MetricFamily<Counter>
  private let failures: MetricFamily<Counter>
  private let seconds: Histogram

  init(_ registry: MetricsRegistry) {
    handshakes = registry.counters(
      "curvesmith_tls_handshakes_total", "Handshakes that were completed.", labels: ["version", "resumed"])
    failures = registry.counters(
      "curvesmith_tls_handshake_failures_total", "Handshakes that came to nothing.", labels: ["reason"])
    seconds = registry.histogram(
      "curvesmith_tls_handshake_seconds", "From a connection's opening to the end of its handshake.",
      bounds: Histogram.shortSeconds)
    for version in ["TLSv1.2", "TLSv1.3"] {
      for resumed in ["false", "true"] { handshakes.with(version, resumed) }
    }
    for reason in Self.reasons { failures.with(reason) }
  }

  func observe(_ outcome: HandshakeOutcome) {
    switch outcome {
    case .complete(let version, let isResumed, let time):
      handshakes.with(version, "\(isResumed)").add()
      seconds.observe(time)
    case .failed(let reason):
      failures.with(Self.reasons.contains(reason) ? reason : TLSFailure.refused(reason: "").code).add()
    }
  }
}
