// How much a key may ask for, and how often an address may guess one.

import API
import Foundation
import HTTP
import HTTPTypes
import JSON
import Synchronization
import Telemetry
import Testing

@Suite struct QuotaTests {
  /// Seconds that a test passes.
  private final class Passing: Sendable {
    private let now = Mutex(1000.0)

    var seconds: Double { now.withLock { $0 } }

    func pass(_ seconds: Double) { now.withLock { $0 += seconds } }
  }

  @Test func `a key's requests are counted, told, refused and come back evenly`() async throws {
    let time = Passing()
    let keys = Service.keys(["busy": [.read], "other": [.read]], limits: KeyLimits(requestsPerMinute: 3))
    let (busy, other) = (try #require(keys.fields["busy"]), try #require(keys.fields["other"]))
    try await Service.run(.init(keys: keys.list, seconds: { time.seconds })) { service in
      var left: [String?] = []
      for _ in 0..<3 {
        let reply = try await service.send("GET", "/v1/jobs", [busy])
        #expect(reply.status == 200)
        #expect(reply.field("RateLimit-Policy") == "\"requests\";q=3;w=60")
        left.append(reply.field("RateLimit"))
      }
      #expect(left == [2, 1, 0].map { "\"requests\";r=\($0);t=20" })
      let refused = try await service.send("GET", "/v1/jobs", [busy])
      #expect(refused.status == 429 && refused.json["code"] == "quota_exceeded")
      #expect(refused.json["violated_policies"] == ["requests"])
      #expect(refused.field("Retry-After") == "20" && refused.field("RateLimit") == "\"requests\";r=0;t=20")
      // Nobody else, and nothing that is open, is concerned.
      #expect(try await service.send("GET", "/v1/jobs", [other]).status == 200)
      #expect(try await service.send("GET", "/livez", [busy]).status == 200)
      time.pass(19.9)
      #expect(try await service.send("GET", "/v1/jobs", [busy]).status == 429)
      time.pass(0.2)
      #expect(try await service.send("GET", "/v1/jobs", [busy]).status == 200)
      #expect(try await service.send("GET", "/v1/jobs", [busy]).status == 429)
      time.pass(3600)
      #expect(try await service.send("GET", "/v1/jobs", [busy]).field("RateLimit")?.contains("r=2") == true)
    }
  }

  @Test func `an address that guesses keys is stopped for a minute, and is logged once`() async throws {
    let time = Passing()
    let log = LogLines()
    let keys = Service.keys(["good": [.read]])
    let good = try #require(keys.fields["good"])
    let bad = ("Authorization", "Bearer nonsense")
    try await Service.run(.init(keys: keys.list, log: log.logger, seconds: { time.seconds })) { service in
      var statuses: [Int] = []
      for _ in 0..<22 {
        statuses.append(try await service.send("GET", "/v1/jobs", [bad], client: "192.0.2.1").status)
      }
      #expect(statuses == Array(repeating: 401, count: 20) + [429, 429])
      let bare = try await service.send("GET", "/v1/jobs", client: "192.0.2.1")
      #expect(bare.status == 429 && bare.json["violated_policies"] == ["failures"])
      #expect(bare.field("Retry-After") == "60")
      #expect(try await service.send("GET", "/v1/jobs", [good], client: "192.0.2.1").status == 200)
      #expect(try await service.send("GET", "/v1/jobs", [bad], client: "192.0.2.2").status == 401)
      #expect(log.lines.count { $0.contains("reason=malformed") } == 2)
      time.pass(60)
      #expect(try await service.send("GET", "/v1/jobs", client: "192.0.2.1").status == 401)
      // A request without a key is no guess.
      for _ in 0..<30 {
        #expect(try await service.send("GET", "/v1/jobs", client: "192.0.2.3").status == 401)
      }
    }
  }

  @Test func `memory for addresses has a bound, and those beyond it share a count`() async throws {
    let keys = Service.keys(["good": [.read]])
    let bad = ("Authorization", "Bearer nonsense")
    try await Service.run(.init(keys: keys.list, seconds: { 0 })) { service in
      for address in 0..<4096 {
        _ = try await service.send("GET", "/v1/jobs", [bad], client: "a\(address)")
      }
      var statuses: [Int] = []
      for address in 0..<21 {
        statuses.append(try await service.send("GET", "/v1/jobs", [bad], client: "b\(address)").status)
      }
      #expect(statuses == Array(repeating: 401, count: 20) + [429])
      #expect(try await service.send("GET", "/v1/jobs", [bad], client: "a7").status == 401)
    }
  }

  @Test func `a key has as many jobs wait as it may`() async throws {
    let keys = Service.keys(["one": [.read, .submit], "two": [.submit]], limits: KeyLimits(queuedJobs: 1))
    let (one, two) = (try #require(keys.fields["one"]), try #require(keys.fields["two"]))
    try await Service.run(.init(keys: keys.list)) { service in
      let running = try await service.post("/v1/jobs", Specifications.endless, [one])
      try await service.waitUntilRunning(running, [one])
      #expect(try await service.post("/v1/jobs", Specifications.endless, [one]).status == 202)
      let refused = try await service.post("/v1/jobs", Specifications.endless, [one])
      #expect(refused.status == 429 && refused.json["violated_policies"] == ["queued_jobs"])
      #expect(refused.field("RateLimit-Policy") == "\"queued_jobs\";q=1")
      #expect(refused.field("RateLimit") == "\"queued_jobs\";r=0" && refused.field("Retry-After") == "5")
      #expect(try await service.post("/v1/jobs", Specifications.endless, [two]).status == 202)
    }
  }

  @Test func `a key has as many streams open as it may, and they end with it`() async throws {
    let all: Set<Scope> = [.read, .submit]
    let keys = Service.keys(["one": all, "two": all], limits: KeyLimits(eventStreams: 1))
    let (one, two) = (try #require(keys.fields["one"]), try #require(keys.fields["two"]))
    try await Service.run(.init(keys: keys.list)) { service in
      let job = try await service.post("/v1/jobs", Specifications.endless, [one])
      let events = "\(try #require(job.field("Location")))/events"
      let format = ("Accept", "application/x-ndjson")
      let stream = try await service.stream(events, [one, format])
      #expect(try await stream.next() != nil)
      let refused = try await service.send("GET", events, [one, format])
      #expect(refused.status == 429 && refused.json["violated_policies"] == ["event_streams"])
      #expect(refused.field("RateLimit-Policy") == "\"event_streams\";q=1")
      let other = try await service.stream(events, [two, format])
      #expect(try await other.next() != nil)
      // Without the first key: its stream ends at the next thing that there is to tell, the other goes on.
      service.access.replace(
        try KeyList(parsing: keys.list.serialized, without: try #require(keys.ids["one"])))
      while try await stream.next() != nil {}
      #expect(try await other.next() != nil)
    }
  }

  @Test func `a key has as many jobs train as it may`() async throws {
    let keys = Service.keys(["one": [.read, .submit, .cancel], "two": [.read, .submit]])
    let (one, two) = (try #require(keys.fields["one"]), try #require(keys.fields["two"]))
    let id = try #require(keys.ids["one"])
    try await Service.run(.init(keys: keys.list, workers: 2, runningJobs: [id: 1])) { service in
      let first = try await service.post("/v1/jobs", Specifications.endless, [one])
      try await service.waitUntilRunning(first, [one])
      let second = try await service.post("/v1/jobs", Specifications.endless, [one])
      let other = try await service.post("/v1/jobs", Specifications.endless, [two])
      // It came later, and does not wait for the one before it.
      try await service.waitUntilRunning(other, [two])
      let location = try #require(second.field("Location"))
      #expect(try await service.send("GET", location, [one]).json["status"] == "queued")
      _ = try await service.send("POST", "\(try #require(first.field("Location")))/cancel", [one])
      try await service.waitUntilRunning(second, [one])
    }
  }
}
