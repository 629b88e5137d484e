// Handshakes are counted, the good ones and the others by what became of them.

import Glibc
import HTTP
import Net
import Server
import TLS
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(5))) struct TLSMetricsTests {
  private func samples(_ registry: MetricsRegistry) -> Set<Substring> {
    Set(String(decoding: registry.text(), as: UTF8.self).split(separator: "\n"))
  }

  @Test func `a handshake is counted by its version, or by why it came to nothing`() async throws {
    let own = SelfSignedCertificate(now: Int64(time(nil)))
    let identity = try TLSIdentity(certificates: own.certificate, key: own.key, now: Int64(time(nil)))
    let registry = MetricsRegistry()
    let server = HTTPServer(
      configuration: .with { $0.handshakeTimeout = 2 }, responder: TestResponder.path, clock: FixedClock(),
      log: .silent, security: try TLSContext(identities: [identity]), metrics: registry)
    let before = samples(registry)
    #expect(before.contains("curvesmith_tls_handshakes_total{version=\"TLSv1.2\",resumed=\"true\"} 0"))
    #expect(before.count { $0.hasPrefix("curvesmith_tls_handshake_failures_total{") } == 10)
    let port = try server.start().address.port
    try await onThread { () throws in
      for _ in 0..<3 {
        let client = try Client(port: port, trusting: .certificates(own.certificate))
        #expect(try client.get("/a")?.text == "/a")
      }
      let hello =
        [1, 0, 0, 45, 3, 2] + [UInt8](repeating: 7, count: 32)
        + [0, 0, 4, 0xC0, 0x13, 0xC0, 0x09, 1, 0, 0, 0]
      let beginnings: [[UInt8]] = [
        [0, 0, 0, 0], Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8),
        [22, 3, 1, 0, 4, 255, 255, 255, 255],
        [22, 3, 1, 0, UInt8(hello.count)] + hello, [],
      ]
      for beginning in beginnings {
        let client = try Client(port: port)
        try client.send(beginning)
        // Whatever it answers, alert or problem, it closes.
        while (try? client.rest().isEmpty) == false {}
      }
      #expect(throws: TLSFailure.self) {
        try Client(
          port: port, trusting: .certificates(SelfSignedCertificate(now: Int64(time(nil))).certificate))
      }
      let leaving = try Client(port: port)
      try leaving.send([22, 3, 1])
    }
    await server.shutdown(grace: 30)
    let found = samples(registry)
    for expected in [
      "handshakes_total{version=\"TLSv1.3\",resumed=\"false\"} 3", "handshake_seconds_count 3",
      "handshake_failures_total{reason=\"not_tls\"} 1",
      "handshake_failures_total{reason=\"http_in_clear\"} 1",
      "handshake_failures_total{reason=\"refused\"} 1",
      "handshake_failures_total{reason=\"incompatible\"} 1",
      "handshake_failures_total{reason=\"timeout\"} 1",
      "handshake_failures_total{reason=\"alerted\"} 1",
      "handshake_failures_total{reason=\"ended_in_handshake\"} 1",
      "handshake_failures_total{reason=\"too_many\"} 0",
    ] { #expect(found.contains("curvesmith_tls_\(expected)"), "\(expected)") }
  }

  @Test func `without TLS there is nothing of it`() {
    let registry = MetricsRegistry()
    _ = HTTPServer(
      configuration: .with { _ in }, responder: TestResponder.path, log: .silent, metrics: registry)
    #expect(!samples(registry).contains { $0.contains("_tls_") })
  }
}
