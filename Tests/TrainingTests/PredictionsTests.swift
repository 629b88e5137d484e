// Predictions as clients get them: digits that mean something, and the same as CSV.

import Foundation
import JSON
import Testing
import Training

@Suite struct PredictionsTests {
  @Test func `large targets keep their digits`() throws {
    let rows = (0..<60).map { "\($0),\(1_700_000_000 + 3 * $0)" }.joined(separator: "\n")
    let model = try prepare(
      #"""
      {"data": {"target": "y"}, "activation": "identity", "model": {"hidden": []},
       "training": {"epochs": 400, "optimizer": {"learning_rate": 0.02}}}
      """#, csv: "x,y\n\(rows)\n"
    ).run().trained
    let inputs = JSONValue.array(JSONArray((0..<60).map { .array([.integer($0)]) }))
    let document = try model.predict(["inputs": inputs]).document
    let predictions = try #require(document["predictions"]?.arrayValue?.numbers)
    for (row, value) in predictions.enumerated() { #expect(abs(value - Double(1_700_000_000 + 3 * row)) < 2) }
    #expect(Set(predictions).count == 60)
  }

  @Test func `a number has no more digits than tell it from its neighbours`() throws {
    let model = try prepare(
      #"""
      {"data": {"inputs": [[1], [2], [3], [4], [5], [6]], "targets": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]},
       "activation": "tanh", "model": {"hidden": [3]}, "training": {"epochs": 3}}
      """#
    ).run().trained
    let predictions = try model.predict(json(#"{"inputs": [[1], [2.5], [3], [40]]}"#)).document["predictions"]
    for number in try #require(predictions?.arrayValue) {
      #expect(number.serialized().count <= 13, "\(number)")
    }
  }

  @Test func `classes are a label and a share of each class`() throws {
    let model = try prepare(
      #"""
      {"data": {"target": "kind", "validation_fraction": 0}, "activation": "tanh", "model": {"hidden": [2]},
       "training": {"epochs": 2}}
      """#,
      csv: "x,kind\n1,\"a, \"\"b\"\"\"\n2,c\n3,\"a, \"\"b\"\"\"\n4,c\n5,c\n6,\"a, \"\"b\"\"\"\n"
    ).run().trained
    let predictions = try model.predict(json(#"{"inputs": [[1], [5]]}"#))
    let lines = predictions.csv.components(separatedBy: "\r\n")
    #expect(lines[0] == "prediction,\"probability_a, \"\"b\"\"\",probability_c")
    #expect(lines.count == 4 && lines[3].isEmpty)
    let rows = try #require(predictions.document["probabilities"]?.arrayValue)
    let labels = try #require(predictions.document["predictions"]?.arrayValue)
    for (row, line) in lines[1...2].enumerated() {
      let label = labels[row].stringValue == "c" ? "c" : "\"a, \"\"b\"\"\""
      let shares = try #require(rows[row].arrayValue).map { String(decoding: $0.serialized(), as: UTF8.self) }
      #expect(line == ([label] + shares).joined(separator: ","))
    }
  }

  @Test func `several targets are columns with their names`() throws {
    let model = try prepare(
      #"""
      {"data": {"target": ["u", "v"], "validation_fraction": 0}, "activation": "tanh", "model": {"hidden": [2]},
       "training": {"epochs": 2}}
      """#, csv: "x,u,v\n1,2,3\n2,3,4\n3,5,6\n4,6,8\n"
    ).run().trained
    let predictions = try model.predict(json(#"{"inputs": [[1], [2], [3]]}"#))
    let lines = predictions.csv.components(separatedBy: "\r\n")
    #expect(lines[0] == "prediction_u,prediction_v" && lines.count == 5)
    let rows = try #require(predictions.document["predictions"]?.arrayValue)
    for (row, line) in lines[1...3].enumerated() {
      #expect(line.split(separator: ",").compactMap { Double($0) } == rows[row].arrayValue?.numbers)
    }
  }

  @Test func `constrained parameters are given as trained and as used`() throws {
    let model = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "two_moons", "rows": 60}}, "model": {"hidden": [2]},
       "activation": {"strategy": "expression", "expression": "x * sigmoid(b * x) + c + d * x",
                      "parameters": {"b": {"initial": 1, "constraint": "positive"},
                                     "c": {"initial": 0.5, "constraint": "unit"}, "d": {"initial": 0.1}}},
       "training": {"epochs": 3}}
      """#
    ).run().trained
    let layer = try #require(
      model.activationsDocument(CurveSampling(), parts: [.parameters])["layers"]?.arrayValue?.first)
    let parameters = try #require(layer["parameters"])
    func raw(_ name: String, _ moment: String) throws -> (value: Double, raw: Double) {
      let parameter = try #require(parameters[name])
      return (
        try #require(parameter[moment]?.doubleValue), try #require(parameter["raw"]?[moment]?.doubleValue)
      )
    }
    for moment in ["initial", "trained"] {
      let b = try raw("b", moment)
      #expect(abs(b.value - log1p(exp(b.raw))) < 1e-5)
      let c = try raw("c", moment)
      #expect(abs(c.value - 1 / (1 + exp(-c.raw))) < 1e-5)
    }
    #expect(parameters["d"]?["raw"] == nil && parameters["d"]?["trained"] != nil)
  }

  @Test func `only the members that were asked for are given`() throws {
    let model = try prepare(
      #"{"data": {"synthetic": {"kind": "xor", "rows": 40}}, "activation": "relu", "training": {"epochs": 1}}"#
    ).run().trained
    let whole = model.activationsDocument(CurveSampling())
    for part in ActivationsPart.allCases {
      let document = model.activationsDocument(CurveSampling(), parts: [part])
      let layer = try #require(document["layers"]?.arrayValue?.first?.objectValue)
      let members = ["parameters", "input", "curve", "nearest"].filter { layer[$0] != nil }
      #expect(members == [part.rawValue])
      #expect(layer[part.rawValue] == whole["layers"]?.arrayValue?.first?[part.rawValue])
    }
  }
}
