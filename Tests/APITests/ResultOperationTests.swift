// What a job measured and learned: metrics, activations, predictions.

import JSON
import Testing

@Suite struct ResultOperationTests {
  /// Runs a job to its end and hands over its address.
  private func withJob(
    _ specification: String = Specifications.quick, _ body: (Service, String) async throws -> Void
  ) async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", specification, [("Prefer", "wait=60")])
      try await body(service, try #require(job.field("Location"), "\(job.text)"))
    }
  }

  @Test func `metrics are a series by epoch`() async throws {
    try await withJob { service, location in
      let metrics = try await service.send("GET", "\(location)/metrics")
      #expect(metrics.json["epochs"]?.arrayValue?.numbers == (1...12).map(Double.init))
      #expect(metrics.json["series"]?["training_loss"]?.arrayValue?.count == 12)

      let part = try await service.send(
        "GET", "\(location)/metrics?names=training_loss&from_epoch=3&max_points=2")
      #expect(part.json["epochs"] == [3, 12])
      #expect(part.json["series"]?.objectValue?.keys == ["training_loss"])
    }
  }

  @Test(arguments: ["text/csv", "text/csv;q=0.9, application/json;q=0.1", "text/*"])
  func `metrics are CSV when that is preferred`(_ accept: String) async throws {
    try await withJob { service, location in
      let csv = try await service.send(
        "GET", "\(location)/metrics?names=training_loss&from_epoch=11", [("Accept", accept)])
      #expect(csv.field("Content-Type")?.hasPrefix("text/csv") == true)
      #expect(csv.field("Vary") == "Accept, Accept-Encoding")
      let lines = csv.text.split(separator: "\r\n")
      #expect(lines.first == "epoch,training_loss")
      #expect(lines.dropFirst().map { $0.prefix { $0 != "," } } == ["11", "12"])
    }
  }

  @Test func `metrics in no acceptable form are 406`() async throws {
    try await withJob { service, location in
      let reply = try await service.send("GET", "\(location)/metrics", [("Accept", "image/png")])
      #expect(reply.status == 406)
      #expect(reply.json["code"] == "not_acceptable")
    }
  }

  @Test(arguments: ["names=training_los", "names=", "from_epoch=-1", "max_points=1", "epoch=3"])
  func `a query for metrics that is not valid is refused`(_ query: String) async throws {
    try await withJob { service, location in
      let reply = try await service.send("GET", "\(location)/metrics?\(query)")
      #expect(reply.status == 400)
      #expect(reply.json["code"] == "invalid_query")
    }
  }

  @Test(arguments: [
    #""relu""#, #"{"strategy": "parametric", "function": "parametric_sigmoid", "granularity": "unit"}"#,
    #"{"strategy": "random", "candidates": ["sigmoid", "tanh", "relu"]}"#,
    #"{"strategy": "network", "hidden": [3]}"#, #"{"strategy": "hypernetwork", "hidden": [4]}"#,
    #"{"strategy": "hypernetwork", "input": "sample", "granularity": "unit"}"#,
    #"{"strategy": "blend", "candidates": ["sigmoid", "tanh"]}"#,
    #"{"strategy": "spline"}"#,
    #"{"strategy": "spline", "order": 1, "granularity": "unit", "smoothness": 0.01}"#,
    #"{"strategy": "rational"}"#, #"{"strategy": "kernel", "size": 6}"#,
    #"{"strategy": "fixed", "function": "rrelu"}"#,
    #"{"strategy": "mixture", "candidates": ["sigmoid", "tanh"], "granularity": "unit"}"#,
    #"{"strategy": "expression", "expression": "x * sigmoid(beta * x)", "parameters": {"beta": {"initial": 1}}}"#,
  ]) func `activations of every strategy fit the description and repeat byte for byte`(
    _ activation: String
  ) async throws {
    let specification = """
      {"data": {"synthetic": {"kind": "xor", "rows": 40}}, "seed": 7, "model": {"hidden": [3, 2]},
       "activation": \(activation), "training": {"epochs": 3}}
      """
    var bodies: [String] = []
    for _ in 0..<2 {
      try await withJob(specification) { service, location in
        let reply = try await service.send("GET", "\(location)/activations?from=-2&to=2&points=5")
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.json["layers"]?.arrayValue?.count == 2)
        for layer in reply.json["layers"]?.arrayValue ?? [] {
          #expect(layer["curve"]?["x"] == [-2, -1, 0, 1, 2])
          #expect(layer["curve"]?["trained"]?.arrayValue?.count == 5)
        }
        let id = try #require(reply.json["job_id"]?.stringValue)
        bodies.append(reply.text.replacing(id, with: "job"))
      }
    }
    #expect(bodies[0] == bodies[1])
  }

  @Test func `curves are those of the inputs that were seen, unless a range is asked for`() async throws {
    try await withJob { service, location in
      let reply = try await service.send("GET", "\(location)/activations")
      for layer in reply.json["layers"]?.arrayValue ?? [] {
        let x = try #require(layer["curve"]?["x"]?.arrayValue)
        #expect(x.count == 121)
        #expect(x.first == layer["input"]?["minimum"] && x.last == layer["input"]?["maximum"])
      }
    }
  }

  @Test func `an end beyond all inputs moves the other along`() async throws {
    try await withJob { service, location in
      for (query, isBeyond) in [("from=1000", true), ("to=-1000", true), ("from=0", false)] {
        let reply = try await service.send("GET", "\(location)/activations?\(query)&points=3")
        let layers = try #require(reply.json["layers"]?.arrayValue)
        #expect(!layers.isEmpty)
        for layer in layers {
          let x = try #require(layer["curve"]?["x"]?.arrayValue?.numbers)
          let minimum = try #require(layer["input"]?["minimum"]?.doubleValue)
          let maximum = try #require(layer["input"]?["maximum"]?.doubleValue)
          #expect(query.hasPrefix("to") ? x[2] == -1000 : x[0] == (isBeyond ? 1000 : 0))
          #expect(isBeyond ? abs(x[2] - x[0] - (maximum - minimum)) < 1e-9 : x[2] == maximum)
        }
      }
    }
  }

  @Test func `units that learn apart have curves and a warning of their own`() async throws {
    let specification = """
      {"data": {"synthetic": {"kind": "xor", "rows": 40}}, "model": {"hidden": [3]}, "training": {"epochs": 3},
       "activation": {"strategy": "parametric", "function": "parametric_sigmoid", "granularity": "unit"}}
      """
    try await withJob(specification) { service, location in
      let all = try await service.send("GET", "\(location)/activations?points=5")
      let layer = try #require(all.json["layers"]?.arrayValue?.first)
      let curves = try #require(layer["curve"]?["units"]?["trained"]?.arrayValue)
      #expect(curves.count == 3 && Set(curves.map { String(describing: $0) }).count == 3)
      let one = try await service.send("GET", "\(location)/activations?points=5&unit=2")
      #expect(one.json["layers"]?.arrayValue?.first?["curve"]?["trained"] == curves[2])
      let note = try #require(layer["notes"]?.arrayValue?.first?.stringValue)
      #expect(note.contains("mere re-parameterisation") && note.contains("input scale"))
    }
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs/validate", specification)
      let warnings = (reply.json["warnings"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
      #expect(warnings.contains("activation_parameters"))
      #expect(reply.json["activation_analysis"]?["formula"] == "sigmoid(a * x + b)")
    }
  }

  @Test(arguments: [
    #""relu""#, #"{"strategy": "parametric", "function": "prelu", "granularity": "unit"}"#, #""random""#,
    #""network""#, #""hypernetwork""#, #"{"strategy": "blend", "candidates": ["sigmoid", "tanh"]}"#,
    #""spline""#,
    #""rational""#, #""kernel""#, #"{"strategy": "mixture", "candidates": ["sigmoid", "tanh"]}"#,
    #"{"strategy": "expression", "expression": "x * sigmoid(b * x)", "parameters": {"b": {"initial": 1}}}"#,
  ]) func `the learned curves are drawn`(_ activation: String) async throws {
    let specification = """
      {"name": "a < b & \\"c\\"", "data": {"synthetic": {"kind": "xor", "rows": 40}}, "model": {"hidden": [3, 2]},
       "activation": \(activation), "training": {"epochs": 3}}
      """
    try await withJob(specification) { service, location in
      let reply = try await service.send("GET", "\(location)/activations.svg")
      #expect(reply.status == 200 && reply.field("Content-Type") == "image/svg+xml")
      #expect(reply.text.contains("a &lt; b &amp; ") && reply.text.contains("layers.1.activation"))
      #expect(reply.text.contains("<svg") && reply.text.contains("</svg>"))
      // There is no choice, so that whatever the client likes best, it gets what there is.
      let other = try await service.send(
        "GET", "\(location)/activations.svg", [("Accept", "image/png")])
      #expect(other.status == 200 && other.bytes == reply.bytes)
    }
  }

  @Test(arguments: ["from=2&to=1", "from=x", "to=inf", "points=1", "points=100000", "pionts=3"])
  func `a range that is none is refused`(_ query: String) async throws {
    try await withJob { service, location in
      for path in ["\(location)/activations", "/v1/activations/relu"] {
        let reply = try await service.send("GET", "\(path)?\(query)")
        #expect(reply.status == 400, "\(path)")
      }
    }
  }

  @Test func `a job that has not begun has no activations`() async throws {
    try await Service.run { service in
      try await service.post("/v1/jobs", Specifications.endless)
      let queued = try await service.post("/v1/jobs", Specifications.endless)
      let location = try #require(queued.field("Location"))
      let reply = try await service.send("GET", "\(location)/activations")
      #expect(reply.status == 409)
      #expect(reply.json["code"] == "not_trained")
      #expect(reply.field("Retry-After") == "1")
      let metrics = try await service.send("GET", "\(location)/metrics")
      #expect(metrics.json["epochs"] == [])
    }
  }

  @Test func `predictions come from JSON and from CSV alike`() async throws {
    try await Service.run { service in
      let job = try await service.send(
        "POST", "/v1/jobs", [Specifications.formType, ("Prefer", "wait=60")],
        body: Specifications.form(spec: Specifications.formSpec))
      let location = try #require(job.field("Location"))
      let json = try await service.post("\(location)/predict", #"{"inputs": [[1, 2], [8, 9]]}"#)
      #expect(json.status == 200, "\(json.text)")
      #expect(json.json["classes"] == ["no", "yes"])
      #expect(json.json["predictions"]?.arrayValue?.count == 2)
      let csv = try await service.send(
        "POST", "\(location)/predict", [("Content-Type", "text/csv")],
        body: Array("height,width\n2,1\n9,8\n".utf8))
      #expect(csv.bytes == json.bytes)
    }
  }

  @Test func `numbers stand on one line, and the body ends its line`() async throws {
    try await withJob { service, location in
      let reply = try await service.send("GET", "\(location)/activations?from=-1&to=1&points=3")
      #expect(reply.text.contains("\"x\": [-1, 0, 1]"))
      #expect(reply.text.hasSuffix("}\n"))
    }
  }
}
