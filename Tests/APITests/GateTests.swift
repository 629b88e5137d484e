// What the head alone decides: host, origin, path, method; and what every response carries.

import Foundation
import JSON
import Testing

@Suite struct GateTests {
  @Test(arguments: ["localhost", "localhost:8080", "127.0.0.1:9", "[::1]", "LOCALHOST", "lab.example"])
  func `the service answers for its own hosts`(_ host: String) async throws {
    try await Service.run(.init(allowedHosts: ["lab.example"])) { service in
      let reply = try await service.send("GET", "/v1/version", host: host)
      #expect(reply.status == 200)
    }
  }

  @Test(arguments: ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost"])
  func `the service does not answer for others`(_ host: String) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/version", host: host)
      #expect(reply.status == 421)
      #expect(reply.json["code"] == "misdirected")
    }
  }

  @Test func `an old client without Host is answered`() async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/livez", host: nil)
      #expect(reply.status == 200)
    }
  }

  private static let unsafe = [("POST", "/v1/jobs"), ("POST", "/v1/jobs/x/cancel"), ("DELETE", "/v1/jobs/x")]

  @Test(
    arguments: unsafe,
    [
      ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://localhost:3000"),
      ("Sec-Fetch-Site", "cross-site"),
    ])
  func `pages of other sites change nothing`(
    _ request: (String, String), _ field: (String, String)
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send(request.0, request.1, [field])
      #expect(reply.status == 403)
      #expect(reply.json["code"] == "cross_site")
      #expect(reply.json["detail"]?.stringValue?.contains("allowed origins") == false, "no setting adds one")
      #expect(try await service.send("GET", "/v1/jobs", [field]).status == 200, "reading is safe")
    }
  }

  @Test(arguments: ["http://localhost", "https://lab.example"])
  func `the service's own pages and allowed ones do`(_ origin: String) async throws {
    try await Service.run(.init(allowedOrigins: ["https://lab.example"])) { service in
      let reply = try await service.post("/v1/jobs/validate", Specifications.quick, [("Origin", origin)])
      #expect(reply.status == 200)
    }
  }

  @Test(arguments: [
    "/v2", "/v1", "/v1/jobs/", "/v1/jobs/a/b", "/openapi", "//", "/v1//jobs", "/v1/jobs/a%2Fcancel/x",
  ])
  func `an unknown path is 404`(_ path: String) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", path)
      #expect(reply.status == 404)
      #expect(reply.json["code"] == "not_found")
    }
  }

  @Test(arguments: [
    ("PUT", "/v1/jobs", "GET, HEAD, POST, OPTIONS"), ("GET", "/v1/jobs/validate", "POST, OPTIONS"),
    ("POST", "/livez", "GET, HEAD, OPTIONS"), ("TRACE", "/v1/jobs", "GET, HEAD, POST, OPTIONS"),
    ("PATCH", "/v1/jobs/a", "GET, HEAD, DELETE, OPTIONS"),
  ]) func `a method that the path does not have is 405 with those that it has`(
    _ method: String, _ path: String, _ allow: String
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send(method, path)
      #expect(reply.status == 405)
      #expect(reply.field("Allow") == allow)
    }
  }

  @Test(arguments: ["BREW", "CONNECTED", "get"]) func `a method that nothing has is 501`(
    _ method: String
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send(method, "/v1/jobs")
      #expect(reply.status == 501)
    }
  }

  @Test(
    arguments: ["/v1/activations/relu?from=", "/v1/jobs?limit="], ["0x1p3", "nan", "inf", "1e", "", "٣"])
  func `a number in the query is decimal`(_ target: String, _ number: String) async throws {
    try await Service.run { service in
      let encoded = number.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? number
      let reply = try await service.send("GET", "\(target)\(encoded)")
      #expect(reply.status == 400)
      #expect(reply.json["code"] == "invalid_query")
      #expect(reply.json["parameter"] == (target.contains("from") ? "from" : "limit"))
    }
  }

  @Test(arguments: [
    ("/v1/jobs?limit=1&limit=2", "limit"), ("/v1/activations/relu?to=1&from=0&%66rom=0", "from"),
  ])
  func `a query parameter given twice is named`(_ target: String, _ name: String) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", target)
      #expect(reply.status == 400)
      #expect(reply.json["code"] == "invalid_query")
      #expect(reply.json["parameter"] == .string(name))
      #expect(reply.json["detail"]?.stringValue?.contains("`\(name)` is given more than once") == true)
    }
  }

  @Test(arguments: ["/livez?a=1&a=2", "/livez?verbose", "/readyz?probe=kubelet", "/readyz?verbose=1&x=2"])
  func `a probe is answered whatever its query`(_ target: String) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", target)
      #expect(reply.status == 200)
    }
  }

  @Test func `OPTIONS names methods and media types`() async throws {
    try await Service.run { service in
      let jobs = try await service.send("OPTIONS", "/v1/jobs")
      #expect(jobs.status == 204)
      #expect(jobs.field("Allow") == "GET, HEAD, POST, OPTIONS")
      #expect(jobs.field("Accept-Post") == "application/json, multipart/form-data")
      let all = try await service.send("OPTIONS", "*")
      #expect(all.status == 204)
      #expect(all.field("Allow")?.contains("DELETE") == true)
    }
  }

  @Test func `HEAD is answered as GET is`() async throws {
    try await Service.run { service in
      for path in ["/v1/jobs", "/v1/activations", "/livez", "/openapi.json"] {
        let get = try await service.send("GET", path)
        let head = try await service.send("HEAD", path)
        #expect(head.status == get.status)
        #expect(head.fields == get.fields)
      }
    }
  }

  @Test(arguments: [
    ("abc-1.2_3", "abc-1.2_3"), ("a b", "req_test"), (String(repeating: "a", count: 129), "req_test"),
  ])
  func `a sound request identifier is echoed, in errors too`(_ sent: String, _ echoed: String) async throws {
    try await Service.run { service in
      for path in ["/v1/version", "/nothing"] {
        let reply = try await service.send("GET", path, [("X-Request-Id", sent)])
        #expect(reply.field("X-Request-Id") == echoed)
        if path == "/nothing" { #expect(reply.json["request_id"] == .string(echoed)) }
      }
    }
  }

  @Test func `everything under v1 links to the description`() async throws {
    try await Service.run { service in
      for path in ["/", "/v1/version", "/v1/nothing"] {
        let reply = try await service.send("GET", path)
        #expect(reply.field("Link") == "</openapi.json>; rel=\"service-desc\"", "\(path)")
      }
      #expect(try await service.send("GET", "/livez").field("Link") == nil)
    }
  }

  @Test(arguments: [
    ("GET", "/v1/jobs?a=%zz", 400, "invalid_percent_encoding"), ("GET", "/v1/../x", 400, "dot_segment"),
    ("CONNECT", "a:1", 501, "connect_not_implemented"),
  ]) func `a violation of the protocol is a problem as well`(
    _ method: String, _ target: String, _ status: Int, _ code: String
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send(method, target)
      #expect(reply.status == status)
      #expect(reply.json["code"] == .string(code))
      #expect(reply.json["request_id"] == "req_test")
    }
  }
}
