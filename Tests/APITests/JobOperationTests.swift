// Submitting, following, listing, cancelling and deleting jobs.

import Foundation
import JSON
import Jobs
import Telemetry
import Testing

@Suite struct JobOperationTests {
  @Test func `a job is accepted with its location and found there`() async throws {
    try await Service.run { service in
      let created = try await service.post("/v1/jobs", Specifications.quick)
      #expect(created.status == 202)
      #expect(created.field("Retry-After") == "1")
      let location = try #require(created.field("Location"))
      #expect(created.json["links"]?["self"] == .string(location))
      #expect(created.json["name"] == "xor")
      #expect(created.json["metadata"] == ["team": "tests"])
      #expect(created.json["spec"]?["data"]?["inputs"] == nil, "inline rows are not repeated")
      #expect(created.json["resolved_spec"]?["training"]?["batch_size"] == 32)

      let found = try await service.send("GET", location, [("Prefer", "wait=60")])
      #expect(found.json["status"] == "succeeded")
      #expect(found.json["progress"]?["ratio"] == 1)
      #expect(found.json["result"]?["activation_parameters"] == 2)
      #expect(found.field("Retry-After") == nil)
      #expect(found.field("Preference-Applied") == "wait=60")
    }
  }

  @Test func `a preferred wait is answered with the finished job`() async throws {
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=600")])
      #expect(reply.status == 200)
      #expect(reply.field("Preference-Applied") == "wait=60", "longer waits are shortened")
      #expect(reply.json["status"] == "succeeded")
      #expect(reply.json["finished_at"] != .null)
    }
  }

  @Test func `a wait that is too short is answered with the job as it is`() async throws {
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", Specifications.endless, [("Prefer", "wait=0")])
      #expect(reply.status == 202)
      #expect(reply.json["result"] == .null)
    }
  }

  @Test func `a form with a CSV file is a job`() async throws {
    try await Service.run { service in
      let reply = try await service.send(
        "POST", "/v1/jobs", [Specifications.formType, ("Prefer", "wait=60")],
        body: Specifications.form(spec: Specifications.formSpec))
      #expect(reply.status == 200)
      #expect(reply.json["status"] == "succeeded")
      #expect(reply.json["resolved_spec"]?["task"] == "binary")
      #expect(reply.json["resolved_spec"]?["data"]?["features"] == ["width", "height"])
    }
  }

  @Test func `a diverging job fails with the step`() async throws {
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", Specifications.diverging, [("Prefer", "wait=60")])
      #expect(reply.json["status"] == "failed")
      #expect(reply.json["error"]?["code"] == "diverged")
      #expect(reply.json["error"]?["epoch"]?.intValue != nil)
      #expect(reply.json["error"]?["iteration"]?.intValue != nil)
    }
  }

  @Test func `validation answers as creation would and stores nothing`() async throws {
    try await Service.run { service in
      let checked = try await service.post("/v1/jobs/validate", Specifications.quick)
      let created = try await service.post("/v1/jobs", Specifications.quick)
      #expect(checked.json["resolved_spec"] == created.json["resolved_spec"])
      #expect(checked.json["spec_sha256"] == created.json["provenance"]?["spec_sha256"])
      #expect(checked.json["data_sha256"] == created.json["provenance"]?["data_sha256"])
      let list = try await service.send("GET", "/v1/jobs")
      #expect(list.json["data"]?.arrayValue?.count == 1)
    }
  }

  // MARK: - Idempotency

  @Test(arguments: ["\"key-1\"", "key-1"]) func `the same key and content give the same job`(
    _ key: String
  ) async throws {
    try await Service.run { service in
      let first = try await service.post("/v1/jobs", Specifications.quick, [("Idempotency-Key", "\"key-1\"")])
      let second = try await service.post("/v1/jobs", Specifications.quick, [("Idempotency-Key", key)])
      #expect(first.field("Idempotency-Replayed") == nil)
      #expect(second.field("Idempotency-Replayed") == "true")
      #expect(first.json["id"] == second.json["id"])
      #expect(second.status == 202)
    }
  }

  @Test func `the same key with other content is refused`() async throws {
    try await Service.run { service in
      try await service.post("/v1/jobs", Specifications.quick, [("Idempotency-Key", "k")])
      let reply = try await service.post("/v1/jobs", Specifications.other, [("Idempotency-Key", "k")])
      #expect(reply.status == 422)
      #expect(reply.json["code"] == "idempotency_key_reused")
    }
  }

  @Test func `a refused submission leaves its key free`() async throws {
    try await Service.run { service in
      let refused = try await service.post("/v1/jobs", "{}", [("Idempotency-Key", "k")])
      #expect(refused.status == 422)
      let accepted = try await service.post("/v1/jobs", Specifications.quick, [("Idempotency-Key", "k")])
      #expect(accepted.status == 202)
      #expect(accepted.field("Idempotency-Replayed") == nil)
    }
  }

  @Test func `many submissions with one key create one job`() async throws {
    try await Service.run { service in
      let ids = try await withThrowingTaskGroup(of: Reply.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await service.post("/v1/jobs", Specifications.quick, [("Idempotency-Key", "k")])
          }
        }
        return try await group.reduce(into: Set<String>()) { ids, reply in
          #expect([202, 409].contains(reply.status))
          if let id = reply.json["id"]?.stringValue { ids.insert(id) }
        }
      }
      #expect(ids.count == 1)
      let list = try await service.send("GET", "/v1/jobs")
      #expect(list.json["data"]?.arrayValue?.count == 1)
    }
  }

  @Test(arguments: ["", "\"\"", "two words", "\"a\"b\"", String(repeating: "k", count: 256)])
  func `a key that is none is refused`(_ key: String) async throws {
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", Specifications.quick, [("Idempotency-Key", key)])
      #expect(reply.status == 400)
      #expect(reply.json["code"] == "invalid_field")
      #expect(reply.json["parameter"] == "Idempotency-Key")
    }
  }

  // MARK: - Entity tags and waiting

  @Test func `an unchanged job is answered with 304`() async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let location = try #require(job.field("Location"))
      let tag = try #require(job.field("ETag"))
      for condition in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
        let reply = try await service.send("GET", location, [("If-None-Match", condition)])
        #expect(reply.status == 304, "\(condition)")
        #expect(reply.bytes.isEmpty)
        #expect(reply.field("ETag") == tag)
        #expect(reply.field("Cache-Control") == "no-cache")
        #expect(reply.field("Vary") == "Prefer, Accept-Encoding")
      }
      for condition in ["\"x\"", "r1"] {
        let reply = try await service.send("GET", location, [("If-None-Match", condition)])
        #expect(reply.status == 200, "\(condition)")
      }
    }
  }

  @Test func `a long poll returns as soon as the job changes`() async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.endless)
      let location = try #require(job.field("Location"))
      let seen = try await service.send("GET", location)
      let tag = try #require(seen.field("ETag"))
      // An endless job reports its epochs, so that a held request must come back with another state.
      let start = monotonicSeconds()
      let changed = try await service.send("GET", location, [("If-None-Match", tag), ("Prefer", "wait=60")])
      #expect(changed.status == 200)
      #expect(changed.field("ETag") != tag)
      #expect(monotonicSeconds() - start < 50)
    }
  }

  @Test func `a long poll without change ends with 304`() async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let location = try #require(job.field("Location"))
      let tag = try #require(job.field("ETag"))
      let reply = try await service.send("GET", location, [("If-None-Match", tag), ("Prefer", "wait=1")])
      #expect(reply.status == 304)
      #expect(reply.field("Preference-Applied") == "wait=1")
    }
  }

  @Test func `no more requests wait than may`() async throws {
    try await Service.run(.init(maximumWaiters: 0)) { service in
      let job = try await service.post("/v1/jobs", Specifications.endless)
      let location = try #require(job.field("Location"))
      let reply = try await service.send("GET", location, [("Prefer", "wait=5")])
      #expect(reply.status == 503)
      #expect(reply.json["code"] == "too_many_waiters")
      #expect(reply.field("Retry-After") == "5")
    }
  }

  // MARK: - Lists

  @Test func `pages follow one another, newest first, each job once`() async throws {
    try await Service.run { service in
      var created: [String] = []
      for _ in 0..<5 {
        let job = try await service.post("/v1/jobs", Specifications.quick)
        created.append(try #require(job.json["id"]?.stringValue))
      }
      var target: String? = "/v1/jobs?limit=2"
      var seen: [String] = []
      var pages = 0
      while let next = target {
        let page = try await service.send("GET", next)
        let ids = (page.json["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
        #expect(page.json["first_id"]?.stringValue == ids.first)
        #expect(page.json["last_id"]?.stringValue == ids.last)
        seen += ids
        pages += 1
        let link = try #require(page.field("Link"))
        #expect(link.contains("rel=\"next\"") == (page.json["has_more"] == true))
        target = link.contains("rel=\"next\"") ? String(link.dropFirst().prefix { $0 != ">" }) : nil
      }
      #expect(seen == created.reversed())
      #expect(pages == 3)
    }
  }

  @Test func `lists are filtered by status and strategy`() async throws {
    try await Service.run { service in
      try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      try await service.post("/v1/jobs", Specifications.diverging, [("Prefer", "wait=60")])
      for (filter, count) in [
        ("status=succeeded", 1), ("status=failed", 1), ("status=queued", 0), ("strategy=parametric", 1),
        ("strategy=fixed", 1), ("strategy=network", 0), ("strategy=fixed&status=failed", 1),
      ] {
        let page = try await service.send("GET", "/v1/jobs?\(filter)")
        #expect(page.json["data"]?.arrayValue?.count == count, "\(filter)")
      }
    }
  }

  @Test(arguments: [
    ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=", "limit"),
    ("status=done", "status"), ("strategy=psychic", "strategy"), ("after=job_1", "after"),
    ("sort=name", "sort"),
  ]) func `a query that is not valid is refused with the parameter's name`(
    _ query: String, _ parameter: String
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/jobs?\(query)")
      #expect(reply.status == 400)
      #expect(reply.json["parameter"] == .string(parameter))
    }
  }

  @Test func `a misspelt query parameter gets a suggestion`() async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/jobs?limt=3")
      #expect(reply.json["detail"]?.stringValue?.contains("did you mean `limit`?") == true)
    }
  }

  // MARK: - Cancelling and deleting

  @Test func `a running job is cancelled, then deleted`() async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.endless)
      let location = try #require(job.field("Location"))
      #expect(try await service.send("DELETE", location).status == 409)

      let cancelled = try await service.send("POST", "\(location)/cancel")
      #expect(cancelled.status == 202)
      let ended = try await service.send("GET", location, [("Prefer", "wait=60")])
      #expect(ended.json["status"] == "cancelled")
      #expect(try await service.send("POST", "\(location)/cancel").status == 200)

      let deleted = try await service.send("DELETE", location)
      #expect(deleted.status == 204)
      #expect(deleted.bytes.isEmpty)
      #expect(try await service.send("GET", location).status == 404)
      #expect(try await service.send("DELETE", location).status == 404)
    }
  }

  @Test func `a job that has succeeded cannot be cancelled`() async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let location = try #require(job.field("Location"))
      let reply = try await service.send("POST", "\(location)/cancel")
      #expect(reply.status == 409)
      #expect(reply.json["code"] == "job_ended")
    }
  }

  @Test func `queued jobs know their position`() async throws {
    try await Service.run { service in
      let running = try await service.post("/v1/jobs", Specifications.endless)
      try await service.waitUntilRunning(running)
      var locations: [String] = []
      for _ in 0..<3 {
        let job = try await service.post("/v1/jobs", Specifications.endless)
        locations.append(try #require(job.field("Location")))
      }
      let last = try await service.send("GET", locations[2])
      #expect(last.json["queue_position"] == 3)
      try await service.send("POST", "\(locations[0])/cancel")
      let moved = try await service.send("GET", locations[2])
      #expect(moved.json["queue_position"] == 2)
      #expect(moved.field("ETag") != last.field("ETag"), "another representation has another tag")
    }
  }

  @Test func `a full queue refuses further jobs`() async throws {
    try await Service.run(.init(queueCapacity: 1)) { service in
      try await service.waitUntilRunning(try await service.post("/v1/jobs", Specifications.endless))
      #expect(try await service.post("/v1/jobs", Specifications.endless).status == 202)
      let refused = try await service.post("/v1/jobs", Specifications.endless)
      #expect(refused.status == 503)
      #expect(refused.json["code"] == "queue_full")
      #expect(refused.field("Retry-After") == "5")
    }
  }
}
