// What the server counts about connections and exchanges.

import HTTP
import Telemetry

/// The server's metrics. Safe from any thread.
final class HTTPMetrics: Sendable {
  let connections: Gauge
  let connectionsTotal: Counter
  let activeRequests: Gauge
  private let received: Counter
  private let sent: Counter
  private let parseErrors: MetricFamily<Counter>
  private let operations: [String: OperationMetrics]

  /// The statuses that any operation may have beside its own successes.
  private static let statuses = [
    304, 400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 414, 415, 417, 421, 422, 429, 431, 500, 501,
    503, 505,
    507,
  ]

  init(_ registry: MetricsRegistry, routes: [RouteDescription]) {
    connections = registry.gauge("curvesmith_http_connections", "Connections that are open.")
    connectionsTotal = registry.counter(
      "curvesmith_http_connections_opened_total", "Connections that were opened.")
    activeRequests = registry.gauge("http_server_active_requests", "Requests that are being answered.")
    received = registry.counter(
      "curvesmith_http_received_bytes_total", "Bytes of requests' content, as they were sent.")
    sent = registry.counter("curvesmith_http_sent_bytes_total", "Bytes of responses, with their heads.")
    parseErrors = registry.counters(
      "curvesmith_http_parse_errors_total",
      "Requests that are not well-formed HTTP/1.1, by the status that they got.",
      labels: ["status"])
    for status in [400, 408, 413, 414, 417, 421, 431, 501, 505] { parseErrors.with("\(status)") }
    let requests = registry.counters(
      "curvesmith_http_requests_total", "Requests that were answered.", labels: ["operation", "status"])
    let durations = registry.histograms(
      "http_server_request_duration_seconds",
      "From a request's first byte to its answer's last being handed over.",
      labels: ["http_request_method", "http_route", "http_response_status_code"],
      bounds: Histogram.requestSeconds)
    let sizes = OperationMetrics.Sizes(
      requests: registry.histograms(
        "http_server_request_body_size_bytes", "Bytes of a request's content, as it was sent.",
        labels: ["http_request_method", "http_route"], bounds: Histogram.sizes),
      responses: registry.histograms(
        "http_server_response_body_size_bytes", "Bytes of a response's content, as it was sent.",
        labels: ["http_request_method", "http_route"], bounds: Histogram.sizes))
    let unmatched = RouteDescription(
      operation: ExchangeNote.unmatched, method: "GET", route: ExchangeNote.unmatched, successes: [])
    var operations: [String: OperationMetrics] = [:]
    for route in routes + [unmatched] {
      operations[route.operation] = OperationMetrics(
        route, statuses: Array(Set(route.successes + Self.statuses)).sorted(), requests, durations, sizes)
    }
    self.operations = operations
  }

  /// Counts an exchange. Allocates nothing but for an operation's first answer with a status.
  func observe(_ exchange: ServerConnection.Exchange, seconds: Double) {
    received.add(exchange.receivedBody)
    sent.add(exchange.sent)
    if exchange.error != nil { parseErrors.with("\(exchange.status)").add() }
    let operation = exchange.note.flatMap { operations[$0.operation] } ?? operations[ExchangeNote.unmatched]
    operation?.observe(exchange, seconds: seconds)
  }
}
