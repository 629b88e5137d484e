// Strict-Transport-Security: only where it is wanted, and only where it cannot do harm.

import API
import HTTP
import HTTPTypes
import Jobs
import Telemetry
import Testing

@Suite struct StrictTransportTests {
  @Test(
    arguments: [
      ("https", "lab.example", true, "max-age=63072000"),
      ("https", "lab.example:8443", true, "max-age=63072000"),
      ("https", "lab.example", false, nil), ("http", "lab.example", true, nil),
      ("https", "localhost", true, nil),
      ("https", "127.0.0.1", true, nil), ("https", "192.0.2.1", true, nil),
      ("https", "[2001:db8::1]", true, nil),
    ] as [(String, String, Bool, String?)])
  func `a browser is told to stay with https only for a name that others reach by https`(
    _ scheme: String, _ host: String, _ isWanted: Bool, _ expected: String?
  ) async throws {
    try await Service.run { service in
      var configuration = APIConfiguration(
        jobs: JobService.Configuration(version: "1.2.3", instructionSet: "baseline"))
      configuration.strictTransport = isWanted
      configuration.allowedHosts = ["lab.example", "192.0.2.1", "[2001:db8::1]"]
      let api = CurvesmithAPI(
        jobs: service.jobs, configuration: configuration,
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      var parser = RequestParser(scheme: scheme)
      parser.append(Array("GET /livez HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8))
      guard case .head(let head) = try parser.next() else {
        Issue.record("a whole head")
        return
      }
      let request = Request(head: head.request, target: head.target, authority: head.authority, id: "r")
      guard case .accept(_, _, let handler) = api.admit(request) else {
        Issue.record("\(host) is ours")
        return
      }
      let response =
        if let response = handler.atOnce(request) { response } else { await handler.later(request) }
      #expect(response.fields[.strictTransportSecurity] == expected)
    }
  }
}
