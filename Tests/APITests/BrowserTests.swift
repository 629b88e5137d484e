// What pages of other sites may do: read where their origin is listed, and nothing anywhere else.

import API
import Foundation
import HTTPTypes
import JSON
import Testing

@Suite struct BrowserTests {
  private static let tools = ("Origin", "https://tools.example")
  private static let preflight = ("Access-Control-Request-Method", "POST")

  private static func sharing(_ reply: Reply) -> [String] {
    reply.fields.map(\.name.rawName).filter { $0.lowercased().hasPrefix("access-control-") }.sorted()
  }

  @Test func `without a list no field of sharing is ever sent`() async throws {
    try await Service.run { service in
      for (method, fields) in [
        ("GET", [Self.tools]), ("OPTIONS", [Self.tools]), ("OPTIONS", [Self.tools, Self.preflight]),
        ("POST", [Self.tools]),
      ] {
        let reply = try await service.send(method, "/v1/jobs", fields)
        #expect(Self.sharing(reply) == [] && reply.field("Vary")?.contains("Origin") != true)
      }
    }
  }

  @Test func `a listed origin may read every answer, refusals too`() async throws {
    let keys = Service.keys(["all": Set(Scope.allCases)])
    let key = try #require(keys.fields["all"])
    try await Service.run(.init(allowedOrigins: [Self.tools.1], keys: keys.list)) { service in
      for (method, path, fields, status) in [
        ("GET", "/v1/jobs", [key], 200), ("GET", "/v1/jobs", [], 401), ("GET", "/v1/nothing", [], 404),
        ("GET", "/v1/version", [key, ("If-None-Match", "*")], 304), ("POST", "/v1/jobs", [key], 415),
      ] {
        let reply = try await service.send(method, path, fields + [Self.tools])
        #expect(reply.status == status)
        #expect(reply.field("Access-Control-Allow-Origin") == "https://tools.example", "\(path) \(status)")
        #expect(reply.field("Access-Control-Expose-Headers")?.contains("RateLimit-Policy") == true)
        #expect(reply.field("Access-Control-Allow-Credentials") == nil)
        #expect(reply.field("Vary")?.contains("Origin") == true)
      }
    }
  }

  @Test(arguments: [
    "https://evil.example", "http://tools.example", "https://tools.example:444", "null",
    "https://a.tools.example",
  ])
  func `any other origin gets the answer without the fields, or is refused`(_ origin: String) async throws {
    try await Service.run(.init(allowedOrigins: [Self.tools.1])) { service in
      let read = try await service.send("GET", "/v1/jobs", [("Origin", origin)])
      #expect(read.status == 200 && Self.sharing(read) == [])
      // A cache must not give this answer to the listed page.
      #expect(read.field("Vary")?.contains("Origin") == true)
      #expect(try await service.send("POST", "/v1/jobs", [("Origin", origin)]).status == 403)
      let asked = try await service.send("OPTIONS", "/v1/jobs", [("Origin", origin), Self.preflight])
      #expect(asked.status == 204 && Self.sharing(asked) == [])
    }
  }

  @Test func `a preflight is answered before any key, with the methods of the path`() async throws {
    let keys = Service.keys(["all": Set(Scope.allCases)])
    try await Service.run(.init(allowedOrigins: [Self.tools.1], keys: keys.list)) { service in
      let local = ("Access-Control-Request-Private-Network", "true")
      let reply = try await service.send("OPTIONS", "/v1/jobs", [Self.tools, Self.preflight, local])
      #expect(reply.status == 204 && reply.bytes.isEmpty)
      #expect(reply.field("Access-Control-Allow-Methods") == "GET, HEAD, POST, OPTIONS")
      #expect(reply.field("Access-Control-Allow-Headers")?.hasPrefix("authorization, content-type") == true)
      #expect(reply.field("Access-Control-Max-Age") == "600")
      #expect(
        reply.field("Vary")
          == "Access-Control-Request-Method, Access-Control-Request-Headers, Origin")
      #expect(reply.field("Access-Control-Allow-Private-Network") == nil)
      // Without the question it is an ordinary OPTIONS.
      let plain = try await service.send("OPTIONS", "/v1/jobs", [Self.tools])
      #expect(plain.field("Access-Control-Allow-Methods") == nil)
      #expect(try await service.send("OPTIONS", "/v1/nothing", [Self.tools, Self.preflight]).status == 404)
    }
  }

  @Test(arguments: ["same-site", "cross-site", "something-new", ""])
  func `a browser that says anything but same-origin or none changes nothing`(_ site: String) async throws {
    try await Service.run { service in
      let field = ("Sec-Fetch-Site", site)
      let refused = try await service.post("/v1/jobs/validate", Specifications.quick, [field])
      #expect(refused.status == 403 && refused.json["code"] == "cross_site")
      for own in ["same-origin", "none"] {
        let reply = try await service.post(
          "/v1/jobs/validate", Specifications.quick, [("Sec-Fetch-Site", own)])
        #expect(reply.status == 200)
      }
    }
  }
}
