// Dense layers with and without a bias: what they resolve to, count, warn of, keep and predict.

import Data
import JSON
import Testing
import Training

/// A regression over rows of one number.
private func job(_ layers: String, _ more: String = "") throws -> PreparedTraining {
  try prepare(
    #"""
    {"data": {"synthetic": {"kind": "uniform", "rows": 60}, "standardize": false}, "activation": "tanh",
     "model": {"layers": \#(layers)\#(more)}, "training": {"epochs": 3}}
    """#)
}

@Suite struct DenseBiasTests {
  @Test func `the default is written out, and read again gives the same`() throws {
    let job = try job(
      #"[{"type": "dense", "units": 3}, {"type": "dense", "units": 4, "use_bias": false, "activation": "none"}]"#
    )
    #expect(
      try job.resolvedSpec["model"]?["layers"]
        == json(
          #"""
          [{"type": "dense", "units": 3, "use_bias": true},
           {"type": "dense", "units": 4, "use_bias": false, "activation": "none"}]
          """#))
    let again = try PreparedTraining(TrainingRequest(document: job.resolvedSpec))
    #expect(again.resolvedSpec == job.resolvedSpec && again.specDigest == job.specDigest)
  }

  @Test func `a bias that is not there is not counted`() throws {
    let layers = #"[{"type": "dense", "units": 3}, {"type": "dense", "units": 4, "use_bias": false}]"#
    let job = try job(layers)
    let inputs = job.dataset.inputWidth
    #expect(job.parameterCount == (inputs + 1) * 3 + 3 * 4 + (4 + 1))
    #expect(job.layerShapes.arrayValue?.map { $0["parameters"] } == [.integer((inputs + 1) * 3), 12, 5])
  }

  @Test func `nothing comes of nothing without a bias, also after training and on disk`() throws {
    let bare = #", "output": "none""#
    func outputs(_ members: String) throws -> [Double] {
      let trained = try job(
        #"[{"type": "dense", "units": 3\#(members)}, {"type": "dense", "units": 1, "activation": "none"\#(members)}]"#,
        bare
      ).run().trained
      let bytes = trained.serialized()
      let copy = try TrainedModel(serialized: bytes)
      #expect(copy.serialized() == bytes)
      let rows = try json(#"{"inputs": [[0]]}"#)
      let found = try copy.predict(rows).document
      #expect(try found == trained.predict(rows).document)
      return found["predictions"]?.arrayValue?.numbers ?? []
    }
    #expect(try outputs(#", "use_bias": false"#) == [0])
    let biased = try outputs("")
    #expect(biased.count == 1 && biased != [0])
  }

  @Test func `a bias before a normalisation is advised against`() throws {
    func places(_ dense: String, _ between: String = "") throws -> [String?] {
      try job(
        #"[{"type": "dense", "units": 3\#(dense)}, \#(between){"type": "batch_norm"}, {"type": "activation"}]"#
      )
      .warnings.filter { $0.code == "bias_without_effect" }.map { warning in
        #expect(warning.message.contains(#"give `"use_bias": false`"#))
        return warning.pointer?.fragment
      }
    }
    #expect(try places(#", "activation": "none""#) == ["#/model/layers/0"])
    #expect(try places(#", "activation": "none", "use_bias": false"#) == [])
    #expect(try places("") == [])
    #expect(try places(#", "activation": "none""#, #"{"type": "layer_norm"}, "#) == [])
    // The bias of a piece decides which of them is the largest; that of a gate is weighed.
    for layer in [#"{"type": "maxout", "units": 3}"#, #"{"type": "glu", "units": 3}"#] {
      let warnings = try job(#"[\#(layer), {"type": "batch_norm"}, {"type": "activation"}]"#).warnings
      #expect(!warnings.contains { $0.code == "bias_without_effect" })
    }
  }
}
