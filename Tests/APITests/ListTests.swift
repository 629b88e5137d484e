// Lists of jobs: filters, summaries, counts and pages.

import JSON
import Jobs
import Testing

@Suite struct ListTests {
  /// A service with ended jobs of these names.
  private func withJobs(_ names: [String], _ body: (Service) async throws -> Void) async throws {
    try await Service.run { service in
      for name in names {
        let document = Specifications.quick.replacing("\"xor\"", with: JSONValue.string(name).text)
        try await service.post("/v1/jobs", document, [("Prefer", "wait=60")])
      }
      try await body(service)
    }
  }

  private func names(_ reply: Reply) -> [String] {
    (reply.json["data"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
  }

  @Test func `a summary has every member and is short`() async throws {
    try await withJobs(["a"]) { service in
      try await service.post("/v1/jobs", Specifications.diverging, [("Prefer", "wait=60")])
      let endless = try await service.post("/v1/jobs", Specifications.endless)
      try await service.waitUntilRunning(endless)
      let list = try await service.send("GET", "/v1/jobs?view=summary")
      let jobs = try #require(list.json["data"]?.arrayValue)
      #expect(jobs.map { $0["status"]?.stringValue } == ["running", "failed", "succeeded"])
      for job in jobs {
        let members = try #require(job.objectValue)
        #expect(
          members.keys == [
            "id", "name", "metadata", "status", "strategy", "task", "progress", "best", "created_at",
            "started_at", "finished_at", "attempt", "error", "study",
          ])
        var rest = members
        rest["name"] = .null
        rest["metadata"] = [:]
        #expect(JSONValue.object(rest).serialized(pretty: true).count < 600, "\(JSONValue.object(rest).text)")
      }
      #expect(jobs[1]["error"] == "diverged" && jobs[2]["error"] == .null)
      #expect(jobs[1]["task"] == "regression" && jobs[2]["task"] == "binary")
      let best = try #require(jobs[2]["best"])
      #expect(best["metric"] == "training_loss")
      let id = try #require(jobs[2]["id"]?.stringValue)
      let metrics = try await service.send("GET", "/v1/jobs/\(id)/metrics?names=training_loss")
      let values = try #require(metrics.json["series"]?["training_loss"]?.arrayValue?.numbers)
      let lowest = try #require(values.min())
      #expect(best["value"]?.doubleValue == lowest)
      #expect(best["epoch"]?.intValue == (values.firstIndex(of: lowest) ?? -1) + 1)
    }
  }

  @Test func `several statuses are one list, and counts see all`() async throws {
    try await withJobs(["one", "two"]) { service in
      try await service.post("/v1/jobs", Specifications.diverging, [("Prefer", "wait=60")])
      let both = try await service.send("GET", "/v1/jobs?status=succeeded,failed&counts=true")
      #expect(both.json["data"]?.arrayValue?.count == 3)
      let failed = try await service.send("GET", "/v1/jobs?status=failed&counts=true")
      #expect(failed.json["data"]?.arrayValue?.count == 1)
      for list in [both, failed] {
        #expect(
          list.json["counts"] == [
            "queued": 0, "running": 0, "cancelling": 0, "succeeded": 2, "failed": 1, "cancelled": 0,
          ])
      }
      #expect(try await service.send("GET", "/v1/jobs").json["counts"] == nil)
    }
  }

  @Test(arguments: [
    ("moon", ["two moons", "MOON 5"]), ("5", ["MOON 5", "5%_\\"]), ("%25", ["5%_\\"]), ("_", ["5%_\\"]),
    ("%5C", ["5%_\\"]), ("o%20m", ["two moons"]), ("", ["two moons", "MOON 5", "5%_\\"]), ("xyz", []),
  ])
  func `q finds a part of the name, taken as it stands`(part: String, expected: [String]) async throws {
    try await withJobs(["two moons", "MOON 5", "5%_\\"]) { service in
      for view in ["full", "summary"] {
        let list = try await service.send("GET", "/v1/jobs?view=\(view)&q=\(part)")
        #expect(names(list) == Array(expected.reversed()))
      }
      let counted = try await service.send("GET", "/v1/jobs?counts=true&limit=1&q=\(part)")
      #expect(counted.json["counts"]?["succeeded"]?.intValue == expected.count)
    }
  }

  @Test func `the next page has the filters of the first`() async throws {
    try await withJobs(["a b&c", "x a b&c", "other", "a b&c y"]) { service in
      var address: String? = "/v1/jobs?view=summary&q=A%20b%26c&status=succeeded,failed&limit=1"
      var found: [String] = []
      while let here = address {
        let page = try await service.send("GET", here)
        found += names(page)
        // The address of the next page comes first, before that of the description.
        let link = page.field("Link").flatMap { $0.contains("rel=\"next\"") ? $0 : nil }
        address = link?.split(separator: ">").first.map { String($0.dropFirst()) }
      }
      #expect(found == ["a b&c y", "x a b&c", "a b&c"])
    }
  }

  @Test(arguments: [
    "status=", "status=ready", "status=failed,", "status=failed,failed", "view=short", "counts=yes",
  ])
  func `a query that is none is refused with the parameter`(query: String) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/jobs?\(query)")
      #expect(reply.status == 400 && reply.json["code"] == "invalid_query")
      #expect(reply.json["parameter"]?.stringValue == String(query.prefix { $0 != "=" }))
    }
  }
}

extension JSONValue {
  /// As JSON text.
  fileprivate var text: String { String(decoding: serialized(), as: UTF8.self) }
}
