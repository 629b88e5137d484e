// The server counts what it does, under names that no client chooses.

import HTTP
import HTTPTypes
import Server
import Telemetry
import Testing

@Suite struct MetricsTests {
  /// Answers `/jobs` as an operation, and everything else as none.
  private struct Noting: Responder {
    var routes: [RouteDescription] {
      [RouteDescription(operation: "listJobs", method: "GET", route: "/jobs", successes: [200])]
    }

    func admit(_ head: Request) -> Admission {
      .accept(
        maximumBody: 1024,
        handler: RequestHandler(later: { request in
          var response = Response.text("hello", status: request.target.segments == ["jobs"] ? .ok : .notFound)
          if request.target.segments == ["jobs"] {
            response.note = ExchangeNote(operation: "listJobs", route: "/jobs", traceID: "t")
          }
          return response
        }))
    }

    func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
      .text(error.code, status: error.status)
    }
  }

  @Test func `exchanges are counted by operation and status, and connections and bytes with them`()
    async throws
  {
    let registry = MetricsRegistry()
    let lines = Record<String>()
    let log = Logger(label: "http") { label in
      LineLogHandler(label: label, level: .info, format: .json, clock: FixedClock()) { lines.add($0) }
    }
    let server = HTTPServer(
      configuration: .with { _ in }, responder: Noting(), clock: FixedClock(), log: log, metrics: registry)
    func samples() -> [Substring] { String(decoding: registry.text(), as: UTF8.self).split(separator: "\n") }
    #expect(samples().contains("curvesmith_http_requests_total{operation=\"listJobs\",status=\"500\"} 0"))
    let port = try server.start().address.port
    try await onThread {
      let client = try Client(port: port)
      for path in ["/jobs", "/jobs", "/other"] {
        try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
        _ = try client.reply()
      }
      try client.send("BREW /jobs HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc")
      _ = try client.reply()
      try client.send("GET  / HTTP/1.1\r\n\r\n")
      _ = try client.reply()
    }
    await server.shutdown(grace: 30)
    let found = samples()
    for expected in [
      "curvesmith_http_requests_total{operation=\"listJobs\",status=\"200\"} 3",
      "curvesmith_http_requests_total{operation=\"unmatched\",status=\"404\"} 1",
      "curvesmith_http_requests_total{operation=\"unmatched\",status=\"400\"} 1",
      "curvesmith_http_parse_errors_total{status=\"400\"} 1",
      "curvesmith_http_connections_opened_total 1", "curvesmith_http_connections 0.0",
      "http_server_active_requests 0.0",
      "curvesmith_http_received_bytes_total 3",
      "http_server_response_body_size_bytes_sum{http_request_method=\"GET\",http_route=\"/jobs\"} 15.0",
      "http_server_response_body_size_bytes_count{http_request_method=\"GET\",http_route=\"/jobs\"} 3",
      "http_server_request_body_size_bytes_count{http_request_method=\"_OTHER\",http_route=\"unmatched\"} 2",
    ] { #expect(found.contains(Substring(expected)), "\(expected)") }
    let durations = found.filter { $0.hasPrefix("http_server_request_duration_seconds_count") }
    #expect(
      durations.contains {
        $0.hasSuffix("{http_request_method=\"GET\",http_route=\"/jobs\",http_response_status_code=\"200\"} 2")
      })
    #expect(durations.contains { $0.contains("http_request_method=\"_OTHER\"") && $0.hasSuffix(" 1") })
    let requests = lines.all.filter { $0.contains("\"message\":\"request\"") }
    #expect(requests.count == 5)
    #expect(requests[0].contains("\"status\":200,") && requests[0].contains("\"route\":\"/jobs\""))
    #expect(requests[0].contains("\"trace_id\":\"t\"") && requests[0].contains("\"bytes_in\":0,"))
  }
}
