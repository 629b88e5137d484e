// Models of sequences in a job: what documents may say, what they resolve to, and what their faults are.

import JSON
import Testing
import Training

private func document(
  _ layers: String, shape: String? = "[2, 2]", activation: String = #""tanh""#, more: String = ""
) -> String {
  let rows = (0..<12).map { "[\($0), \($0 % 5), \($0 % 3), \($0 % 7)]" }.joined(separator: ", ")
  let targets = (0..<12).map { "\($0 % 4)" }.joined(separator: ", ")
  let member = shape.map { #", "input_shape": \#($0)"# } ?? ""
  return #"""
    {"data": {"inputs": [\#(rows)], "targets": [\#(targets)]\#(member)\#(more)}, "task": "regression",
     "activation": \#(activation), "model": {"layers": \#(layers)}, "training": {"epochs": 2}}
    """#
}

@Suite struct SequenceTests {
  @Test func `every default is written out, and read again gives the same`() throws {
    let job = try prepare(
      document(
        #"""
        [{"type": "lstm", "units": 3, "return_sequences": true, "bidirectional": true},
         {"type": "gru", "units": 2, "return_sequences": true}, {"type": "rnn", "units": 2, "activation": "none"}]
        """#))
    let layers = try #require(job.resolvedSpec["model"]?["layers"]?.arrayValue)
    #expect(
      Array(layers) == [
        try json(
          #"""
          {"type": "lstm", "units": 3, "recurrent_activation": "sigmoid", "output_activation": "tanh",
           "unit_forget_bias": true, "return_sequences": true, "bidirectional": true, "merge_mode": "concat",
           "use_bias": true}
          """#),
        try json(
          #"""
          {"type": "gru", "units": 2, "recurrent_activation": "sigmoid", "reset_after": true,
           "return_sequences": true, "bidirectional": false, "use_bias": true}
          """#),
        try json(
          #"""
          {"type": "rnn", "units": 2, "activation": "none", "return_sequences": false, "bidirectional": false,
           "use_bias": true}
          """#),
      ])
    let again = try prepare(document(String(decoding: JSONValue.array(layers).serialized(), as: UTF8.self)))
    #expect(again.resolvedSpec == job.resolvedSpec)
    #expect(job.resolvedSpec["data"]?["input_shape"] == [2, 2])
  }

  @Test func `the shapes after every layer are told`() throws {
    let job = try prepare(
      document(
        #"""
        [{"type": "dense", "units": 3}, {"type": "lstm", "units": 4, "return_sequences": true, "bidirectional": true},
         {"type": "gru", "units": 5}]
        """#))
    #expect(
      job.layerShapes
        == (try json(
          #"""
          [{"pointer": "#/model/layers/0", "type": "dense", "input": [2, 2], "output": [2, 3], "parameters": 9},
           {"pointer": "#/model/layers/1", "type": "lstm", "input": [2, 3], "output": [2, 8], "parameters": 256},
           {"pointer": "#/model/layers/2", "type": "gru", "input": [2, 8], "output": [5], "parameters": 215},
           {"pointer": "#/model/output", "type": "dense", "input": [5], "output": [1], "parameters": 6}]
          """#)))
  }

  @Test(
    arguments: [
      (
        #"[{"type": "lstm", "units": 3}]"#, nil,
        "#/model/layers/0: `lstm` needs [steps, features]; the data has rows of 4 numbers: give `data.input_shape`"
      ),
      (
        #"[{"type": "lstm", "units": 3}, {"type": "gru", "units": 3}]"#, "[2, 2]",
        "#/model/layers/1: `gru` needs a sequence; layer 0 (`lstm`) gives only its last state [3]: set `return_sequences`"
      ),
      (
        #"[{"type": "gru", "units": 3}]"#, "[3, 2]", "#/data/input_shape: [3, 2] takes 6 numbers, a row has 4"
      ),
      (
        #"[{"type": "dense", "units": 3}]"#, "[2, 2, 1]",
        "#/model/layers: the output layer needs a vector for each row, or a sequence where targets are sequences; the layers give [2, 2, 3]: add `flatten` or `global_average_pool`"
      ),
      (
        #"[{"type": "rnn", "units": 3, "return_sequences": true}]"#, "[2, 2]",
        "#/model/layers: the output layer needs a vector for each row, or a sequence where targets are sequences; the layers give [2, 3]: leave out `return_sequences`"
      ),
      (
        #"[{"type": "gru", "units": 3, "merge_mode": "sum"}]"#, "[2, 2]",
        #"#/model/layers/0/merge_mode: only with `"bidirectional": true`"#
      ),
      (
        #"[{"type": "rnn", "units": 3, "activation": {"strategy": "hypernetwork"}}]"#, "[2, 2]",
        "#/model/layers/0/activation/strategy: a hypernetwork cannot be inside a recurrent cell; put it into an `activation` layer behind"
      ),
      (
        #"[{"type": "embedding", "input_dim": 9, "output_dim": 2}, {"type": "rnn", "units": 2}]"#, "[4]",
        "#/data/inputs/9/0: token 9 is not below `input_dim` 9"
      ),
      (
        #"[{"type": "dense", "units": 4}, {"type": "embedding", "input_dim": 9, "output_dim": 2}, {"type": "rnn", "units": 2}]"#,
        nil, "#/model/layers/1: `embedding` reads whole numbers: it can only be the first layer"
      ),
    ] as [(String, String?, String)])
  func `a fault tells the shapes`(layers: String, shape: String?, fault: String) throws {
    #expect(try faults(document(layers, shape: shape)).first == fault)
  }

  @Test func `members that a cell has no use for are unknown`() throws {
    #expect(
      try pointers(document(#"[{"type": "rnn", "units": 3, "reset_after": true, "unit_forget_bias": true}]"#))
        == ["#/model/layers/0/reset_after", "#/model/layers/0/unit_forget_bias"])
    #expect(
      try pointers(document(#"[{"type": "gru", "units": 3, "output_activation": "tanh"}]"#))
        == ["#/model/layers/0/output_activation"])
  }

  @Test(arguments: ["rnn", "lstm", "gru"])
  func `a sequence is learned, kept and reported`(type: String) throws {
    let job = try prepare(
      document(
        #"""
        [{"type": "\#(type)", "units": 3, "activation": {"strategy": "parametric", "function": "parametric_tanh",
          "granularity": "unit"}}]
        """#))
    let outcome = job.run()
    #expect(outcome.ending == .succeeded)
    let bytes = outcome.trained.serialized()
    let copy = try TrainedModel(serialized: bytes)
    #expect(copy.serialized() == bytes)
    let rows = try json(#"{"inputs": [[1, 2, 3, 4], [0, 1, 0, 1]]}"#)
    #expect(try copy.predict(rows).document == outcome.trained.predict(rows).document)
    #expect(job.assembly.sites.map(\.name) == ["layers.0.activation"])
    #expect(outcome.trained.inputStatistics[0].counts.reduce(0, +) > 0)
  }
}
