// Every operation says the same in gzip as without, in both directions, and tells caches what it depends on.

import API
import Compression
import HTTPTypes
import JSON
import Testing

@Suite struct CodingTests {
  private static let gzip = ("Accept-Encoding", "gzip")

  /// The addresses of everything that can be read about a job that has ended, and about the service.
  private static func addresses(_ job: String) -> [String] {
    let id = String(job.split(separator: "/").last ?? "")
    // A stream of events is never compressed, and the metrics are others every time.
    let others = ["listEvents", "listJobEvents", "getMetrics"]
    return Operation.all.filter { $0.method == .get && !others.contains($0.id) }.map {
      $0.template.replacing("{id}", with: id).replacing("{name}", with: "gelu").replacing(
        "{code}", with: "gone")
    } + ["\(job)/metrics?max_points=2", "\(job)/activations?include=curve"]
  }

  @Test func `what is read in gzip is what is read without, under a tag of its own`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let job = try #require(created.field("Location"))
      var coded = 0
      for address in Self.addresses(job) {
        let plain = try await service.send("GET", address)
        #expect(
          plain.field("Content-Encoding") == nil && plain.field("Vary")?.contains("Accept-Encoding") == true)
        for method in ["GET", "HEAD", "GET"] {
          let reply = try await service.send(method, address, [Self.gzip])
          #expect(reply.status == plain.status && reply.bytes == plain.bytes, "\(address)")
          #expect(
            reply.field("Vary") == plain.field("Vary")
              && reply.field("Content-Type") == plain.field("Content-Type"))
          let isCoded = reply.field("Content-Encoding") == "gzip"
          #expect(isCoded == (plain.bytes.count >= 1024), "\(address)")
          if isCoded {
            coded += 1
            #expect(reply.sent.count < plain.bytes.count)
            #expect(
              reply.field("ETag") == plain.field("ETag").map { $0.dropLast() + "-gzip\"" }, "\(address)")
          } else {
            #expect(reply.field("ETag") == plain.field("ETag"))
          }
        }
      }
      #expect(coded > 3 * 8)
    }
  }

  @Test func `a client has what it has in the coding that it asks for`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let job = try #require(created.field("Location"))
      for address in [
        job, "\(job)/activations", "\(job)/activations.svg", "/v1/activations", "/openapi.json",
      ] {
        let plain = try #require(try await service.send("GET", address).field("ETag"))
        let coded = try #require(try await service.send("GET", address, [Self.gzip]).field("ETag"))
        for method in ["GET", "HEAD"] {
          let again = try await service.send(
            method, address, [Self.gzip, ("If-None-Match", "\"x\", \(coded)")])
          #expect(again.status == 304 && again.field("ETag") == coded && again.bytes.isEmpty, "\(address)")
          #expect(again.field("Vary")?.contains("Accept-Encoding") == true)
          #expect(again.field("Content-Encoding") == nil)
          // What it has is as good as what it would get.
          let either = try await service.send(method, address, [Self.gzip, ("If-None-Match", plain)])
          #expect(either.status == 304 && either.field("ETag") == plain, "\(address)")
          // Who cannot read gzip any more is not told to use it.
          let other = try await service.send(method, address, [("If-None-Match", coded)])
          #expect(other.status == 200 && other.field("ETag") == plain, "\(address)")
        }
      }
    }
  }

  @Test func `what is read often is compressed once, as well as can be`() async throws {
    try await Service.run { service in
      for address in ["/openapi.yaml", "/openapi.json", "/v1/activations", "/v1/strategies"] {
        let first = try await service.send("GET", address, [Self.gzip])
        let second = try await service.send("GET", address, [Self.gzip])
        #expect(first.sent == second.sent)
        #expect(first.sent == Gzip.compressed(first.bytes, level: .best), "\(address)")
      }
    }
  }

  @Test func `whoever refuses content without coding gets the shortest in gzip, and problems too`()
    async throws
  {
    try await Service.run { service in
      let only = ("Accept-Encoding", "gzip, identity;q=0")
      for address in ["/", "/v1/version", "/v1/activations/nothing", "/v1/jobs?limit=0"] {
        let plain = try await service.send("GET", address)
        let reply = try await service.send("GET", address, [only])
        #expect(reply.field("Content-Encoding") == "gzip" && plain.status == reply.status, "\(address)")
      }
      let nothing = try await service.send("GET", "/v1/version", [("Accept-Encoding", "identity;q=0")])
      #expect(nothing.status == 406 && nothing.json["code"] == "not_acceptable")
      let probe = try await service.send("GET", "/readyz", [("Accept-Encoding", "*;q=0")])
      #expect(probe.status == 200)
    }
  }

  @Test func `a long problem document is compressed`() async throws {
    try await Service.run { service in
      let unknown = (0..<50).map { "\"member_\($0)\": 1" }.joined(separator: ", ")
      let plain = try await service.post("/v1/jobs", "{\(unknown)}")
      let reply = try await service.post("/v1/jobs", "{\(unknown)}", [Self.gzip])
      #expect(reply.status == 422 && reply.field("Content-Encoding") == "gzip" && reply.bytes == plain.bytes)
      #expect(reply.field("Content-Type") == "application/problem+json")
    }
  }

  @Test func `a long answer is compressed while it is sent`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let job = try #require(created.field("Location"))
      let rows = (0..<60_000).map { "[\($0 % 7), \($0 % 11)]" }.joined(separator: ",")
      let plain = try await service.post("\(job)/predict", "{\"inputs\": [\(rows)]}")
      let reply = try await service.post("\(job)/predict", "{\"inputs\": [\(rows)]}", [Self.gzip])
      #expect(
        plain.bytes.count > 1 << 20 && reply.bytes == plain.bytes && reply.sent.count < plain.sent.count / 2)
    }
  }
}
