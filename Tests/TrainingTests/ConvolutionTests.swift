// Convolutions and poolings in a job: what documents may say, what they resolve to, and what their faults are.

import Data
import JSON
import Testing
import Training

private func document(
  _ layers: String, shape: [Int]? = [4, 4, 1], activation: String = #""tanh""#
) -> String {
  let width = shape?.reduce(1, *) ?? 16
  let rows = (0..<12).map { row in
    "[\((0..<width).map { String((row * 7 + $0 * $0) % 11) }.joined(separator: ", "))]"
  }
  let targets = (0..<12).map { "\($0 % 4)" }.joined(separator: ", ")
  let member = shape.map { #", "input_shape": \#($0)"# } ?? ""
  return #"""
    {"data": {"inputs": [\#(rows.joined(separator: ", "))], "targets": [\#(targets)]\#(member)},
     "task": "regression", "activation": \#(activation), "model": {"layers": \#(layers)},
     "training": {"epochs": 2}}
    """#
}

private let image = #"""
  [{"type": "conv2d", "filters": 3, "kernel_size": 2}, {"type": "max_pool", "pool_size": 2, "strides": 1},
   {"type": "conv2d", "filters": 2, "kernel_size": [1, 2], "strides": [2, 1], "padding": "same", "activation": "none",
    "use_bias": false}, {"type": "batch_norm"}, {"type": "spatial_dropout", "rate": 0.25}, {"type": "flatten"}]
  """#

@Suite struct ConvolutionTests {
  @Test func `every default is written out, and read again gives the same`() throws {
    let job = try prepare(document(image))
    let layers = try #require(job.resolvedSpec["model"]?["layers"]?.arrayValue)
    #expect(
      Array(layers) == [
        try json(
          #"""
          {"type": "conv2d", "filters": 3, "kernel_size": [2, 2], "strides": [1, 1], "padding": "valid",
           "dilation_rate": [1, 1], "use_bias": true}
          """#),
        try json(#"{"type": "max_pool", "pool_size": 2, "strides": 1, "padding": "valid"}"#),
        try json(
          #"""
          {"type": "conv2d", "filters": 2, "kernel_size": [1, 2], "strides": [2, 1], "padding": "same",
           "dilation_rate": [1, 1], "use_bias": false, "activation": "none"}
          """#),
        ["type": "batch_norm"], ["type": "spatial_dropout", "rate": 0.25], ["type": "flatten"],
      ])
    let again = try prepare(document(String(decoding: JSONValue.array(layers).serialized(), as: UTF8.self)))
    #expect(again.resolvedSpec == job.resolvedSpec)
    let sequence = try prepare(
      document(
        #"""
        [{"type": "conv1d", "filters": 2, "kernel_size": 3}, {"type": "average_pool", "pool_size": 2},
         {"type": "reshape", "shape": [6]}]
        """#, shape: [8, 2]))
    #expect(
      try sequence.resolvedSpec["model"]?["layers"]
        == json(
          #"""
          [{"type": "conv1d", "filters": 2, "kernel_size": 3, "strides": 1, "padding": "valid", "dilation_rate": 1,
            "use_bias": true}, {"type": "average_pool", "pool_size": 2, "strides": 2, "padding": "valid"},
           {"type": "reshape", "shape": [6]}]
          """#))
  }

  @Test func `the shapes after every layer are told`() throws {
    let job = try prepare(document(image))
    let shapes = try #require(job.layerShapes.arrayValue)
    #expect(
      shapes.map { $0["output"] } == [[3, 3, 3], [2, 2, 3], [1, 2, 2], [1, 2, 2], [1, 2, 2], [4], [1]])
    #expect(shapes.map { $0["parameters"] } == [15, 0, 12, 4, 0, 0, 5])
    #expect(shapes[1]["input"] == [3, 3, 3] && shapes[1]["pointer"] == "#/model/layers/1")
    #expect(job.warnings.isEmpty)
  }

  @Test(
    arguments: [
      (
        #"[{"type": "flatten"}, {"type": "conv2d", "filters": 2, "kernel_size": 3}]"#, [4, 4, 1],
        "#/model/layers/1: `conv2d` needs [height, width, channels]; layer 0 (`flatten`) gives [16]"
      ),
      (
        #"[{"type": "conv1d", "filters": 2, "kernel_size": 3}]"#, nil,
        "#/model/layers/0: `conv1d` needs [steps, channels]; the data has rows of 16 numbers: give `data.input_shape`"
      ),
      (
        #"[{"type": "conv1d", "filters": 2, "kernel_size": 3}]"#, [4, 4, 1],
        "#/model/layers/0: `conv1d` needs [steps, channels]; the data has rows of [4, 4, 1]"
      ),
      (
        #"[{"type": "conv1d", "filters": 2, "kernel_size": 5, "dilation_rate": 2}]"#, [8, 2],
        #"#/model/layers/0/kernel_size: a kernel of 5 with dilation 2 spans 9 of 8 steps; use a smaller one or `"padding": "same"`"#
      ),
      (
        #"[{"type": "conv2d", "filters": 2, "kernel_size": [2, 5]}]"#, [4, 4, 1],
        #"#/model/layers/0/kernel_size: a kernel of 2 × 5 does not fit into [4, 4, 1]; use a smaller one or `"padding": "same"`"#
      ),
      (
        #"[{"type": "conv1d", "filters": 2, "kernel_size": 3, "dilation_rate": 100, "padding": "same"}]"#,
        [8, 2],
        "#/model/layers/0/kernel_size: a kernel of 3 with dilation 100 spans 201 of 8 steps; it may span at most 80"
      ),
      (
        #"[{"type": "conv2d", "filters": 2, "kernel_size": 2}, {"type": "max_pool", "pool_size": 4}]"#,
        [4, 4, 1],
        "#/model/layers/1/pool_size: a window of 4 × 4 does not fit into [3, 3, 2]"
      ),
      (
        #"[{"type": "average_pool", "pool_size": 9}]"#, [8, 2],
        "#/model/layers/0/pool_size: a window of 9 does not fit into [8, 2]"
      ),
      (
        #"[{"type": "max_pool", "pool_size": [2, 2]}]"#, [8, 2],
        "#/model/layers/0/pool_size: 2 numbers are for [height, width, channels]; give one for [8, 2]"
      ),
      (
        #"[{"type": "global_max_pool"}]"#, nil,
        "#/model/layers/0: `global_max_pool` needs [steps, channels] or [height, width, channels]; the data has rows of 16 numbers: give `data.input_shape`"
      ),
      (
        #"[{"type": "conv2d", "filters": 2, "kernel_size": [3, 3, 3]}]"#, [4, 4, 1],
        "#/model/layers/0/kernel_size: expected a whole number from 1 to 1024 or 2 of them, got 3"
      ),
      (
        #"[{"type": "conv1d", "filters": 2, "kernel_size": [3]}]"#, [8, 2],
        "#/model/layers/0/kernel_size: expected a whole number from 1 to 1024, got an array"
      ),
      (
        #"[{"type": "conv2d", "filters": 2, "kernel_size": "3"}]"#, [4, 4, 1],
        "#/model/layers/0/kernel_size: expected a whole number from 1 to 1024 or 2 of them, got a string"
      ),
      (
        #"[{"type": "conv2d", "filters": 2, "kernel_size": [3, 0]}]"#, [4, 4, 1],
        "#/model/layers/0/kernel_size/1: must be between 1 and 1024, got 0"
      ),
      (
        #"[{"type": "conv1d", "filters": 2, "kernel_size": 3, "strides": 0}]"#, [8, 2],
        "#/model/layers/0/strides: must be between 1 and 1024, got 0"
      ),
      (
        #"[{"type": "conv1d", "filters": 1e18, "kernel_size": 3}]"#, [8, 2],
        "#/model/layers/0/filters: must be between 1 and 65536, got 1e+18"
      ),
      (
        #"[{"type": "max_pool", "pool_size": 1e300}]"#, [8, 2],
        "#/model/layers/0/pool_size: must be between 1 and 1024, got 1e+300"
      ),
      (
        #"[{"type": "reshape", "shape": [3, 3]}]"#, [4, 4, 1],
        "#/model/layers/0/shape: [3, 3] takes 9 numbers, [4, 4, 1] has 16"
      ),
      (
        #"[{"type": "reshape", "shape": [100000000, 100000000, 100000000]}]"#, [4, 4, 1],
        "#/model/layers/0/shape: [100000000, 100000000, 100000000] takes 1e+24 numbers, [4, 4, 1] has 16"
      ),
      (
        #"[{"type": "conv2d", "filters": 3, "kernel_size": 3}]"#, [4, 4, 1],
        "#/model/layers: the output layer needs a vector for each row, or a sequence where targets are sequences; the layers give [2, 2, 3]: add `flatten` or `global_average_pool`"
      ),
      (
        #"[{"type": "residual", "layers": [{"type": "conv2d", "filters": 3, "kernel_size": 3}]}]"#,
        [4, 4, 1],
        "#/model/layers/0: a residual layer adds what it reads, [4, 4, 1], to what its layers give, which is [2, 2, 3]; the two must be the same"
      ),
      (
        #"[{"type": "embedding", "input_dim": 11, "output_dim": 2, "mask_zero": true}, {"type": "flatten"}]"#,
        [16],
        "#/model/layers/1: `flatten` needs rows of one length; these have 15 to 16 steps: end with a recurrent layer or global pooling"
      ),
    ] as [(String, [Int]?, String)])
  func `a fault tells the shapes`(layers: String, shape: [Int]?, fault: String) throws {
    #expect(try faults(document(layers, shape: shape)).first == fault)
  }

  @Test func `other libraries' names are recognised`() throws {
    let found = try faults(
      document(#"[{"type": "conv1d", "num_filters": 4, "kernel_size": 3, "dilation": 2}]"#, shape: [8, 2]))
    #expect(found.contains("#/model/layers/0/num_filters: unknown member; did you mean `filters`?"))
    #expect(found.contains("#/model/layers/0/dilation: unknown member; did you mean `dilation_rate`?"))
  }

  @Test func `no row is larger than a step may be, whatever follows`() throws {
    var limits = TrainingLimits()
    limits.maximumStepValues = 1000
    let widening = #"{"type": "conv2d", "filters": 65536, "kernel_size": 1}"#
    let layers = "[\([String](repeating: widening, count: 8).joined(separator: ", "))]"
    #expect(
      try faults(document(layers), limits: limits).first
        == "#/model/layers/0: [4, 4, 1] → 65536 filters gives 1,048,576 numbers a row; at most 1,000 are allowed"
    )
    // Channels that become positions, again and again.
    let growing = (1...6).flatMap { step in
      let positions = (0..<step).reduce(8) { size, _ in size * 1000 }
      return [
        #"{"type": "conv1d", "filters": 1000, "kernel_size": 1}"#,
        #"{"type": "reshape", "shape": [\#(min(positions, 100_000_000)), 1]}"#,
      ]
    }
    #expect(
      try faults(document("[\(growing.joined(separator: ", "))]", shape: [8, 2])).first
        == "#/model/layers/4: [8000000, 1] → 1000 filters gives 8,000,000,000 numbers a row; at most 100,000,000 are allowed"
    )
  }

  // MARK: Warnings

  @Test(
    arguments: [
      (
        #"[{"type": "max_pool", "pool_size": 2}, {"type": "flatten"}]"#, [7, 2],
        "the last step of 7 is in no window"
      ),
      (
        #"[{"type": "average_pool", "pool_size": 3}, {"type": "flatten"}]"#, [7, 5, 1],
        "the last row of 7 and the last 2 columns of 5 are in no window"
      ),
    ] as [(String, [Int], String)])
  func `a pooling that drops elements warns`(layers: String, shape: [Int], message: String) throws {
    let warnings = try prepare(document(layers, shape: shape)).warnings.filter { $0.code == "pooling_drops" }
    #expect(warnings.map(\.message) == [message])
    #expect(warnings.first?.pointer?.fragment == "#/model/layers/0")
  }

  @Test func `a bias before a normalisation warns`() throws {
    func codes(_ convolution: String, _ between: String = "") throws -> [String] {
      try prepare(
        document(
          #"""
          [{"type": "conv2d", "filters": 2, "kernel_size": 2\#(convolution)}, \#(between)
           {"type": "batch_norm"}, {"type": "flatten"}]
          """#)
      ).warnings.map(\.code).filter { $0 == "bias_without_effect" }
    }
    #expect(try codes(#", "activation": "none""#) == ["bias_without_effect"])
    #expect(
      try codes(#", "activation": "none""#, #"{"type": "max_pool", "pool_size": 3},"#) == [
        "bias_without_effect"
      ])
    #expect(try codes(#", "activation": "none", "use_bias": false"#).isEmpty)
    #expect(try codes("").isEmpty)
  }

  // MARK: Training

  @Test(
    arguments: [
      #"{"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"}"#,
      #"{"strategy": "hypernetwork", "input": "sample", "granularity": "unit"}"#, #"{"strategy": "random"}"#,
      #"{"strategy": "spline", "granularity": "unit"}"#,
    ])
  func `images are learned, kept and reported`(activation: String) throws {
    let job = try prepare(document(image, activation: activation))
    let outcome = job.run()
    #expect(outcome.ending == .succeeded)
    let bytes = outcome.trained.serialized()
    let copy = try TrainedModel(serialized: bytes)
    #expect(copy.serialized() == bytes)
    let rows = try json(
      #"{"inputs": [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4, 5], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]]}"#
    )
    #expect(try copy.predict(rows).document == outcome.trained.predict(rows).document)
    #expect(job.assembly.sites.map(\.name) == ["layers.0.activation"])
    #expect(job.assembly.sites.map(\.units) == [3])
    #expect(outcome.trained.inputStatistics[0].counts.reduce(0, +) > 0)
  }
}
