// Content in gzip is what it is without, for every operation that takes content; what is no gzip is refused exactly.

import Compression
import JSON
import Testing

@Suite struct CodedContentTests {
  /// The same request without coding and in gzip.
  private static func pair(
    _ service: Service, _ target: String, _ type: String, _ body: [UInt8], _ fields: [(String, String)] = []
  ) async throws -> (plain: Reply, coded: Reply) {
    let plain = try await service.send("POST", target, [("Content-Type", type)] + fields, body: body)
    let coded = try await service.send(
      "POST", target, [("Content-Type", type), ("Content-Encoding", "gzip")] + fields,
      body: Gzip.compressed(body, level: .fast))
    return (plain, coded)
  }

  @Test func `every operation that takes content takes it in gzip`() async throws {
    try await Service.run { service in
      let json = "application/json"
      let quick = Array(Specifications.quick.utf8)
      let wait = ("Prefer", "wait=60")
      // With one key for both, the second is only a repetition if it says the same.
      let created = try await Self.pair(service, "/v1/jobs", json, quick, [("Idempotency-Key", "a"), wait])
      #expect(
        created.coded.field("Idempotency-Replayed") == "true" && created.coded.bytes == created.plain.bytes)
      let form = Specifications.form(spec: Specifications.formSpec)
      let formed = try await Self.pair(
        service, "/v1/jobs", Specifications.formType.1, form, [("Idempotency-Key", "b"), wait])
      #expect(
        formed.coded.field("Idempotency-Replayed") == "true" && formed.coded.bytes == formed.plain.bytes)
      let job = try #require(created.plain.field("Location"))

      let requests: [(String, String, String)] = [
        ("/v1/jobs/validate", json, Specifications.quick), ("/v1/jobs/validate", json, "{}"),
        ("/v1/activations/analyze", json, #""gelu""#),
        ("\(job)/predict", json, #"{"inputs": [[0, 1], [1, 1]]}"#),
        ("\(job)/predict", "text/csv", "0,1\n1,1\n"),
        ("\(job)/cancel", json, "{}"), ("\(job)/cancel", json, #"{"now": true}"#),
      ]
      for (target, type, text) in requests {
        let (plain, coded) = try await Self.pair(service, target, type, Array(text.utf8))
        #expect(coded.status == plain.status && coded.bytes == plain.bytes, "\(target) \(text)")
      }
      let nothing = try await service.send("POST", "\(job)/cancel", [("Content-Encoding", "gzip")], body: [])
      #expect(nothing.status == 409)
    }
  }

  @Test func `a file that is cut, broken or too much has its exact problem`() async throws {
    try await Service.run(.init(maximumBody: 3 << 20)) { service in
      let file = Gzip.compressed(Array(Specifications.quick.utf8), level: .fast)
      let spaces = [UInt8](repeating: 0x20, count: 2 << 20)
      let noise = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
      let cases: [([UInt8], Int, String)] = [
        (file.dropLast(), 400, "truncated_gzip"), (file + [0], 400, "invalid_gzip"),
        (file.dropLast(8) + [UInt8](repeating: 0, count: 8), 400, "invalid_gzip"),
        (Gzip.compressed(spaces, level: .best), 413, "decompression_ratio"),
        (Gzip.compressed(noise, level: .best), 413, "content_too_large"),
      ]
      for (body, status, code) in cases where body.count <= 3 << 20 {
        let reply = try await service.send(
          "POST", "/v1/jobs", [("Content-Type", "application/json"), ("Content-Encoding", "gzip")], body: body
        )
        #expect(reply.status == status && reply.json["code"] == .string(code), "\(reply.text)")
      }
      let after = try await service.post("/v1/jobs/validate", Specifications.quick)
      #expect(after.status == 200)
    }
  }

  @Test func `a coding that is not read is answered with the one that is, and another fault is not`()
    async throws
  {
    try await Service.run { service in
      let json = ("Content-Type", "application/json")
      let coding = try await service.send(
        "POST", "/v1/jobs", [json, ("Content-Encoding", "zstd")], body: [1])
      #expect(coding.status == 415 && coding.field("Accept-Encoding") == "gzip")
      let type = try await service.send("POST", "/v1/jobs", [("Content-Type", "image/png")], body: [1])
      #expect(type.status == 415 && type.field("Accept-Encoding") == nil)
    }
  }
}
