// Whose jobs are whose: who has made a job, and that nobody else finds it where keys are kept apart.

import API
import Foundation
import HTTP
import HTTPTypes
import JSON
import Testing

@Suite struct OwnershipTests {
  private static let keys = Service.keys([
    "ann": Set(Scope.allCases).subtracting([.admin]), "ben": Set(Scope.allCases).subtracting([.admin]),
    "chief": Set(Scope.allCases),
  ])

  private static func field(_ name: String) throws -> (String, String) { try #require(keys.fields[name]) }

  @Test func `a job says which key has made it`() async throws {
    let ann = try Self.field("ann")
    try await Service.run(.init(keys: Self.keys.list)) { service in
      let job = try await service.post("/v1/jobs", Specifications.quick, [ann])
      #expect(job.json["created_by"] == Self.keys.ids["ann"].map(JSONValue.string))
      let location = try #require(job.field("Location"))
      // Without --own-only everybody may look.
      let seen = try await service.send("GET", location, [try Self.field("ben")])
      #expect(seen.json["created_by"] == job.json["created_by"])
    }
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.quick)
      #expect(job.json["created_by"] == .null)
    }
  }

  @Test func `others' jobs are not there, for any operation, asked for before or not`() async throws {
    let (ann, ben, chief) = (try Self.field("ann"), try Self.field("ben"), try Self.field("chief"))
    try await Service.run(.init(keys: Self.keys.list, ownOnly: true)) { service in
      let job = try await service.post("/v1/jobs", Specifications.quick, [ann, ("Prefer", "wait=60")])
      #expect(job.status == 200)
      let id = try #require(job.json["id"]?.stringValue)
      let operations = Operation.all.filter { $0.template.hasPrefix("/v1/jobs/{id}") }
      #expect(operations.count >= 7)
      // Twice: the second time what the owner has asked for lies ready in memory.
      for _ in 0..<2 {
        for operation in operations {
          let path = operation.template.replacing("{id}", with: id)
          let type = operation.accepts.isEmpty ? [] : [("Content-Type", "application/json")]
          let content = operation.id == "predict" ? #"{"inputs": [[0, 1]]}"# : "{}"
          let body: [UInt8]? = operation.accepts.isEmpty ? nil : Array(content.utf8)
          let reply = try await service.send(operation.method.rawValue, path, [ben] + type, body: body)
          #expect(reply.status == 404 && reply.json["code"] == "job_not_found", "\(operation.id)")
          guard operation.method == .get || operation.id == "predict" else { continue }
          for own in [ann, chief] {
            let reply = try await service.send(operation.method.rawValue, path, [own] + type, body: body)
            #expect(reply.status == 200, "\(operation.id)")
          }
        }
      }
      for (key, status) in [(ann, 200), (ben, 404), (chief, 200)] {
        let events = try await service.send("GET", "/v1/events?jobs=\(id)", [key])
        #expect(events.status == status)
      }
      // The same bytes as for a job that never was.
      let unknown = "job_" + String(repeating: "0", count: 26)
      let never = try await service.send("GET", "/v1/jobs/\(unknown)", [ben])
      let hidden = try await service.send("GET", "/v1/jobs/\(id)", [ben])
      #expect(never.text.replacing(unknown, with: id) == hidden.text)
      #expect(try await service.send("DELETE", "/v1/jobs/\(id)", [ann]).status == 204)
    }
  }

  @Test func `the stream of all jobs is of one's own`() async throws {
    let (ann, ben, chief) = (try Self.field("ann"), try Self.field("ben"), try Self.field("chief"))
    try await Service.run(.init(keys: Self.keys.list, ownOnly: true)) { service in
      var ids: [String] = []
      for key in [ann, ben] {
        let job = try await service.post("/v1/jobs", Specifications.endless, [key])
        ids.append(try #require(job.json["id"]?.stringValue))
      }
      for (key, seen) in [(ann, [true, false]), (ben, [false, true]), (chief, [true, true])] {
        let stream = try await service.stream("/v1/events", [key, ("Accept", "application/x-ndjson")])
        let first = String(decoding: try #require(try await stream.next()), as: UTF8.self)
        #expect(ids.map(first.contains) == seen)
      }
      // What happens later, too.
      let stream = try await service.stream("/v1/events", [ben, ("Accept", "application/x-ndjson")])
      var told = ""
      for (key, id) in zip([ann, ben], ids) {
        _ = try await service.send("POST", "/v1/jobs/\(id)/cancel", [key])
      }
      while !told.contains("\"end\""), let bytes = try await stream.next() {
        told += String(decoding: bytes, as: UTF8.self)
      }
      #expect(told.contains(ids[1]) && !told.contains(ids[0]))
    }
  }

  @Test func `lists and counts have one's own jobs`() async throws {
    let (ann, ben, chief) = (try Self.field("ann"), try Self.field("ben"), try Self.field("chief"))
    try await Service.run(.init(keys: Self.keys.list, ownOnly: true)) { service in
      for key in [ann, ann, ben] {
        try await service.post("/v1/jobs", Specifications.quick, [key, ("Prefer", "wait=60")])
      }
      for (key, count) in [(ann, 2), (ben, 1), (chief, 3)] {
        for view in ["full", "summary"] {
          let list = try await service.send("GET", "/v1/jobs?counts&view=\(view)", [key])
          #expect(list.json["data"]?.arrayValue?.count == count)
          #expect(list.json["counts"]?["succeeded"] == .integer(count))
        }
      }
    }
  }

  @Test func `each key has idempotency keys of its own`() async throws {
    let (ann, ben) = (try Self.field("ann"), try Self.field("ben"))
    try await Service.run(.init(keys: Self.keys.list)) { service in
      let once = ("Idempotency-Key", "same")
      let first = try await service.post("/v1/jobs", Specifications.quick, [ann, once])
      let again = try await service.post("/v1/jobs", Specifications.quick, [ann, once])
      let other = try await service.post("/v1/jobs", Specifications.other, [ben, once])
      #expect(again.json["id"] == first.json["id"] && again.field("Idempotency-Replayed") == "true")
      #expect(other.status == 202 && other.json["id"] != first.json["id"])
    }
  }
}
