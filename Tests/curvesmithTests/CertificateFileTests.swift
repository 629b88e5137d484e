// The service's certificates as files: made, refused with the exact reason, and taken up anew while it runs.

import Foundation
import HTTP
import HTTPTypes
import Server
import TLS
import Telemetry
import Testing
import curvesmith

/// A pair of files in a folder of its own.
private struct Pair {
  let directory: TemporaryDirectory
  var certificate: String { directory.path + "/certificate.pem" }
  var key: String { directory.path + "/key.pem" }
  var files: CertificateFiles {
    CertificateFiles([.init(certificate: certificate, key: key)], profile: .intermediate)
  }

  init() throws { directory = try TemporaryDirectory() }

  /// Replaces both, one after the other, as whoever renews them does.
  func write(_ pair: SelfSignedCertificate) throws {
    for (bytes, path) in [(pair.key, key), (pair.certificate, certificate)] {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
  }
}

private func fresh() -> SelfSignedCertificate {
  SelfSignedCertificate(now: Int64(Date().timeIntervalSince1970))
}

/// Answers everything.
private struct Echo: Responder {
  func admit(_ head: Request) -> Admission {
    .accept(
      maximumBody: 0,
      handler: RequestHandler { Response(status: .ok, body: .bytes(Array($0.target.segments.joined().utf8))) }
    )
  }
  func respond(toInvalid error: ProtocolError, requestID: String) -> Response {
    Response(status: error.status)
  }
}

@Suite(.timeLimit(.minutes(5))) struct CertificateFileTests {
  private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func failure(_ pair: Pair) throws -> String {
    let failure = #expect(throws: CommandFailure.self) {
      try ServiceCertificates(pair.files, log: Self.silent)
    }
    #expect(failure?.status == 2)
    return failure?.message ?? ""
  }

  @Test func `a fault is told with the file that it is in`() throws {
    let pair = try Pair()
    #expect(
      try failure(pair) == "cannot read the certificate \(pair.certificate): No such file or directory")
    let good = fresh()
    try Data(good.certificate).write(to: URL(fileURLWithPath: pair.certificate))
    #expect(try failure(pair) == "cannot read the key \(pair.key): No such file or directory")
    try Data(fresh().key).write(to: URL(fileURLWithPath: pair.key))
    #expect(
      try failure(pair)
        == "\(pair.certificate) and \(pair.key): the private key is not that of the certificate")
    try Data("hello".utf8).write(to: URL(fileURLWithPath: pair.key))
    #expect(
      try failure(pair) == "\(pair.key): there is no private key in PEM (-----BEGIN PRIVATE KEY-----)")
  }

  @Test func `a start with faulty certificates ends with status 2 and leaves no data directory`() async throws
  {
    let pair = try Pair()
    let data = pair.directory.path + "/data"
    try pair.write(SelfSignedCertificate(now: 1_000_000_000))
    let run = try await Binary.run([
      "serve", "--port", "0", "--data-dir", data, "--tls-certificate", pair.certificate, "--tls-key",
      pair.key,
    ])
    #expect(run.status == 2)
    #expect(
      run.error.hasSuffix(
        "curvesmith: \(pair.certificate): the certificate expired at 2001-12-08 01:46:40 UTC\n"))
    #expect(!FileManager.default.fileExists(atPath: data))
  }

  @Test func `certificates and keys come in pairs, and some settings need them`() throws {
    func faults(_ flags: [String: [String]]) -> String? {
      #expect(throws: CommandFailure.self) {
        try ResolvedSettings(flags: flags, environment: [:], file: nil)
      }?.message
    }
    #expect(
      faults(["tls_certificates": ["a.pem", "b.pem"], "tls_keys": ["a.key"]])
        == "--tls-certificate, --tls-key: certificates and keys come in pairs, in the same order; there are 2 and 1"
    )
    #expect(
      faults(["plain_port": ["0"], "hsts": ["true"]])
        == "--plain-port: needs --tls-certificate and --tls-key; without them all is in clear\n"
        + "curvesmith: --hsts: needs --tls-certificate and --tls-key; without them all is in clear")
  }

  @Test func `keygen makes a pair for this machine alone, and replaces nothing`() async throws {
    let directory = try TemporaryDirectory()
    let folder = directory.path + "/tls"
    let made = try await Binary.run(["keygen", "--tls", folder])
    #expect(made.status == 0)
    #expect(made.error.contains("SHA-256 "))
    for name in ["certificate.pem", "key.pem"] {
      let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      #expect(facts[.posixPermissions] as? Int == 0o600)
    }
    let again = try await Binary.run(["keygen", "--tls", folder])
    #expect(again.status == 1)
    #expect(again.error.contains("is there already"))
  }

  @Test func `the service speaks HTTPS, and the health check with it`() async throws {
    let pair = try Pair()
    try pair.write(fresh())
    let service = try await Binary.serve(
      pair.directory, arguments: ["--tls-certificate", pair.certificate, "--tls-key", pair.key],
      scheme: "https")
    let port = service.client.port
    let url = "https://localhost:\(port)/readyz"
    #expect(try await Binary.run(["healthcheck", url, "--certificate", pair.certificate]).status == 0)
    let served = ["CURVESMITH_PORT": "\(port)", "CURVESMITH_TLS_CERTIFICATES": pair.certificate]
    #expect(try await Binary.run(["healthcheck"], environment: served).status == 0)
    let untrusted = try await Binary.run(["healthcheck", url])
    #expect(untrusted.status == 1)
    #expect(untrusted.error.contains("is not trusted: self-signed certificate"))
    let clear = try await Binary.run(["healthcheck", "http://localhost:\(port)/readyz"])
    #expect(clear.error.contains("answered 400"))
    service.signal(SIGHUP)
    #expect(try await service.stop(SIGTERM) == 0)
  }

  // MARK: - Taking up new files

  private func serve(
    _ pair: Pair, _ intervals: ServiceCertificates.Intervals, log: Logger = silent,
    metrics: MetricsRegistry = MetricsRegistry(),
    _ body: (ServiceCertificates, UInt16) async throws -> Void
  ) async throws {
    let certificates = try ServiceCertificates(pair.files, intervals: intervals, log: log, metrics: metrics)
    var configuration = ServerConfiguration()
    configuration.port = 0
    let server = HTTPServer(
      configuration: configuration, responder: Echo(), log: Self.silent, security: certificates.first)
    let port = try UInt16(server.start().address.port)
    certificates.watch(for: server)
    try await body(certificates, port)
    certificates.stop()
    await server.shutdown(grace: 10)
  }

  private static func ask(_ port: UInt16, trusting pem: [UInt8]) throws -> Bool {
    let secure = try SecureConnection(
      to: "127.0.0.1", port: port, timeout: .seconds(30), trusting: .certificates(pem), name: "127.0.0.1")
    try secure.send(Array("GET /here HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
    return String(decoding: try secure.receiveAll(limit: 10_000), as: UTF8.self).hasSuffix("\r\n\r\nhere")
  }

  /// Returns when the server's certificate is this one.
  private static func waitForCertificate(_ port: UInt16, _ pem: [UInt8]) async throws {
    try await onThread {
      while true {
        do {
          #expect(try ask(port, trusting: pem))
          return
        } catch let failure as TLSFailure {
          guard case .untrusted = failure else { throw failure }
        }
      }
    }
  }

  @Test func `files that change are found by themselves`() async throws {
    let pair = try Pair()
    try pair.write(fresh())
    var intervals = ServiceCertificates.Intervals()
    intervals.look = .milliseconds(20)
    intervals.retry = .milliseconds(20)
    try await serve(pair, intervals) { _, port in
      for _ in 0..<3 {
        let next = fresh()
        try pair.write(next)
        try await Self.waitForCertificate(port, next.certificate)
      }
    }
  }

  @Test func `a pair that does not fit changes nothing until it does`() async throws {
    let pair = try Pair()
    let (old, new) = (fresh(), fresh())
    try pair.write(old)
    var intervals = ServiceCertificates.Intervals()
    intervals.retry = .milliseconds(20)
    let lines = LogLines()
    let metrics = MetricsRegistry()
    let failures = { @Sendable in
      String(decoding: metrics.text(), as: UTF8.self).split(separator: "\n").last {
        $0.hasPrefix("curvesmith_tls_reload_failures_total")
      }
    }
    try await serve(pair, intervals, log: lines.logger, metrics: metrics) { certificates, port in
      #expect(failures() == "curvesmith_tls_reload_failures_total 0")
      try Data(new.certificate).write(to: URL(fileURLWithPath: pair.certificate), options: .atomic)
      certificates.reload()
      try await lines.wait(for: "certificates not read; those in use stay")
      #expect(failures() == "curvesmith_tls_reload_failures_total 1")
      #expect(try await onThread { try Self.ask(port, trusting: old.certificate) })
      try pair.write(new)
      certificates.reload()
      try await Self.waitForCertificate(port, new.certificate)
    }
  }

  @Test func `no request fails while certificates change under load`() async throws {
    let pair = try Pair()
    let all = (0..<12).map { _ in fresh() }
    let trusted = all.flatMap(\.certificate)
    try pair.write(all[0])
    var intervals = ServiceCertificates.Intervals()
    intervals.look = .milliseconds(10)
    intervals.retry = .milliseconds(10)
    try await serve(pair, intervals) { _, port in
      try await withThrowingTaskGroup { group in
        for _ in 0..<4 {
          group.addTask {
            try await onThread { () throws in
              for _ in 0..<150 { #expect(try Self.ask(port, trusting: trusted)) }
            }
          }
        }
        for next in all.dropFirst() {
          try pair.write(next)
          try await Self.waitForCertificate(port, next.certificate)
        }
        try await group.waitForAll()
      }
    }
  }
}
