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
      #expect(functions.count >= 110)
      // A sample: each is analysed when it is first asked for.
      for function in stride(from: 0, to: functions.count, by: 11).map({ functions[$0] }) {
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
      #expect(reply.json["detail"]?.stringValue?.contains("`sigmoid`") == true)
    }
  }

  @Test(arguments: [
    ("from=0", 0.0, 6.0), ("to=3", -6, 3), ("from=10", 10, 22), ("to=-8", -20, -8), ("from=-1&to=2", -1, 2),
  ]) func `a single end of the curve moves the other only where it must`(
    _ query: String, _ first: Double, _ last: Double
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send("GET", "/v1/activations/tanh?\(query)")
      let x = try #require(reply.json["curve"]?["x"]?.arrayValue?.numbers)
      #expect(x.first == first && x.last == last && x.count == 121)
    }
  }

  @Test func `a name may be written as people write it`() async throws {
    try await Service.run { service in
      for (name, canonical) in [("swish-1", "silu"), ("ReLU", "relu"), ("GELU_tanh", "gelu_tanh")] {
        let reply = try await service.send("GET", "/v1/activations/\(name)")
        #expect(reply.json["name"]?.stringValue == canonical)
      }
    }
  }

  @Test func `a formula is analysed and named`() async throws {
    try await Service.run { service in
      let reply = try await service.post(
        "/v1/activations/analyze", #"{"expression": "2 * x * sigmoid(1.702 * x)"}"#)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json["trainable"] == true)
      let analysis = try #require(reply.json["analysis"])
      let kin = (analysis["prior_art"]?.arrayValue ?? []).compactMap { $0["statement"]?.stringValue }
      #expect(kin.first == "equal to `quick_gelu` up to scale")
      #expect(kin.contains("equal to `swish` with beta = 1.702 up to scale"))
      #expect(analysis["smoothness"] == "smooth" && analysis["monotonicity"] == "none")
      #expect(analysis["derivative_at_zero"] == 1 && analysis["value_at_zero"] == 0)

      let same = try await service.post(
        "/v1/activations/analyze", #"{"expression": "x / (0.5 + 0.5 * exp(-1.702 * x))"}"#)
      #expect(same.json["analysis"]?["fingerprint"] == analysis["fingerprint"])
    }
  }

  @Test(arguments: [
    #""gelu""#, #""prelu""#, #""network""#, #"{"strategy": "spline"}"#,
    #"{"strategy": "rational", "initial": "tanh"}"#,
    #"{"strategy": "kernel", "size": 5}"#, #"{"strategy": "random"}"#, #"{"strategy": "hypernetwork"}"#,
    #"{"strategy": "mixture", "candidates": ["relu", "tanh"]}"#,
    #"{"strategy": "parametric", "function": "prob_act"}"#,
  ]) func `every strategy can be analysed`(_ activation: String) async throws {
    try await Service.run { service in
      let reply = try await service.post("/v1/activations/analyze", activation)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json["trainable"] == true && reply.json["problem"] == .null)
    }
  }

  /// Noise alone scales the one parameter: the function of prediction does not depend on it.
  @Test func `what a parameter can do is that of training`() async throws {
    let prob = #"{"strategy": "parametric", "function": "prob_act"}"#
    try await Service.run { service in
      let entry = try await service.send("GET", "/v1/activations/prob_act")
      let parameters = try #require(entry.json["analysis"]?["parameters"])
      #expect(parameters["sigma"]?["mobility"] == "moves")
      let analysis = try await service.post("/v1/activations/analyze", prob)
      #expect(analysis.json["analysis"]?["parameters"] == parameters)
      let job = Specifications.quick.replacing(
        #"{"strategy": "parametric", "function": "parametric_tanh"}"#, with: prob)
      let validated = try await service.post("/v1/jobs/validate", job)
      #expect(validated.json["activation_analysis"]?["parameters"] == parameters)
    }
  }

  @Test func `a formula that cannot be trained is analysed all the same, one that cannot be read is not`()
    async throws
  {
    try await Service.run { service in
      let pole = try await service.post("/v1/activations/analyze", #"{"expression": "1 / (x - 0.123)"}"#)
      #expect(pole.status == 200, "\(pole.text)")
      #expect(pole.json["trainable"] == false)
      #expect(pole.json["problem"]?.stringValue?.contains("x = 0.123") == true)
      #expect(pole.json["analysis"]?["finite"]?["everywhere"] == false)

      let typo = try await service.post("/v1/activations/analyze", #"{"expression": "x * sigmiod(x)"}"#)
      #expect(typo.status == 422)
      #expect(typo.json["errors"]?.arrayValue?.first?["pointer"] == "#/expression")

      let wide = try await service.post(
        "/v1/activations/analyze", #"{"strategy": "network", "hidden": [30]}"#)
      #expect(wide.status == 422)
      #expect(
        wide.json["errors"]?.arrayValue?.first?["detail"] == "91 parameters; at most 64 are analysed")
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
