// Splines that are refined while a job trains: the option, the epochs, and what is kept and stored.

import JSON
import Testing
import Training

private func job(_ knots: String, _ training: String, seed: Int = 1) throws -> PreparedTraining {
  try prepare(
    #"""
    {"data": {"synthetic": {"kind": "sine", "rows": 200}}, "seed": \#(seed),
     "activation": {"strategy": "spline", "knots": \#(knots), "granularity": "unit"},
     "model": {"layers": [{"type": "dense", "units": 3}, {"type": "residual", "layers": [{"type": "activation"}]}]},
     "training": {\#(training)}}
    """#)
}

@Suite struct SplineStageTests {
  @Test func `stages are written out as they were given`() throws {
    #expect(try job("[5, 9, 17]", #""epochs": 3"#).resolvedSpec["activation"]?["knots"] == [5, 9, 17])
    #expect(try job("17", #""epochs": 3"#).resolvedSpec["activation"]?["knots"] == 17)
  }

  @Test(arguments: [
    ("[5]", ""), ("[]", ""), ("[5, 9, 9]", "/2"), ("[9, 5]", "/1"), ("[3, 9]", "/0"), ("[5, 102]", "/1"),
    ("[5, 9.5]", "/1"), (#"[5, "9"]"#, "/1"), ("3", ""), (#""many""#, ""), ("[5,6,7,8,9,10,11,12,13]", ""),
  ])
  func `stages that are none are faults at their place`(knots: String, place: String) throws {
    let found = try faults(
      #"""
      {"data": {"synthetic": {"kind": "sine"}}, "activation": {"strategy": "spline", "knots": \#(knots)}}
      """#)
    #expect(found.count == 1 && found[0].hasPrefix("#/activation/knots\(place): "), "\(found)")
  }

  @Test func `every stage needs an epoch`() throws {
    let found = try pointers(
      #"""
      {"data": {"synthetic": {"kind": "sine"}}, "activation": {"strategy": "spline", "knots": [5, 9, 17]},
       "training": {"epochs": 2}}
      """#)
    #expect(found == ["#/training/epochs"])
  }

  @Test(arguments: ["adam", "lbfgs"])
  func `a job ends with the last stage's knots, on disk too`(optimizer: String) throws {
    let prepared = try job("[5, 9, 17]", #""epochs": 30, "optimizer": "\#(optimizer)""#)
    #expect(prepared.activationParameterCount == 2 * 3 * 19)
    let outcome = prepared.run()
    #expect(outcome.ending == .succeeded)
    let model = outcome.trained
    let layers = try #require(
      model.activationsDocument(CurveSampling(from: -2, to: 2, points: 5))["layers"]?.arrayValue)
    for layer in layers { #expect(layer["formula"]?.stringValue?.contains("17 knots") == true) }
    let copy = try TrainedModel(serialized: model.serialized())
    #expect(copy.serialized() == model.serialized())
    let rows = try json(#"{"inputs": [[0.5], [-1], [30]]}"#)
    #expect(try copy.predict(rows).document == model.predict(rows).document)
  }

  @Test func `finer stages fit better than the first alone`() throws {
    func rmse(_ knots: String) throws -> Double {
      try job(knots, #""epochs": 90, "optimizer": "lbfgs""#).run().metric("training_rmse")
    }
    #expect(try rmse("[5, 9, 17]") < rmse("5"))
  }

  @Test func `the same job gives the same bits`() throws {
    let bytes = try (0..<2).map { _ in
      try job("[5, 8, 13]", #""epochs": 12"#).run().trained.serialized()
    }
    #expect(bytes[0] == bytes[1])
  }
}
