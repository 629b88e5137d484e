// GET /metrics of the whole service: sound to Prometheus in both formats, bounded, and true.

import Foundation
import JSON
import TLS
import Testing
import curvesmith

@Suite struct MetricsTests {
  private static func read(_ client: Client, _ fields: [String] = []) async throws -> (Answer, Exposition) {
    let answer = try await client.get("/metrics", fields: fields)
    let exposition = Exposition(answer.text)
    #expect(answer.status == 200)
    #expect(exposition.faults == [])
    return (answer, exposition)
  }

  @Test func `the metrics are sound, and what happens is seen in them`() async throws {
    try await LiveService.run { client in
      let (first, before) = try await Self.read(client)
      #expect(first.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(
        before.value(
          "curvesmith_jobs_finished_total",
          [
            "strategy": "fixed", "status": "succeeded", "reason": "none",
          ]) == 0)
      let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
      let specification: JSONValue = [
        "data": ["synthetic": ["kind": "xor", "rows": 16]], "model": ["hidden": [2]], "activation": "tanh",
        "training": ["epochs": 3],
      ]
      let created = try await client.send(
        "POST", "/v1/jobs",
        fields: [
          "Content-Type: application/json", "Prefer: wait=60", "traceparent: 00-\(trace)-00f067aa0ba902b7-01",
        ], body: specification.serialized())
      #expect(created.status == 200)
      #expect(try created.json()["trace_id"]?.stringValue == trace)
      for path in ["/nothing", "/nothing/\(trace)", "/v1/jobs/job_\(trace)", "/v1/jobs?x=\(trace)"] {
        _ = try await client.get(path)
      }
      let (_, after) = try await Self.read(client)
      #expect(
        after.value(
          "curvesmith_jobs_finished_total",
          [
            "strategy": "fixed", "status": "succeeded", "reason": "none",
          ]) == 1)
      #expect(
        after.value("curvesmith_http_requests_total", ["operation": "createJob", "status": "200"]) == 1)
      #expect(after.value("curvesmith_http_requests_total", ["operation": "listJobs", "status": "400"]) == 1)
      #expect(
        after.value("curvesmith_http_requests_total", ["operation": "unmatched", "status": "404"]) == 2)
      #expect(try #require(after.value("curvesmith_store_commit_seconds_count")) > 2)
      #expect(try #require(after.value("process_open_fds")) > 5)
      // Nothing that a client sends becomes a label.
      let labels = after.families.flatMap(\.samples).flatMap(\.labels.values)
      #expect(!labels.contains { $0.contains(trace) || $0.contains("nothing") })
    }
  }

  @Test func `whoever prefers OpenMetrics gets it, and whoever names neither gets the older text`()
    async throws
  {
    try await LiveService.run { client in
      let scraper =
        "Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
      let (open, exposition) = try await Self.read(client, [scraper])
      #expect(open.fields["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
      #expect(open.text.hasSuffix("\n# EOF\n") && !open.text.contains("\n\n"))
      #expect(!exposition.families.contains { $0.name.hasSuffix("_total") })
      for accept in ["Accept: */*", "Accept: text/plain", "Accept: application/json", "Accept: text/*;q=0.5"]
      {
        let (plain, _) = try await Self.read(client, [accept])
        #expect(plain.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8", "\(accept)")
      }
    }
  }

  /// A service with TLS and a port in clear, whose certificate is in `certificate.pem`.
  private static func secured<Result: Sendable>(_ body: (Client) async throws -> Result) async throws
    -> Result
  {
    let own = SelfSignedCertificate(now: Int64(Date().timeIntervalSince1970))
    return try await LiveService.run(
      change: { settings, directory in
        settings.tlsCertificates = [directory.path + "/certificate.pem"]
        settings.tlsKeys = [directory.path + "/key.pem"]
        settings.plainPort = 0
        try Data(own.certificate).write(to: URL(fileURLWithPath: settings.tlsCertificates[0]))
        try Data(own.key).write(to: URL(fileURLWithPath: settings.tlsKeys[0]))
      }, body)
  }

  @Test func `a service with TLS says when its certificate expires`() async throws {
    try await Self.secured { client in
      let (_, exposition) = try await Self.read(client)
      let family = try #require(
        exposition.families.first { $0.name == "curvesmith_tls_certificate_expiry_timestamp_seconds" })
      #expect(
        family.samples.count == 1 && family.samples[0].labels["file"]?.hasSuffix("/certificate.pem") == true)
      let days = (family.samples[0].value - Date().timeIntervalSince1970) / 86_400
      #expect(days > 89 && days < 91)
      #expect(exposition.value("curvesmith_tls_reload_failures_total") == 0)
    }
    let clear = try await LiveService.run { try await Self.read($0).1 }
    #expect(!clear.families.contains { $0.name.contains("_tls_") })
  }

  @Test func `the page of operations names every metric, and the board no other`() async throws {
    let exposition = try await Self.secured { try await Self.read($0).1 }
    let families = Set(exposition.families.map(\.name))
    let page = String(decoding: try Repository.bytes("docs/operations.md"), as: UTF8.self)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let named = rows.flatMap {
      $0.split(separator: "|")[0].matches(of: #/`([a-z_]+)`/#).map { String($0.output.1) }
    }
    #expect(Set(named) == families && named.count == families.count)
    let board = try JSONParser.parse(try Repository.bytes("docs/grafana.json"))
    let samples = Set(exposition.families.flatMap(\.samples).map(\.name))
    var asked: Set<String> = []
    for panel in board["panels"]?.arrayValue ?? [] {
      for target in panel["targets"]?.arrayValue ?? [] {
        let expression = try #require(target["expr"]?.stringValue)
        asked.formUnion(
          expression.matches(of: #/(curvesmith|process|http_server)_[a-z_]+/#).map { String($0.output.0) })
      }
    }
    #expect(asked.count > 20 && asked.subtracting(samples) == [])
  }

  @Test func `a text that is not sound is found out`() {
    let unsound = [
      "# TYPE a_total counter\na_total 1\n", "# HELP a A.\n# TYPE a counter\na 1\n", "a 1\n",
      "# HELP a A.\n# TYPE a gauge\na x\n",
      "# HELP a A.\n# TYPE a gauge\na 1\na 2\n", "# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n",
      "# HELP a A.\n# TYPE a gauge\na 1", "# HELP a A.\n# TYPE a gauge\na{b=\"c} 1\n",
      "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 0\na_count 1\n",
      "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_sum 0\na_count 2\n",
      "# HELP a_total A.\n# TYPE a_total counter\na_total -1\n",
    ]
    for text in unsound { #expect(!Exposition(text).faults.isEmpty, "\(text)") }
  }
}
