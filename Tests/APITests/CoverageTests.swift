// Every response that openapi.yaml declares does occur.

import API
import HTTPTypes
import JSON
import Jobs
import Telemetry
import Testing
import Training

@Suite struct CoverageTests {
  /// An operation and a status that it was seen to give.
  private struct Seen: Hashable, CustomStringConvertible {
    var operation: String
    var status: Int
    var description: String { "\(operation) \(status)" }
  }

  /// Responses that this suite does not provoke: two clients with one key at the same instant are a race, which
  /// `JobOperationTests` runs and accepts either way.
  private static let unprovoked: Set<Seen> = [Seen(operation: "createJob", status: 409)]

  private static let unknown = "job_" + String(repeating: "0", count: 26)

  @Test func `every declared response of every operation occurs`() async throws {
    var seen: Set<Seen> = []
    try await Service.run { try await Self.walk($0, &seen) }
    let all = Service.keys(["all": Set(Scope.allCases)], limits: KeyLimits(requestsPerMinute: 1))
    let once = try #require(all.fields["all"])
    try await Service.run(.init(keys: all.list, seconds: { 0 })) { service in
      _ = try await service.send("GET", "/v1/version", [once])
      for operation in Operation.all where operation.scope != nil {
        seen.insert(
          try await Self.status(
            service, operation.id, operation.method.rawValue, operation.path, nil, [once]))
      }
    }
    let keys = Service.keys(["administrator": [.admin]])
    let administrator = try #require(keys.fields["administrator"])
    try await Service.run(.init(keys: keys.list)) { service in
      for operation in Operation.all {
        for fields in [[], [administrator]] {
          seen.insert(
            try await Self.status(
              service, operation.id, operation.method.rawValue, operation.path, nil, fields))
        }
      }
    }
    try await Service.run(.init(maximumWaiters: 0)) { service in
      let job = try await service.post("/v1/jobs", Specifications.endless)
      let location = try #require(job.field("Location"))
      seen.insert(try await Self.status(service, "getJob", "GET", location, [("Prefer", "wait=1")]))
      await service.jobs.drain()
      seen.insert(try await Self.status(service, "createJob", "POST", "/v1/jobs", Specifications.quick))
      seen.insert(try await Self.status(service, "ready", "GET", "/readyz"))
      seen.insert(try await Self.status(service, "ready", "GET", "/readyz?verbose=%01"))
    }
    // Content that cannot wait on disk.
    for (spool, status) in [(SpoolConfiguration.full, 507), (.nowhere, 503)] {
      try await Service.run(.init(spool: spool)) { service in
        for operation in Operation.all where !operation.accepts.isEmpty {
          let target = operation.template.replacing("{id}", with: Self.unknown)
          let text = Specifications.quick
          // An empty object with much space around it, where nothing else is taken.
          let body = operation.takesEmptyObject ? "{\(String(repeating: " ", count: 100))}" : text
          let met = try await Self.status(service, operation.id, "POST", target, body)
          #expect(met.status == status)
          seen.insert(met)
        }
      }
    }
    let failures: [any Error] = [
      BrokenStore.Broken(), StorageError.unavailable("test"), StorageError.full("test"),
    ]
    for failure in failures {
      try await Service.run(store: BrokenStore(failure: failure)) { service in
        if case StorageError.full = failure {
        } else {
          seen.insert(
            try await Self.status(service, "listEvents", "GET", "/v1/events?jobs=\(Self.unknown)"))
        }
        for operation in Operation.all where operation.template.hasPrefix("/v1/jobs") {
          // A question needs no room on the disk.
          if case StorageError.full = failure,
            !["createJob", "cancelJob", "deleteJob"].contains(operation.id)
          {
            continue
          }
          let target = operation.template.replacing("{id}", with: Self.unknown)
          let body =
            operation.takesEmptyObject ? "{}" : operation.accepts.isEmpty ? nil : Specifications.quick
          seen.insert(
            try await Self.status(service, operation.id, operation.method.rawValue, target, body))
        }
      }
    }

    var declared: Set<Seen> = []
    for operation in OpenAPIDocument.shared.operations {
      for status in operation.definition["responses"]?.objectValue?.keys ?? [] {
        declared.insert(Seen(operation: operation.id, status: try #require(Int(status))))
      }
    }
    #expect(declared.subtracting(seen) == Self.unprovoked)
    #expect(seen.subtracting(declared) == [])
  }

  private static func status(
    _ service: Service, _ operation: String, _ method: String, _ target: String, _ json: String? = nil,
    _ fields: [(String, String)] = [], host: String = "localhost"
  ) async throws -> Seen {
    let type = json == nil ? [] : [("Content-Type", "application/json")]
    let reply = try await service.send(
      method, target, type + fields, body: json.map { Array($0.utf8) }, host: host)
    return Seen(operation: operation, status: reply.status)
  }

  private static func status(
    _ service: Service, _ operation: String, _ method: String, _ target: String, _ fields: [(String, String)]
  ) async throws -> Seen {
    try await status(service, operation, method, target, nil, fields)
  }

  private static func walk(_ service: Service, _ seen: inout Set<Seen>) async throws {
    let ended = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
    let job = try #require(ended.field("Location"))
    seen.insert(Seen(operation: "createJob", status: ended.status))

    // What the table says about every operation.
    for operation in Operation.all {
      let method = operation.method.rawValue
      let path = operation.template.replacing("{id}", with: unknown)
      let name = path.replacing("{name}", with: "nothing").replacing("{code}", with: "nothing")
      seen.insert(try await status(service, operation.id, method, "\(name)?nothing=1"))
      seen.insert(try await status(service, operation.id, method, name, nil, host: "evil.example"))
      seen.insert(
        try await status(service, operation.id, method, name, [("Accept-Encoding", "identity;q=0, gzip;q=0")])
      )
      if operation.method != .get {
        seen.insert(
          try await status(service, operation.id, method, name, [("Origin", "http://evil.example")]))
      }
      if operation.template.contains("{") {
        let body = operation.accepts.isEmpty ? nil : "{}"
        seen.insert(try await status(service, operation.id, method, name, body))
      }
      if operation.method == .get, operation.template != "/v1/activations/{name}" {
        let target = operation.template.replacing("{id}", with: job.split(separator: "/").last ?? "")
          .replacing("{code}", with: "gone")
        seen.insert(try await status(service, operation.id, method, target))
        if !["live", "ready"].contains(operation.id) {
          seen.insert(try await status(service, operation.id, method, target, [("If-None-Match", "*")]))
        }
      }
      if !operation.accepts.isEmpty {
        seen.insert(try await status(service, operation.id, method, name, [("Content-Type", "image/png")]))
        seen.insert(try await status(service, operation.id, method, name, [("Content-Encoding", "br")]))
      }
      if operation.method == .post {
        let tooLong = String(repeating: " ", count: (16 << 20) + 1)
        seen.insert(try await status(service, operation.id, method, name, tooLong))
      }
    }

    seen.insert(try await status(service, "getActivation", "GET", "/v1/activations/relu"))
    seen.insert(
      try await status(service, "getActivation", "GET", "/v1/activations/relu", [("If-None-Match", "*")]))
    seen.insert(
      try await status(service, "getJobMetrics", "GET", "\(job)/metrics", [("Accept", "image/png")]))
    for (operation, target) in [
      ("listJobEvents", "\(job)/events?"),
      ("listEvents", "/v1/events?jobs=\(job.split(separator: "/").last ?? "")&"),
    ] {
      seen.insert(try await status(service, operation, "GET", target, [("Accept", "text/event-stream")]))
      seen.insert(try await status(service, operation, "GET", target, [("Accept", "image/png")]))
      let page = try await service.send("GET", "\(job)/events")
      let end = try #require(page.json["next_after"]?.stringValue)
      let place = operation == "listEvents" ? "\(job.split(separator: "/").last ?? ""):\(end)" : end
      seen.insert(try await status(service, operation, "GET", target + "after=\(place)"))
    }
    seen.insert(try await status(service, "listEvents", "GET", "/v1/events?jobs=\(unknown)"))
    seen.insert(try await status(service, "predict", "POST", "\(job)/predict", #"{"inputs": [[0, 1]]}"#))
    seen.insert(try await status(service, "predict", "POST", "\(job)/predict", "{}"))
    seen.insert(
      try await status(
        service, "predict", "POST", "\(job)/predict", #"{"inputs": [[0, 1]]}"#, [("Accept", "image/png")]))
    let analyze = "/v1/activations/analyze"
    seen.insert(try await status(service, "analyzeActivation", "POST", analyze, #""relu""#))
    seen.insert(try await status(service, "analyzeActivation", "POST", analyze, #""rleu""#))
    seen.insert(try await status(service, "analyzeActivation", "POST", analyze, "{"))
    seen.insert(try await status(service, "validateJob", "POST", "/v1/jobs/validate", Specifications.quick))
    seen.insert(try await status(service, "validateJob", "POST", "/v1/jobs/validate", "{}"))
    seen.insert(try await status(service, "createJob", "POST", "/v1/jobs", "{}"))
    seen.insert(try await status(service, "cancelJob", "POST", "\(job)/cancel"))
    seen.insert(try await status(service, "cancelJob", "POST", "\(job)/cancel", #"{"now": true}"#))
    let key = ("Idempotency-Key", "gone")
    let once = try await service.post("/v1/jobs", Specifications.other, [key, ("Prefer", "wait=60")])
    try await service.send("DELETE", try #require(once.field("Location")))
    seen.insert(try await status(service, "createJob", "POST", "/v1/jobs", Specifications.other, [key]))

    let running = try await service.post("/v1/jobs", Specifications.endless)
    seen.insert(Seen(operation: "createJob", status: running.status))
    let queued = try await service.post("/v1/jobs", Specifications.endless)
    let waiting = try #require(queued.field("Location"))
    seen.insert(try await status(service, "getJobActivations", "GET", "\(waiting)/activations"))
    seen.insert(
      try await status(service, "getJobActivationsPlot", "GET", "\(waiting)/activations.svg"))
    seen.insert(try await status(service, "predict", "POST", "\(waiting)/predict", #"{"inputs": [[0, 1]]}"#))
    seen.insert(try await status(service, "deleteJob", "DELETE", waiting))
    seen.insert(try await status(service, "cancelJob", "POST", "\(waiting)/cancel"))
    seen.insert(try await status(service, "cancelJob", "POST", "\(waiting)/cancel"))
    seen.insert(try await status(service, "deleteJob", "DELETE", waiting))
  }
}
