// What is left of a run: bytes that come back exactly, predictions in the client's terms, and the activations document.

import JSON
import Testing
import Training

private let colours = """
  size,colour,price,kind
  1,red,10,small
  2,red,20,small
  3,blue,30,large
  4,blue,40,large
  1.5,green,15,small
  3.5,green,35,large

  """

private func trained(_ target: String, missing: String = "mean", activation: String = #""tanh""#) throws
  -> TrainedModel
{
  let document = #"""
    {"data": {"target": "\#(target)", "features": ["size", "colour"], "missing": "\#(missing)", "validation_fraction": 0},
     "activation": \#(activation), "model": {"hidden": [6]},
     "training": {"epochs": 300, "optimizer": {"learning_rate": 0.02}}}
    """#
  return try prepare(document, csv: colours).run().trained
}

@Suite struct TrainedModelTests {
  @Test(arguments: strategies)
  func `the way to disk and back is exact`(activation: String) throws {
    let model = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "two_moons", "rows": 60}}, "activation": \#(activation),
       "model": {"layers": [{"type": "dense", "units": 4}, {"type": "batch_norm"}]}, "training": {"epochs": 2}}
      """#
    ).run().trained
    let bytes = model.serialized()
    let copy = try TrainedModel(serialized: bytes)
    #expect(copy.serialized() == bytes)
    let rows = try json(#"{"inputs": [[0.5, 0.25], [-1, 3]]}"#)
    #expect(try copy.predict(rows).document == model.predict(rows).document)
    #expect(
      copy.activationsDocument(CurveSampling(from: -2, to: 2, points: 5))
        == model.activationsDocument(CurveSampling(from: -2, to: 2, points: 5)))
  }

  @Test func `damaged bytes are refused`() throws {
    let bytes = try trained("kind").serialized()
    for count in [0, 5, 11, 40, bytes.count - 1] {
      #expect(throws: StoredFormatError.self) { try TrainedModel(serialized: Array(bytes[..<count])) }
    }
    var other = bytes
    other[7] = 99
    #expect(throws: StoredFormatError.unsupportedVersion) { try TrainedModel(serialized: other) }
  }

  @Test func `classes are predicted by name`() throws {
    let body = try trained("kind").predict(
      json(#"{"inputs": [[1, "red"], {"colour": "blue", "size": 4}]}"#)
    ).document
    #expect(body["predictions"] == ["small", "large"])
    #expect(body["classes"] == ["large", "small"])
    let rows = try #require(body["probabilities"]?.arrayValue)
    for row in rows {
      let values = try #require(row.arrayValue?.numbers)
      #expect(abs(values[0] + values[1] - 1) < 1e-6)
    }
  }

  @Test func `numbers are predicted in their own units`() throws {
    let body = try trained("price").predict(json(#"{"inputs": [[2, "red"], [4, "blue"]]}"#)).document
    let values = try #require(body["predictions"]?.arrayValue?.numbers)
    #expect(abs(values[0] - 20) < 6 && abs(values[1] - 40) < 6, "\(values)")
    #expect(body["probabilities"] == nil && body["classes"] == nil)
  }

  @Test func `CSV and JSON predict alike`() throws {
    let model = try trained("kind")
    let csv = try model.predict(csv: Array("colour,extra,size\nred,x,1\n,y,\n".utf8))
    #expect(try csv.document == model.predict(json(#"{"inputs": [[1, "red"], [null, null]]}"#)).document)
  }

  @Test(arguments: [
    ("{}", ["#/inputs"]), (#"{"inputs": []}"#, ["#/inputs"]),
    (#"{"inputs": [[1, "red"]], "rows": 1}"#, ["#/rows"]),
    (#"{"inputs": [[1]]}"#, ["#/inputs/0"]), (#"{"inputs": [7]}"#, ["#/inputs/0"]),
    (#"{"inputs": [["x", "red"], [1, 2]]}"#, ["#/inputs/0/0", "#/inputs/1/1"]),
    (#"{"inputs": [[1e300, "red"]]}"#, ["#/inputs/0/0"]),
    (#"{"inputs": [[1, "rde"]]}"#, ["#/inputs/0/1"]), (#"{"inputs": [[null, "red"]]}"#, ["#/inputs/0/0"]),
    (#"{"inputs": [{"size": 1, "color": "red"}]}"#, ["#/inputs/0/colour"]),
  ])
  func `faulty rows are found at their place`(body: String, expected: [String]) throws {
    let model = try trained("kind", missing: "error")
    do {
      _ = try model.predict(json(body))
      Issue.record("accepted \(body)")
    } catch let error as SpecificationError {
      #expect(error.faults.map(\.pointer.fragment) == expected)
    }
  }

  @Test(arguments: [
    "size\n1\n", "size,colour\nx,red\n", "size,colour\n1,pink\n", "size,colour\n,red\n",
    "size,colour\n1e300,red\n", "size,colour\n1\n",
    "",
  ])
  func `faulty CSV is refused`(text: String) throws {
    let model = try trained("kind", missing: "error")
    #expect(throws: SpecificationError.self) { try model.predict(csv: Array(text.utf8)) }
  }
}

@Suite struct ActivationsDocumentTests {
  private func layers(_ activation: String, hidden: String = "[3, 2]") throws -> JSONArray {
    let job = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "two_moons", "rows": 100}}, "activation": \#(activation),
       "model": {"hidden": \#(hidden)}, "training": {"epochs": 3, "keep": "last", "optimizer": {"learning_rate": 0.05}}}
      """#)
    let document = job.run().trained.activationsDocument(CurveSampling(from: -2, to: 2, points: 41))
    #expect(document["epoch"] == 3)
    return try #require(document["layers"]?.arrayValue)
  }

  @Test func `a layer has every member`() throws {
    let layers = try layers(#"{"strategy": "parametric", "function": "parametric_sigmoid"}"#)
    #expect(layers.map { $0["name"] } == ["layers.0.activation", "layers.1.activation"])
    let layer = layers[1]
    #expect(
      layer.objectValue?.keys == [
        "name", "layer", "units", "strategy", "function", "formula", "granularity", "parameters", "input",
        "curve", "nearest", "notes",
      ])
    #expect(layer["layer"] == 1 && layer["units"] == 2 && layer["granularity"] == "layer")
    #expect(layer["function"] == "parametric_sigmoid" && layer["formula"] == "sigmoid(a * x + b)")
    #expect(layer["parameters"]?["a"]?["initial"] == 1)
    #expect(layer["parameters"]?["a"]?["trained"] != 1)
  }

  @Test func `parameters of units are arrays`() throws {
    let layer = try layers(
      #"{"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"}"#)[0]
    #expect(layer["parameters"]?["a"]?["initial"] == [2, 2, 2])
    #expect(layer["parameters"]?["a"]?["trained"]?.arrayValue?.count == 3)
  }

  @Test(arguments: strategies)
  func `the derivative is that of the trained curve`(activation: String) throws {
    let curve = try #require(try layers(activation)[0]["curve"])
    let x = try #require(curve["x"]?.arrayValue?.numbers)
    let y = try #require(curve["trained"]?.arrayValue?.numbers)
    let slope = try #require(curve["derivative"]?.arrayValue?.numbers)
    #expect(x.count == 41 && y.count == 41 && slope.count == 41 && curve["initial"]?.arrayValue?.count == 41)
    for index in 1..<40 where abs(x[index]) > 0.15 {
      let difference = (y[index + 1] - y[index - 1]) / (x[index + 1] - x[index - 1])
      #expect(abs(difference - slope[index]) < 0.02 + 0.02 * abs(difference), "at \(x[index])")
    }
  }

  @Test func `the histogram counts every input`() throws {
    let input = try #require(try layers(#""tanh""#)[0]["input"])
    let counts = try #require(input["histogram"]?["counts"]?.arrayValue?.numbers)
    let edges = try #require(input["histogram"]?["edges"]?.arrayValue?.numbers)
    // 80 training rows times three units.
    #expect(counts.reduce(0, +) == 240)
    #expect(edges.count == counts.count + 1)
    #expect(edges.first == input["minimum"]?.doubleValue && edges.last == input["maximum"]?.doubleValue)
    let mean = try #require(input["mean"]?.doubleValue)
    #expect(mean > edges[0] && mean < edges[edges.count - 1])
  }

  @Test func `a random activation lists its candidates`() throws {
    let layer = try layers(
      #"{"strategy": "random", "candidates": ["sigmoid", "tanh"], "probabilities": [0.25, 0.75]}"#)[0]
    let candidates = try #require(layer["candidates"]?.arrayValue)
    #expect(candidates.map { $0["function"] } == ["sigmoid", "tanh"])
    #expect(candidates.map { $0["probability"] } == [0.25, 0.75])
    // Three epochs of three steps.
    #expect(candidates.compactMap { $0["draws"]?.intValue }.reduce(0, +) == 9)
    #expect(candidates.allSatisfy { ($0["validation_loss"]?.doubleValue ?? .nan) > 0 })
  }

  @Test func `a network shows its arrays`() throws {
    let parameters = try #require(try layers(#"{"strategy": "network", "hidden": [4]}"#)[0]["parameters"])
    #expect(Set(parameters.objectValue?.keys ?? []) == ["w", "c", "v", "d"])
    #expect(parameters["w"]?["initial"]?.arrayValue?.count == 4)
    #expect(parameters["d"]?["trained"]?.doubleValue != nil)
    let byUnit = try #require(
      try layers(#"{"strategy": "network", "hidden": [4], "granularity": "unit"}"#)[0]["parameters"])
    #expect(byUnit["v"]?["trained"]?.arrayValue?.map { $0.arrayValue?.count } == [4, 4, 4])
  }

  @Test func `a hypernetwork shows its arrays and what they generate`() throws {
    let layer = try layers(#"{"strategy": "hypernetwork", "hidden": [5]}"#)[0]
    #expect(layer["parameters"]?["generator.0.weight"]?["shape"] == [2, 5])
    #expect(layer["parameters"]?["generator.0.weight"]?["trained"]?.arrayValue?.count == 10)
    #expect(layer["generated"]?["a"]?["trained"]?.doubleValue != nil)
  }

  @Test(arguments: ["statistics", "sample"])
  func `a hypernetwork of units shows what it generates for each`(input: String) throws {
    let layer = try layers(
      #"{"strategy": "hypernetwork", "input": "\#(input)", "granularity": "unit", "generates": "swish"}"#)[0]
    #expect(layer["granularity"] == "unit")
    let beta = try #require(layer["generated"]?["beta"])
    #expect(beta["initial"]?.arrayValue?.count == 3)
    #expect(Set(beta["trained"]?.arrayValue?.numbers ?? []).count == 3)
  }

  @Test func `a blend shows its weights by function`() throws {
    let parameters = try #require(
      try layers(#"{"strategy": "blend", "candidates": ["tanh", "relu"]}"#)[0]["parameters"])
    let tanh = try #require(parameters["tanh"]?["trained"]?.doubleValue)
    let relu = try #require(parameters["relu"]?["trained"]?.doubleValue)
    #expect(parameters["tanh"]?["initial"] == 0.5)
    #expect(abs(tanh + relu - 1) < 1e-6 && tanh != 0.5)
  }

  @Test func `a mixture shows its weights by function and the curve that predicts`() throws {
    func layer(_ inference: String) throws -> JSONValue {
      try layers(
        #"{"strategy": "mixture", "candidates": ["tanh", "relu"], "inference": "\#(inference)"}"#)[0]
    }
    let (expected, argmax) = (try layer("expected"), try layer("argmax"))
    #expect(expected["parameters"] == argmax["parameters"])
    let tanh = try #require(expected["parameters"]?["tanh"]?["trained"]?.doubleValue)
    let relu = try #require(expected["parameters"]?["relu"]?["trained"]?.doubleValue)
    #expect(expected["parameters"]?["relu"]?["initial"] == 0.5)
    #expect(abs(tanh + relu - 1) < 1e-6 && tanh != 0.5)
    // At x = 2.
    func end(_ layer: JSONValue, _ curve: String) -> Double {
      layer["curve"]?[curve]?.arrayValue?.numbers?.last ?? .nan
    }
    #expect(abs(end(expected, "initial") - (0.964_027_6 + 2) / 2) < 1e-6)
    #expect(abs(end(expected, "trained") - (0.964_027_6 * tanh + 2 * relu)) < 1e-5)
    #expect(abs(end(argmax, "trained") - (tanh > relu ? 0.964_027_6 : 2)) < 1e-6)
  }

  @Test func `a mixture of units shows arrays`() throws {
    let layer = try layers(
      #"{"strategy": "mixture", "candidates": ["tanh", "relu"], "granularity": "unit", "inference": "argmax"}"#
    )[0]
    #expect(layer["parameters"]?["tanh"]?["initial"] == [0.5, 0.5, 0.5])
    #expect(Set(layer["parameters"]?["tanh"]?["trained"]?.arrayValue?.numbers ?? []).count == 3)
  }
}
