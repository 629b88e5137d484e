// HTTPS as the rest of the world speaks it: OpenSSL's own client against the running service.

import Foundation
import TLS
import Testing
import curvesmith

@Suite(.timeLimit(.minutes(5))) struct OpenSSLClientTests {
  private static let request = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

  /// What `openssl s_client` writes, told to send this to a service of its own.
  private func talk(
    _ arguments: [String], sending text: String = request, serving extra: [String] = []
  ) async throws -> String {
    let directory = try TemporaryDirectory()
    let pair = SelfSignedCertificate(now: Int64(Date().timeIntervalSince1970))
    let (certificate, key) = (directory.path + "/c.pem", directory.path + "/k.pem")
    try Data(pair.certificate).write(to: URL(fileURLWithPath: certificate))
    try Data(pair.key).write(to: URL(fileURLWithPath: key))
    let service = try await Binary.serve(
      directory, arguments: ["--tls-certificate", certificate, "--tls-key", key] + extra, scheme: "https")
    let output = try await Tool.run(
      "openssl",
      ["s_client", "-connect", "127.0.0.1:\(service.client.port)", "-CAfile", certificate] + arguments,
      input: text)
    #expect(try await service.stop(SIGTERM) == 0)
    return output
  }

  @Test(
    arguments: [
      (["-tls1_2"], "New, TLSv1.2"), (["-tls1_3"], "New, TLSv1.3"),
      (["-alpn", "h2,http/1.1"], "ALPN protocol: http/1.1"), (["-tls1_2", "-no_ticket"], "New, TLSv1.2"),
      (["-servername", "nobody.example"], "Verification: OK"),
      (["-servername", "localhost", "-verify_hostname", "localhost"], "Verified peername: localhost"),
    ] as [([String], String)])
  func `what is offered well is served`(_ arguments: [String], _ expected: String) async throws {
    let output = try await talk(arguments + ["-ign_eof"])
    #expect(output.contains(expected))
    #expect(output.contains("HTTP/1.1 200 OK"))
  }

  @Test(
    arguments: [
      (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], "alert number 70"),
      (["-tls1_2", "-cipher", "AES128-SHA"], "alert number 40"),
      (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], "alert number 40"),
      (["-groups", "X448"], "alert number 40"), (["-alpn", "h2"], "alert number 120"),
    ] as [([String], String)])
  func `what is offered too old or too new is refused with its alert`(
    _ arguments: [String], _ expected: String
  ) async throws {
    let output = try await talk(arguments + ["-ign_eof"])
    #expect(output.contains(expected))
    #expect(!output.contains("HTTP/1.1"))
  }

  @Test func `the modern profile refuses TLS 1.2`() async throws {
    let modern = ["--tls-profile", "modern"]
    #expect(try await talk(["-tls1_2", "-ign_eof"], serving: modern).contains("alert number 70"))
    #expect(try await talk(["-ign_eof"], serving: modern).contains("New, TLSv1.3"))
  }

  @Test func `a session is resumed by its ticket`() async throws {
    let output = try await talk(["-tls1_2", "-reconnect"], sending: Self.request)
    #expect(output.components(separatedBy: "Reused, TLSv1.2").count == 6)
  }

  @Test func `renegotiation is refused`() async throws {
    let output = try await talk(["-tls1_2"], sending: "R\n")
    #expect(output.contains("RENEGOTIATING"))
    #expect(output.contains("no renegotiation"))
  }
}
