// Every change and every refused key leaves a line with who, what, whence and the outcome; nothing else does.

import API
import Digest
import JSON
import Telemetry
import Testing

@Suite struct AuditTests {
  private func events(_ log: LogLines) throws -> [JSONValue] {
    try log.lines.map { try JSONParser.parse(Array($0.utf8)) }
  }

  @Test func `who submits, cancels and deletes is noted, and who reads, checks or asks is not`() async throws
  {
    let log = LogLines(.json)
    let keys = Service.keys(["owner": Set(Scope.allCases)])
    let (owner, id) = (try #require(keys.fields["owner"]), try #require(keys.ids["owner"]))
    try await Service.run(.init(keys: keys.list, audit: AuditLog(log.logger))) { service in
      let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
      for fields in [[owner, ("Origin", "https://evil.example")], [owner]] {
        _ = try await service.post("/v1/jobs/validate", Specifications.quick, fields)
      }
      _ = try await service.send("GET", "/v1/jobs", [owner])
      _ = try await service.send("OPTIONS", "/v1/jobs")
      _ = try await service.send("PUT", "/v1/jobs", [owner])
      #expect(log.lines.isEmpty)

      let job = try await service.post(
        "/v1/jobs", Specifications.endless, [owner, ("traceparent", "00-\(trace)-00f067aa0ba902b7-01")])
      let path = try #require(job.field("Location"))
      let name = try #require(job.json["id"]?.stringValue)
      _ = try await service.send("DELETE", path, [owner])
      _ = try await service.send("POST", "\(path)/cancel", [owner], client: "192.0.2.7")
      _ = try await service.send("GET", path, [owner, ("Prefer", "wait=60")])
      while try await service.send("DELETE", path, [owner]).status != 204 {}
      _ = try await service.post("/v1/jobs", "{", [owner])
      _ = try await service.post("/v1/jobs", Specifications.quick, [("Origin", "https://evil.example")])

      let all = try events(log)
      var first = try #require(all.first?.objectValue)
      first["ts"] = nil
      #expect(
        JSONValue.object(first) == [
          "level": "notice", "logger": "test", "message": "createJob", "action": "createJob",
          "event": "audit", "name": "owner", "outcome": "202", "principal": .string(id),
          "request_id": "req_test", "target": .string(name), "trace_id": .string(trace),
        ])
      let short = all.map { event in
        ["action", "outcome", "reason"].compactMap { event[$0]?.stringValue }.joined(separator: " ")
      }
      #expect(short.prefix(3) == ["createJob 202", "deleteJob 409 job_not_ended", "cancelJob 202"])
      #expect(
        short.drop { $0 != "deleteJob 204" } == [
          "deleteJob 204", "createJob 400 invalid_json", "createJob 403 cross_site",
        ])
      #expect(all[2]["peer"] == "192.0.2.7" && all[2]["target"] == .string(name))
      #expect(all.last?["principal"] == nil && all.last?["target"] == nil)
    }
  }

  @Test func `a key that is refused is noted with the reason, for reading too, and never itself`()
    async throws
  {
    let log = LogLines(.json)
    let keys = Service.keys(["reader": [.read]])
    let other = APIKey().secret.exposed
    let reader = try #require(keys.fields["reader"])
    try await Service.run(.init(keys: keys.list, audit: AuditLog(log.logger))) { service in
      _ = try await service.send("GET", "/v1/jobs")
      _ = try await service.send("GET", "/v1/jobs/x", [("Authorization", "Bearer \(other)")])
      _ = try await service.send("POST", "/v1/jobs/x/cancel", [("Authorization", "Bearer \(other)0")])
      _ = try await service.post("/v1/jobs", Specifications.quick, [reader])
      _ = try await service.send("GET", "/livez")
      let short = try events(log).map { event in
        ["action", "target", "outcome", "reason", "name"].compactMap { event[$0]?.stringValue }
          .joined(separator: " ")
      }
      #expect(
        short == [
          "listJobs 401 missing", "getJob x 401 unknown", "cancelJob x 401 malformed",
          "createJob 403 insufficient_scope reader",
        ])
      #expect(!log.lines.joined().contains(other.suffix(38).prefix(32)))
    }
  }

  @Test func `an address without a key has twenty lines in a minute`() async throws {
    let log = LogLines(.json)
    let keys = Service.keys(["owner": [.read, .cancel]])
    let owner = try #require(keys.fields["owner"])
    try await Service.run(.init(keys: keys.list, audit: AuditLog(log.logger), seconds: { 0 })) { service in
      for _ in 0..<30 { _ = try await service.send("GET", "/v1/jobs", client: "192.0.2.1") }
      #expect(log.lines.count == 20)
      _ = try await service.send("GET", "/v1/jobs", client: "192.0.2.2")
      _ = try await service.send("POST", "/v1/jobs/x/cancel", [owner], client: "192.0.2.1")
      #expect(log.lines.count == 22)
    }
  }

  @Test func `keys that come, go, end or change are told apart, and their use is no change`() {
    func entry(_ name: String) -> KeyEntry {
      KeyEntry(APIKey(), name: name, scopes: [.read], createdAt: Timestamp(milliseconds: 0))
    }
    var (old, new) = (KeyList(), KeyList())
    let (gone, came) = (entry("gone"), entry("came"))
    old.add(gone)
    new.add(came)
    var expected = ["removeKey \(gone.id) gone", "addKey \(came.id) came"]
    for (name, kind) in [("same", nil), ("used", nil), ("revoked", "revokeKey"), ("wider", "changeKey")]
      as [(String, String?)]
    {
      var entry = entry(name)
      old.add(entry)
      switch name {
      case "used": entry.lastUsedAt = Timestamp(milliseconds: 1)
      case "revoked": entry.revokedAt = Timestamp(milliseconds: 1)
      case "wider": entry.scopes.insert(.submit)
      default: break
      }
      new.add(entry)
      if let kind { expected.append("\(kind) \(entry.id) \(name)") }
    }
    #expect(new.changes(since: old).map { "\($0.kind.rawValue) \($0.id) \($0.name)" } == expected)
    #expect(new.changes(since: new) == [])
  }
}
