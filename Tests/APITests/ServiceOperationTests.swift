// Catalogue, limits, version, health and the description itself.

import Foundation
import JSON
import Jobs
import Testing

@Suite struct ServiceOperationTests {
  @Test func `the catalogue lists functions that can each be fetched by name and alias`() async throws {
    try await Service.run { service in
      let list = try await service.send("GET", "/v1/activations")
      let functions = try #require(list.json["data"]?.arrayValue)
      #expect(functions.count >= 20)
      for function in functions {
        let name = try #require(function["name"]?.stringValue)
        let aliases = function["aliases"]?.arrayValue?.compactMap(\.stringValue) ?? []
        for name in [name] + aliases {
          let one = try await service.send("GET", "/v1/activations/\(name)?points=3")
          #expect(one.json["formula"] == function["formula"], "\(name)")
          #expect(one.json["curve"]?["x"] == [-6, 0, 6])
        }
      }
    }
  }

  @Test func `an unknown function is 404 with the nearest name`() async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/activations/sigmod")
      #expect(reply.status == 404)
      #expect(reply.json["detail"]?.stringValue?.contains("\"sigmoid\"") == true)
    }
  }

  @Test func `the strategies are those that the description names`() async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/strategies")
      let names = (reply.json["data"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
      let described = OpenAPIDocument.shared.resolved(["$ref": "#/components/schemas/StrategyName"])["enum"]
      #expect(Set(names) == Set(described?.arrayValue?.compactMap(\.stringValue) ?? []))
    }
  }

  @Test func `limits are those of the configuration`() async throws {
    try await Service.run(.init(queueCapacity: 7, maximumWaiters: 3)) { service in
      let reply = try await service.send("GET", "/v1/limits")
      #expect(reply.json["jobs"]?["queue_capacity"] == 7)
      #expect(reply.json["waiting"]?["waiters"] == 3)
      #expect(reply.json["requests"]?["json_depth"] == 64)
    }
  }

  @Test func `the version is that of the build`() async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/version")
      #expect(reply.json["version"] == "1.2.3")
      #expect(reply.json["instruction_set"] == "baseline")
    }
  }

  @Test func `readiness begins with start and ends with drain, liveness does not`() async throws {
    try await Service.run(.init(isStarted: false)) { service in
      #expect(try await service.send("GET", "/readyz").status == 503)
      try await service.jobs.start()
      let ready = try await service.send("GET", "/readyz?verbose")
      #expect(ready.status == 200)
      #expect(ready.text == "[+]jobs ok\nok\n")
      #expect(try await service.send("GET", "/readyz").text == "ok\n")

      await service.jobs.drain()
      let drained = try await service.send("GET", "/readyz?verbose=true")
      #expect(drained.status == 503)
      #expect(drained.text.hasPrefix("[-]jobs"))
      let refused = try await service.post("/v1/jobs", Specifications.quick)
      #expect(refused.status == 503)
      #expect(refused.json["code"] == "draining")
      let alive = try await service.send("GET", "/livez")
      #expect(alive.text == "ok\n")
      #expect(alive.field("Cache-Control") == "no-store")
    }
  }

  @Test(arguments: ["/openapi.yaml", "/openapi.json"])
  func `the description is served as it is in the project`(
    _ path: String
  ) async throws {
    let file = try String(
      contentsOf: OpenAPIDocument.topLevel.appending(path: String(path.dropFirst())), encoding: .utf8)
    try await Service.run { service in
      let reply = try await service.send("GET", path)
      #expect(reply.text == file)
      let tag = try #require(reply.field("ETag"))
      #expect(try await service.send("GET", path, [("If-None-Match", tag)]).status == 304)
    }
  }

  @Test func `the index names addresses that exist`() async throws {
    try await Service.run { service in
      let index = try await service.send("GET", "/")
      let addresses = index.text.split(whereSeparator: \.isWhitespace).filter {
        $0.hasPrefix("/v1") || $0.hasPrefix("/open")
      }
      #expect(addresses.count >= 4)
      for address in addresses {
        #expect(Contract.operation(method: "GET", target: String(address)) != nil, "\(address)")
      }
    }
  }
}
