// Who may do what: keys and scopes against every operation, and what those learn who have none.

import API
import Digest
import Foundation
import HTTPTypes
import JSON
import Telemetry
import Testing

@Suite struct AccessTests {
  private static let all = Service.keys(["all": Set(Scope.allCases)])

  @Test func `without keys everybody may do everything`() async throws {
    try await Service.run { service in
      let plain = try await service.send("GET", "/v1/jobs")
      let keyed = try await service.send("GET", "/v1/jobs", [("Authorization", "Bearer x")])
      #expect(plain.status == 200 && keyed.status == 200)
    }
  }

  @Test(arguments: Operation.all.map(\.id))
  func `an operation is open to nobody but keys with its scope, or to everybody`(_ id: String) async throws {
    let operation = try #require(Operation.all.first { $0.id == id })
    let keys = Service.keys(
      Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0.rawValue, [$0]) }))
    try await Service.run(.init(keys: keys.list)) { service in
      let path = operation.path
      let type = operation.accepts.first.map { [("Content-Type", $0)] } ?? []
      let body: [UInt8]? = operation.accepts.isEmpty ? nil : Array("{}".utf8)
      let without = try await service.send(operation.method.rawValue, path, type, body: body)
      #expect((without.status == 401) == (operation.scope != nil))
      for scope in Scope.allCases {
        let field = try #require(keys.fields[scope.rawValue])
        let reply = try await service.send(operation.method.rawValue, path, type + [field], body: body)
        #expect((reply.json["code"] == "insufficient_scope") == ![nil, scope].contains(operation.scope))
        #expect(reply.status != 401)
      }
    }
  }

  @Test func `what is refused says how to do better`() async throws {
    let keys = Service.keys(["reader": [.read]])
    let reader = try #require(keys.fields["reader"])
    try await Service.run(.init(keys: keys.list)) { service in
      let without = try await service.post("/v1/jobs", Specifications.quick)
      #expect(without.status == 401 && without.json["code"] == "unauthenticated")
      #expect(without.field("WWW-Authenticate") == "Bearer realm=\"curvesmith\"")
      let bad = try await service.send("GET", "/v1/jobs", [("Authorization", "Bearer csk_x")])
      #expect(bad.field("WWW-Authenticate") == "Bearer realm=\"curvesmith\", error=\"invalid_token\"")
      let narrow = try await service.post("/v1/jobs", Specifications.quick, [reader])
      #expect(narrow.status == 403 && narrow.json["code"] == "insufficient_scope")
      #expect(
        narrow.field("WWW-Authenticate")
          == "Bearer realm=\"curvesmith\", error=\"insufficient_scope\", scope=\"submit\"")
    }
  }

  @Test func `unknown, wrong, expired and revoked keys get the same bytes, and the log tells them apart`()
    async throws
  {
    let now = Timestamp(milliseconds: 1_767_225_600_000)
    var list = KeyList()
    func add(_ key: APIKey, revoked: Bool = false, expiresAt: Timestamp? = nil) {
      var entry = KeyEntry(key, name: "", scopes: [.read], createdAt: now, expiresAt: expiresAt)
      if revoked { entry.revokedAt = now }
      list.add(entry)
    }
    let (good, other, expired, revoked) = (APIKey(), APIKey(), APIKey(), APIKey())
    add(good)
    add(expired, expiresAt: now)
    add(revoked, revoked: true)
    // The identifier of one key before the secret of another, with a check that fits, is not made by chance: another key of
    // the same identifier is.
    let wrong = APIKey()
    add(wrong)
    let text = String(decoding: list.serialized, as: UTF8.self)
      .replacing(try #require(list.entries.last).hexadecimalDigest, with: String(repeating: "0", count: 64))
    list = try KeyList(parsing: Array(text.utf8))

    let log = LogLines()
    try await Service.run(.init(keys: list, log: log.logger)) { service in
      var replies: [Reply] = []
      for key in [other, wrong, expired, revoked] {
        replies.append(
          try await service.send("GET", "/v1/jobs", [("Authorization", "Bearer \(key.secret.exposed)")]))
      }
      replies.append(try await service.send("GET", "/v1/jobs", [("Authorization", "Bearer nonsense")]))
      #expect(replies.map(\.status) == [401, 401, 401, 401, 401])
      #expect(Set(replies.map(\.bytes)).count == 1)
      #expect(Set(replies.map(\.fields)).count == 1)
      let field = ("Authorization", "bEaReR   \(good.secret.exposed)")
      #expect(try await service.send("GET", "/v1/jobs", [field]).status == 200)
    }
    for reason in ["unknown", "wrong", "expired", "revoked", "malformed"] {
      #expect(log.lines.count { $0.contains("reason=\(reason)") } == 1, "\(reason)")
    }
    for key in [good, other, wrong, expired, revoked] {
      #expect(!log.lines.contains { $0.contains(key.secret.exposed.suffix(38)) })
    }
  }

  @Test func `a key comes in Authorization: Bearer and nowhere else`() async throws {
    let key = try #require(Self.all.fields["all"]).1.dropFirst("Bearer ".count)
    try await Service.run(.init(keys: Self.all.list)) { service in
      for fields in [
        [("Authorization", "Basic \(key)")], [("Authorization", String(key))], [("Cookie", "key=\(key)")],
        [("X-Api-Key", String(key))], [("Authorization", "Bearer")],
      ] {
        let reply = try await service.send("GET", "/v1/jobs", fields)
        #expect(reply.status == 401)
      }
      #expect(try await service.send("GET", "/v1/jobs?access_token=\(key)").status == 401)
      let twice = [("Authorization", "Bearer \(key)"), ("Authorization", "Bearer \(key)")]
      #expect(try await service.send("GET", "/v1/jobs", twice).status == 400)
    }
  }

  @Test func `checks come in their order`() async throws {
    try await Service.run(.init(keys: Self.all.list, maximumBody: 10)) { service in
      let evil = ("Origin", "http://evil.example")
      let png = ("Content-Type", "image/png")
      let long = [UInt8](repeating: 32, count: 11)
      #expect(try await service.send("POST", "/v1/jobs", [evil], host: "evil.example").status == 421)
      #expect(try await service.send("POST", "/v1/nothing", [evil]).status == 404)
      #expect(try await service.send("PUT", "/v1/jobs", [evil]).status == 405)
      #expect(try await service.send("OPTIONS", "/v1/jobs").status == 204)
      #expect(try await service.send("POST", "/v1/jobs", [evil]).status == 403)
      #expect(try await service.send("POST", "/v1/jobs", [png], body: long).status == 401)
      #expect(try await service.send("GET", "/v1/jobs?nothing=1").status == 401)
      let key = try #require(Self.all.fields["all"])
      #expect(try await service.send("POST", "/v1/jobs", [key, png], body: long).status == 415)
      let json = ("Content-Type", "application/json")
      #expect(try await service.send("POST", "/v1/jobs", [key, json], body: long).status == 413)
    }
  }

  @Test func `keys that are replaced open nothing from the next request on`() async throws {
    let (old, new) = (Service.keys(["key": [.read]]), Service.keys(["key": [.read]]))
    let (before, after) = (try #require(old.fields["key"]), try #require(new.fields["key"]))
    try await Service.run(.init(keys: old.list)) { service in
      let first = try await service.send("GET", "/v1/jobs", [before])
      #expect(first.status == 200)
      service.access.replace(new.list)
      #expect(try await service.send("GET", "/v1/jobs", [before]).status == 401)
      #expect(try await service.send("GET", "/v1/jobs", [after]).status == 200)
      service.access.replace(KeyList())
      #expect(try await service.send("GET", "/v1/jobs", [after]).status == 401)
      #expect(try await service.send("GET", "/readyz").status == 200)
    }
  }
}

extension KeyEntry {
  fileprivate var hexadecimalDigest: String { digest.map { String(format: "%02x", $0) }.joined() }
}
