// Everything that can be read twice has an entity tag, and is not sent again while it stands.

import API
import HTTPTypes
import JSON
import Testing

@Suite struct RevalidationTests {
  /// The addresses of what can be read about a job that has ended, and about the service.
  private static func addresses(_ job: String) -> [String] {
    [
      "/v1/jobs", "/v1/jobs?view=summary&counts=true", job, "\(job)/metrics", "\(job)/activations",
      "\(job)/activations?include=curve", "\(job)/activations.svg", "/v1/activations", "/v1/activations/relu",
      "/v1/strategies", "/v1/limits", "/v1/version", "/openapi.yaml", "/openapi.json", "/",
    ]
  }

  @Test func `what was read once is answered 304 while it stands, to GET and to HEAD`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let job = try #require(created.field("Location"))
      for address in Self.addresses(job) {
        let first = try await service.send("GET", address)
        #expect(first.status == 200)
        let tag = try #require(first.field("ETag"), "\(address)")
        #expect(!tag.hasPrefix("W/"))
        for method in ["GET", "HEAD"] {
          let again = try await service.send(method, address, [("If-None-Match", tag)])
          #expect(again.status == 304 && again.bytes.isEmpty && again.field("ETag") == tag, "\(address)")
          let other = try await service.send(method, address, [("If-None-Match", "\"other\"")])
          #expect(other.status == 200 && other.field("ETag") == tag, "\(address)")
        }
      }
    }
  }

  @Test func `a list has another tag as soon as a job is new`() async throws {
    try await Service.run { service in
      let before = try #require(try await service.send("GET", "/v1/jobs?view=summary").field("ETag"))
      try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let after = try await service.send("GET", "/v1/jobs?view=summary", [("If-None-Match", before)])
      #expect(after.status == 200)
    }
  }

  @Test func `errors and answers to one request have no tag`() async throws {
    try await Service.run { service in
      let replies = [
        try await service.send("GET", "/v1/activations/nothing"), try await service.send("GET", "/livez"),
        try await service.post("/v1/jobs/validate", Specifications.quick),
      ]
      for reply in replies { #expect(reply.field("ETag") == nil) }
    }
  }

  @Test func `a faulty query is told so, whatever the client has`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let location = try #require(created.field("Location"))
      for path in ["activations", "activations.svg"] {
        let reply = try await service.send("GET", "\(location)/\(path)")
        let tag = try #require(reply.field("ETag"))
        for _ in 0..<2 {
          let faulty = try await service.send(
            "GET", "\(location)/\(path)?from=far", [("If-None-Match", tag)])
          #expect(faulty.status == 400 && faulty.json["code"] == "invalid_query")
        }
      }
    }
  }
}
