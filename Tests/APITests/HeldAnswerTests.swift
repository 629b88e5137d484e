// What is answered again without asking: as long as it is true, and to nobody who would not be let in again.

import API
import Digest
import HTTP
import HTTPTypes
import Jobs
import Synchronization
import Telemetry
import Testing

@Suite struct HeldAnswerTests {
  private static let paths = ["/livez", "/v1/activations", "/v1/strategies", "/openapi.json"]

  private func expect(
    _ service: Service, _ method: String, _ path: String, _ fields: [(String, String)] = [], status: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let reply = try await service.send(method, path, fields)
    #expect(reply.status == status, sourceLocation: sourceLocation)
  }

  /// How often an answer that held was compared with a new one while `body` ran.
  private func held(_ service: Service, _ body: () async throws -> Void) async throws -> Int {
    let before = service.answers.count.load(ordering: .relaxed)
    try await body()
    return service.answers.count.load(ordering: .relaxed) - before
  }

  @Test(arguments: paths, [[], [("Accept-Encoding", "gzip")]])
  func `what is the same for everybody holds`(_ path: String, _ fields: [(String, String)]) async throws {
    try await Service.run { service in
      let first = try await service.send("GET", path, fields)
      let count = try await held(service) {
        for _ in 0..<3 { try await service.send("GET", path, fields) }
        guard let tag = first.field("ETag") else { return }
        for _ in 0..<3 { try await service.send("GET", path, fields + [("If-None-Match", tag)]) }
      }
      #expect(count >= 3)
    }
  }

  @Test func `a job that has ended holds until it is deleted, and no other does`() async throws {
    try await Service.run { service in
      let running = try await service.post("/v1/jobs", Specifications.endless)
      let place = try #require(running.field("Location"))
      let ofRunning = try await held(service) {
        for _ in 0..<4 { try await service.send("GET", place) }
      }
      #expect(ofRunning == 0)
      try await service.post("\(place)/cancel", "{}")
      try await service.send("GET", place, [("Prefer", "wait=60")])
      let ofEnded = try await held(service) {
        for _ in 0..<4 { try await service.send("GET", place) }
      }
      #expect(ofEnded >= 2)
      try await expect(service, "DELETE", place, status: 204)
      let ofDeleted = try await held(service) {
        try await expect(service, "GET", place, status: 404)
      }
      #expect(ofDeleted == 0)
    }
  }

  @Test(arguments: ["replaced", "revoked", "expired"])
  func `with a key it holds as long as the keys do`(_ end: String) async throws {
    let key = APIKey()
    let field = ("Authorization", "Bearer \(key.secret.exposed)")
    let now = SystemClock().now()
    let clock = SettableClock(now)
    var entry = KeyEntry(key, name: "ann", scopes: [.read], createdAt: now)
    entry.expiresAt = Timestamp(milliseconds: now.milliseconds + 60_000)
    var keys = KeyList()
    keys.add(entry)
    try await Service.run(.init(keys: keys, clock: clock)) { service in
      let path = "/v1/activations"
      for _ in 0..<2 { try await service.send("GET", path, [field]) }
      let count = try await held(service) { try await service.send("GET", path, [field]) }
      #expect(count == 1)
      #expect(service.access.takeUses()[key.id] != nil)
      switch end {
      case "replaced": service.access.replace(KeyList())
      case "revoked":
        entry.revokedAt = now
        var list = KeyList()
        list.add(entry)
        service.access.replace(list)
      default: clock.moment.store(now.milliseconds + 60_001, ordering: .relaxed)
      }
      let after = try await held(service) {
        try await expect(service, "GET", path, [field], status: 401)
      }
      #expect(after == 0)
    }
  }

  @Test func `where a key's requests are counted, each is asked`() async throws {
    let keys = Service.keys(["ann": [.read]], limits: KeyLimits(requestsPerMinute: 3))
    let field = try #require(keys.fields["ann"])
    try await Service.run(.init(keys: keys.list, seconds: { 0 })) { service in
      for _ in 0..<3 { try await expect(service, "GET", "/v1/activations", [field], status: 200) }
      try await expect(service, "GET", "/v1/activations", [field], status: 429)
      #expect(service.answers.count.load(ordering: .relaxed) == 0)
    }
  }

  @Test func `what was let in without keys is asked anew once there are some`() async throws {
    try await Service.run { service in
      for _ in 0..<3 { try await expect(service, "GET", "/v1/activations", status: 200) }
      service.access.replace(KeyList())
      try await expect(service, "GET", "/v1/activations", status: 401)
      try await expect(service, "GET", "/livez", status: 200)
    }
  }
}

/// A clock that stands where it was set.
final class SettableClock: WallClock {
  let moment: Atomic<Int64>

  init(_ now: Timestamp) { moment = Atomic(now.milliseconds) }

  func now() -> Timestamp { Timestamp(milliseconds: moment.load(ordering: .relaxed)) }
}
