// Gated layers and maxout in a job: what they resolve to, count, train to and report.

import Data
import JSON
import Testing
import Training

private func moons(_ layers: String, _ more: String = #""epochs": 2"#, activation: String = #""prelu""#)
  throws -> PreparedTraining
{
  try prepare(
    #"""
    {"data": {"synthetic": {"kind": "two_moons", "rows": 100}}, "activation": \#(activation),
     "model": {"layers": \#(layers)}, "training": {\#(more)}}
    """#)
}

/// One document of every layer type here.
private let layerTypes: [String] = [
  #"[{"type": "gated", "units": 5}, {"type": "gated", "units": 4, "activation": {"strategy": "random"}}]"#,
  #"[{"type": "gated", "units": 6, "activation": {"strategy": "hypernetwork"}}]"#,
  #"[{"type": "gated", "units": 6, "activation": {"strategy": "network", "granularity": "unit"}}]"#,
  #"[{"type": "glu", "units": 6}]"#, #"[{"type": "bilinear", "units": 6}]"#,
  #"[{"type": "reglu", "units": 6}]"#,
  #"[{"type": "geglu", "units": 6}]"#, #"[{"type": "swiglu", "units": 6}]"#,
  #"[{"type": "maxout", "units": 6}]"#,
  #"[{"type": "maxout", "units": 6, "pieces": 4, "activation": "tanh"}, {"type": "batch_norm"}]"#,
  #"[{"type": "dense", "units": 6}, {"type": "residual", "layers": [{"type": "dense", "units": 6}]}]"#,
  #"""
  [{"type": "residual", "layers": [{"type": "residual", "layers": [{"type": "activation", "activation": "tanh"}]}]},
   {"type": "dense", "units": 4, "activation": "none"},
   {"type": "residual", "layers": [{"type": "batch_norm"}, {"type": "glu", "units": 4}, {"type": "layer_norm"}]}]
  """#,
]

@Suite struct LayerTests {
  @Test(arguments: layerTypes)
  func `every type learns iris`(layers: String) throws {
    let job = try DataFile.iris.prepare(
      #"""
      {"data": {"target": "species"}, "activation": "swish", "model": {"layers": \#(layers)},
       "training": {"epochs": 60, "optimizer": {"learning_rate": 0.02}}}
      """#)
    let outcome = job.run()
    #expect(outcome.ending == .succeeded)
    #expect(outcome.metric("training_accuracy") >= 0.9, "\(outcome.metrics)")
  }

  @Test(arguments: layerTypes)
  func `the way to disk and back is exact`(layers: String) throws {
    let model = try moons(layers).run().trained
    let bytes = model.serialized()
    #expect(try moons(layers).run().trained.serialized() == bytes)
    let copy = try TrainedModel(serialized: bytes)
    #expect(copy.serialized() == bytes)
    let rows = try json(#"{"inputs": [[0.5, 0.25], [-1, 3]]}"#)
    #expect(try copy.predict(rows).document == model.predict(rows).document)
    #expect(
      copy.activationsDocument(CurveSampling(from: -2, to: 2, points: 5))
        == model.activationsDocument(CurveSampling(from: -2, to: 2, points: 5)))
  }

  @Test(arguments: layerTypes)
  func `resolving again changes nothing`(layers: String) throws {
    let once = try moons(layers)
    let twice = try PreparedTraining(TrainingRequest(document: once.resolvedSpec))
    #expect(twice.resolvedSpec == once.resolvedSpec)
  }

  @Test(arguments: [
    ("glu", "sigmoid"), ("bilinear", "identity"), ("reglu", "relu"), ("geglu", "gelu"), ("swiglu", "silu"),
  ])
  func `shorthand resolves to a gate with its function`(type: String, function: String) throws {
    let short = try moons(#"[{"type": "\#(type)", "units": 3}]"#)
    let long = try moons(#"[{"type": "gated", "units": 3, "activation": "\#(function)"}]"#)
    #expect(short.resolvedSpec == long.resolvedSpec)
    #expect(short.resolvedSpec["model"]?["layers"]?.arrayValue?[0]["type"] == "gated")
    #expect(short.warnings.map(\.code) == ["unused_activation"])
  }

  @Test func `defaults are written out`() throws {
    let job = try moons(
      #"[{"type": "gated", "units": 3}, {"type": "maxout", "units": 2, "activation": null}]"#)
    #expect(
      try job.resolvedSpec["model"]?["layers"]
        == json(
          #"""
          [{"type": "gated", "units": 3}, {"type": "maxout", "units": 2, "pieces": 2, "activation": "none"}]
          """#))
    #expect(job.warnings.isEmpty)
  }

  @Test func `parameters of all pieces are counted`() throws {
    let gate = #"{"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"}"#
    let job = try moons(
      #"[{"type": "gated", "units": 5}, {"type": "maxout", "units": 3, "pieces": 4, "activation": "prelu"}]"#,
      activation: gate)
    #expect(job.parameterCount == 3 * 10 + 2 * 5 + 6 * 12 + 1 + 4)
    #expect(job.activationParameterCount == 11)
  }

  @Test func `the report names the client's layers and the units after the gate`() throws {
    let model = try moons(
      #"[{"type": "dense", "units": 3}, {"type": "gated", "units": 5}, {"type": "maxout", "units": 2, "activation": "tanh"}]"#
    ).run().trained
    let layers = try #require(
      model.activationsDocument(CurveSampling(from: -2, to: 2, points: 5))["layers"]?.arrayValue)
    #expect(
      layers.map { $0["name"] } == ["layers.0.activation", "layers.1.activation", "layers.2.activation"])
    #expect(layers.map { $0["units"] } == [3, 5, 2])
    for (layer, units) in zip(layers, [3, 5, 2]) {
      let counts = try #require(layer["input"]?["histogram"]?["counts"]?.arrayValue?.numbers)
      #expect(counts.reduce(0, +) == Double(80 * units))
    }
  }

  @Test func `layers inside a residual one are reported by the way to them`() throws {
    let job = try moons(
      #"""
      [{"type": "dense", "units": 3}, {"type": "residual", "layers": [{"type": "dense", "units": 5},
        {"type": "residual", "layers": [{"type": "activation"}]}, {"type": "dense", "units": 3, "activation": "none"}]}]
      """#)
    #expect(job.parameterCount == 3 * 3 + 4 * 5 + 6 * 3 + 4 + 3)
    #expect(job.estimatedCost.multiplyAdds == 3 * Double(2 * 3 + 3 * 5 + 5 * 3 + 3) * 32 * 3 * 2)
    let layers = try #require(
      job.run().trained.activationsDocument(CurveSampling(from: -2, to: 2, points: 5))["layers"]?.arrayValue)
    #expect(
      layers.map { $0["name"] } == [
        "layers.0.activation", "layers.1.layers.0.activation", "layers.1.layers.1.layers.0.activation",
      ])
    #expect(layers.map { $0["layer"] } == [0, 1, 1] && layers.map { $0["units"] } == [3, 5, 5])
  }

  @Test func `a residual layer gives what it reads`() throws {
    func found(_ layers: String) throws -> [String] {
      try faults(
        #"{"data": {"synthetic": {"kind": "xor"}}, "activation": "relu", "model": {"layers": \#(layers)}}"#)
    }
    let wide = #"{"type": "residual", "layers": [{"type": "dense", "units": 7}]}"#
    let first = try found("[\(wide)]")
    #expect(
      first.count == 1 && first[0].hasPrefix("#/model/layers/0: ") && first[0].contains("2 numbers")
        && first[0].contains("7;"), "\(first)")
    let both = try found(
      #"[{"type": "dense", "units": 3}, {"type": "residual", "layers": [{"type": "glu", "units": 4}, \#(wide)]}]"#
    )
    #expect(both.map { $0.prefix { $0 != ":" } } == ["#/model/layers/1/layers/1", "#/model/layers/1"])
    #expect(both.allSatisfy { $0.contains("4") }, "\(both)")
  }

  @Test func `residual layers are bounded`() throws {
    func places(_ layers: String, _ limits: TrainingLimits = .init()) throws -> [String] {
      try pointers(
        #"{"data": {"synthetic": {"kind": "xor"}}, "activation": "relu", "model": {"layers": \#(layers)}}"#,
        limits: limits)
    }
    func nested(_ depth: Int) -> String {
      String(repeating: #"[{"type": "residual", "layers": "#, count: depth) + #"[{"type": "activation"}]"#
        + String(repeating: "}]", count: depth)
    }
    #expect(try places(nested(8)) == [])
    let tooDeep = "#/model/layers/0" + String(repeating: "/layers/0", count: 8) + "/type"
    #expect(try places(nested(9)) == [tooDeep])
    #expect(try places(nested(25)) == [tooDeep])
    #expect(try places(#"[{"type": "residual"}]"#) == ["#/model/layers/0/layers"])
    #expect(try places(#"[{"type": "residual", "layers": []}]"#) == ["#/model/layers/0/layers"])
    #expect(
      try places(#"[{"type": "residual", "layers": [{"type": "dense", "unit": 2}]}]"#) == [
        "#/model/layers/0/layers/0/units", "#/model/layers/0/layers/0/unit",
      ])
    var limits = TrainingLimits()
    limits.maximumLayers = 5
    #expect(try places(nested(4), limits) == [])
    #expect(try places(nested(5), limits) == ["#/model/layers"])
  }

  @Test func `a bare maxout may be the whole model`() throws {
    let outcome = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "sine", "rows": 100}}, "activation": "relu",
       "model": {"layers": [{"type": "maxout", "units": 1, "pieces": 8}], "output": "none"},
       "training": {"epochs": 200, "optimizer": {"learning_rate": 0.05}}}
      """#
    ).run()
    #expect(outcome.ending == .succeeded && outcome.metric("training_loss") < 1)
  }

  @Test func `memory of halves and pieces counts`() throws {
    func places(_ layer: String, _ values: Int) throws -> [String] {
      var limits = TrainingLimits()
      limits.maximumStepValues = values
      return try pointers(
        #"""
        {"data": {"synthetic": {"kind": "xor", "rows": 40}}, "activation": "relu",
         "model": {"layers": [\#(layer)]}, "training": {"batch_size": 1}}
        """#, limits: limits)
    }
    // Two inputs, one output, and what the layer holds.
    let gated = #"{"type": "gated", "units": 10}"#
    #expect(try places(gated, 3 + 50) == [])
    #expect(try places(gated, 3 + 49) == ["#/training/batch_size"])
    let maxout = #"{"type": "maxout", "units": 10, "pieces": 3}"#
    #expect(try places(maxout, 3 + 40) == [])
    #expect(try places(maxout, 3 + 39) == ["#/training/batch_size"])
    // A hypernetwork's inputs, two hidden layers of four, twice, and one parameter for each of ten units, three times.
    let generated = #"""
      {"type": "dense", "units": 10, "activation":
       {"strategy": "hypernetwork", "input": "sample", "granularity": "unit", "generates": "swish", "hidden": [4, 4]}}
      """#
    #expect(try places(generated, 3 + 20 + 10 + 16 + 30) == [])
    #expect(try places(generated, 3 + 20 + 10 + 16 + 29) == ["#/training/batch_size"])
  }
}
