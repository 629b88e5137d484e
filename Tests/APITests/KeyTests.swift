// Idempotency keys with forms and after deletion, and orders that say nothing.

import JSON
import Testing

@Suite struct KeyTests {
  private static let key = ("Idempotency-Key", "\"k\"")

  private func submit(
    _ service: Service, _ parts: [(name: String, type: String, content: String)], boundary: String
  ) async throws -> Reply {
    try await service.send(
      "POST", "/v1/jobs", [("Content-Type", "multipart/form-data; boundary=\(boundary)"), Self.key],
      body: Specifications.form(parts, boundary: boundary))
  }

  @Test func `a form is the same with another boundary and its parts in another order`() async throws {
    let spec = (name: "spec", type: "application/json", content: Specifications.formSpec)
    let data = (name: "data", type: "text/csv", content: Specifications.csv)
    try await Service.run { service in
      let first = try await submit(service, [spec, data], boundary: "a")
      #expect(first.status == 202, "\(first.text)")
      for (parts, boundary) in [([spec, data], "b"), ([data, spec], "a")] {
        let again = try await submit(service, parts, boundary: boundary)
        #expect(again.status == 202 && again.json["id"] == first.json["id"])
        #expect(again.field("Idempotency-Replayed") == "true")
      }
      let others = [
        (name: "data", type: "text/csv", content: Specifications.csv + "1,2,no\n"),
        (name: "data", type: "text/plain", content: Specifications.csv),
      ]
      for other in others {
        let reply = try await submit(service, [spec, other], boundary: "a")
        #expect(reply.status == 422 && reply.json["code"] == "idempotency_key_reused")
      }
    }
  }

  @Test func `a key whose job was deleted is gone, not new`() async throws {
    try await Service.run { service in
      let fields = [Self.key, ("Prefer", "wait=60")]
      let first = try await service.post("/v1/jobs", Specifications.quick, fields)
      try await service.send("DELETE", try #require(first.field("Location")))
      let again = try await service.post("/v1/jobs", Specifications.quick, fields)
      #expect(again.status == 410 && again.json["code"] == "gone")
      let other = try await service.post("/v1/jobs", Specifications.other, fields)
      #expect(other.status == 422 && other.json["code"] == "idempotency_key_reused")
      #expect(try await service.send("GET", "/v1/jobs").json["data"] == [])
    }
  }

  @Test(
    arguments: [
      (nil, 202), ("", 202), ("{}", 202), (" {\n} ", 202), ("[]", 422), ("null", 422),
      (#"{"now": true}"#, 422), ("{", 400), (String(repeating: " ", count: 2000), 413),
    ] as [(String?, Int)])
  func `a job is cancelled with nothing or with an empty object`(body: String?, status: Int) async throws {
    try await Service.run { service in
      let job = try #require(try await service.post("/v1/jobs", Specifications.endless).field("Location"))
      for type in [[("Content-Type", "application/json")], []] {
        let reply = try await service.send("POST", "\(job)/cancel", type, body: body.map { Array($0.utf8) })
        #expect(reply.status == status || (status == 202 && reply.status == 200), "\(reply.text)")
      }
    }
  }
}
