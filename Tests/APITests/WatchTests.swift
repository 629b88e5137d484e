// What is refused, and how streams end, is counted under names that no client chooses.

import API
import Digest
import HTTP
import JSON
import Jobs
import Telemetry
import Testing

@Suite struct WatchTests {
  private func samples(_ service: Service, _ field: (String, String)? = nil) async throws -> Set<Substring> {
    let reply = try await service.send("GET", "/metrics", field.map { [$0] } ?? [])
    #expect(reply.status == 200)
    return Set(reply.text.split(separator: "\n"))
  }

  @Test func `a request without a good key is counted by what is wrong with it`() async throws {
    let all = Set(Scope.allCases)
    let keys = Service.keys(["good": all, "reader": [.read], "old": all, "late": all])
    let field = { (name: String) in try #require(keys.fields[name]) }
    var list = KeyList()
    for var entry in keys.list.entries {
      if entry.name == "old" { entry.revokedAt = Timestamp(milliseconds: 1) }
      if entry.name == "late" { entry.expiresAt = Timestamp(milliseconds: 1) }
      list.add(entry)
    }
    try await Service.run(.init(keys: list, seconds: { 0 })) { service in
      let good = try field("good")
      #expect(try await samples(service, good).contains("curvesmith_auth_failures_total{reason=\"wrong\"} 0"))
      // Of a key that is there, with another's secret: the checksum is of the whole.
      let foreign = "Bearer \(APIKey().secret.exposed)"
      for fields in [
        [], [("Authorization", "Bearer x")], [("Authorization", foreign)], [try field("old")],
        [try field("late")],
      ] {
        #expect(try await service.send("GET", "/v1/jobs", fields).status == 401)
      }
      #expect(try await service.post("/v1/jobs", Specifications.quick, [try field("reader")]).status == 403)
      let found = try await samples(service, good)
      for (reason, count) in [
        "missing": 1, "malformed": 1, "unknown": 1, "wrong": 0, "revoked": 1, "expired": 1,
        "insufficient_scope": 1,
      ] {
        #expect(found.contains("curvesmith_auth_failures_total{reason=\"\(reason)\"} \(count)"), "\(reason)")
      }
    }
  }

  @Test func `pages of other sites, and those who want more than their share, are counted`() async throws {
    let keys = Service.keys(
      ["one": Set(Scope.allCases)], limits: KeyLimits(requestsPerMinute: 6, queuedJobs: 0, eventStreams: 0))
    let other = Service.keys(["watcher": [.metrics]])
    let one = try #require(keys.fields["one"])
    let watcher = try #require(other.fields["watcher"])
    var list = keys.list
    for entry in other.list.entries { list.add(entry) }
    try await Service.run(.init(keys: list, seconds: { 0 })) { service in
      let origin = ("Origin", "https://evil.example")
      for _ in 0..<2 {
        #expect(try await service.post("/v1/jobs", Specifications.quick, [origin]).status == 403)
      }
      #expect(try await service.post("/v1/jobs", Specifications.quick, [one]).status == 429)
      #expect(
        try await service.send("GET", "/v1/events", [one, ("Accept", "text/event-stream")]).status == 429)
      for status in [200, 200, 200, 200, 429, 429, 429] {
        #expect(try await service.send("GET", "/v1/jobs", [one]).status == status)
      }
      for _ in 0..<22 { _ = try await service.send("GET", "/v1/jobs", [("Authorization", "Bearer x")]) }
      let found = try await samples(service, watcher)
      for expected in [
        "cross_site_refused_total 2", "rate_limited_total{limit=\"queued_jobs\"} 1",
        "rate_limited_total{limit=\"event_streams\"} 1", "rate_limited_total{limit=\"requests\"} 3",
        "rate_limited_total{limit=\"failures\"} 2",
      ] { #expect(found.contains("curvesmith_\(expected)"), "\(expected)") }
    }
  }

  @Test func `a stream's end is counted by its reason`() async throws {
    let all = Set(Scope.allCases)
    let keys = Service.keys(["one": all, "two": all])
    let (one, two) = (try #require(keys.fields["one"]), try #require(keys.fields["two"]))
    let format = ("Accept", "application/x-ndjson")
    try await Service.run(.init(keys: keys.list)) { service in
      let quick = try await service.post("/v1/jobs", Specifications.quick, [two])
      let whole = try await service.stream("\(try #require(quick.field("Location")))/events", [two, format])
      while try await whole.next() != nil {}
      let job = try await service.post("/v1/jobs", Specifications.endless, [one])
      let events = "\(try #require(job.field("Location")))/events"
      // Whoever goes away lets go of the stream.
      _ = try await service.stream(events, [two, format]).next()
      let refused = try await service.stream(events, [one, format])
      #expect(try await refused.next() != nil)
      service.access.replace(
        try KeyList(parsing: keys.list.serialized, without: try #require(keys.ids["one"])))
      while try await refused.next() != nil {}
      let drained = try await service.stream(events, [two, format])
      #expect(try await drained.next() != nil)
      await service.jobs.drain()
      while try await drained.next() != nil {}
      let found = try await samples(service, two)
      for (reason, count) in ["complete": 1, "client": 1, "key": 1, "draining": 1, "failed": 0] {
        #expect(
          found.contains("curvesmith_event_streams_closed_total{reason=\"\(reason)\"} \(count)"), "\(reason)")
      }
    }
  }
}
