// What is warned of in recurrent layers, before a training and after it.

import Data
import JSON
import Testing
import Training

/// A job over sequences of three steps.
private func document(
  _ layers: String, activation: String = #""tanh""#, training: String = #""epochs": 1"#
) -> String {
  #"""
  {"data": {\#(Rows.sequences)}, "activation": \#(activation), "model": {"layers": \#(layers)},
   "training": {\#(training)}}
  """#
}

/// The warnings of these codes, as `#/place code`.
private func warnings(
  _ layers: String, activation: String = #""tanh""#, training: String = #""epochs": 1"#
) throws -> [String] {
  let codes = ["gate_not_bounded", "unbounded_recurrence", "vanishing_recurrence"]
  return try prepare(document(layers, activation: activation, training: training)).warnings
    .filter { codes.contains($0.code) }.map { "\($0.pointer?.fragment ?? "") \($0.code)" }
}

@Suite struct RecurrentWarningTests {
  @Test(
    arguments: [
      (#""sigmoid""#, false), (#""hard_sigmoid""#, false), (#""parametric_sigmoid""#, false),
      (#""tanh""#, true), (#""relu""#, true), (#""swish""#, true),
      (#"{"strategy": "random", "candidates": ["sigmoid", "hard_sigmoid"]}"#, false),
      (#"{"strategy": "random", "candidates": ["sigmoid", "tanh"]}"#, true),
      (#"{"strategy": "mixture", "candidates": ["sigmoid", "relu"]}"#, true),
      (#"{"strategy": "expression", "expression": "0.5 + 0.5 * sin(x)"}"#, false),
      (#"{"strategy": "expression", "expression": "0.6 + 0.5 * sin(x)"}"#, true),
    ], ["lstm", "gru"])
  func `gates should be within 0 and 1`(gates: (function: String, warns: Bool), type: String) throws {
    let found = try warnings(
      #"[{"type": "\#(type)", "units": 3, "recurrent_activation": \#(gates.function)}]"#)
    #expect(found == (gates.warns ? ["#/model/layers/0/recurrent_activation gate_not_bounded"] : []))
  }

  @Test func `the bounds of gates are named`() throws {
    let job = try prepare(
      document(#"[{"type": "gru", "units": 3, "recurrent_activation": "tanh"}]"#))
    let message = job.warnings.first { $0.code == "gate_not_bounded" }?.message
    #expect(
      message?.contains("are between -1 and 1 at first, not within 0 and 1") == true, "\(message ?? "")")
  }

  @Test(
    arguments: [
      (#""relu""#, true), (#""swish""#, true), (#""prelu""#, true), (#""none""#, true), (#""tanh""#, false),
      (#""parametric_tanh""#, false), (#""sigmoid""#, false),
      (#"{"strategy": "random", "candidates": ["tanh", "relu"]}"#, true),
    ])
  func `an lstm should not be without bounds at both places`(function: String, warns: Bool) throws {
    let shared = #""output_activation": "shared""#
    let place = ["#/model/layers/0/output_activation unbounded_recurrence"]
    func found(_ members: String, _ training: String = #""epochs": 1"#) throws -> [String] {
      try warnings(
        #"[{"type": "lstm", "units": 3, "activation": \#(function)\#(members)}]"#, training: training)
    }
    #expect(try found(", \(shared)") == (warns ? place : []))
    // Clipping does not mend it, a bounded way out does.
    #expect(try found(", \(shared)", #""epochs": 1, "gradient_clip_norm": 1"#) == (warns ? place : []))
    #expect(try found("") == [])
    if function != #""none""# {
      #expect(
        try warnings(#"[{"type": "lstm", "units": 3, \#(shared)}]"#, activation: function)
          == (warns ? place : []))
    }
  }

  @Test func `an rnn without bounds should be clipped`() throws {
    let rnn = #"[{"type": "rnn", "units": 3}]"#
    #expect(try warnings(rnn, activation: #""relu""#) == ["#/model/layers/0 unbounded_recurrence"])
    #expect(
      try warnings(#"[{"type": "rnn", "units": 3, "activation": "relu"}]"#)
        == ["#/model/layers/0/activation unbounded_recurrence"])
    #expect(
      try warnings(rnn, activation: #""relu""#, training: #""epochs": 1, "gradient_clip_norm": 1"#) == [])
    #expect(try warnings(#"[{"type": "gru", "units": 3}]"#, activation: #""relu""#) == [])
  }

  @Test(
    arguments: [
      (#""sigmoid""#, true), (#""parametric_sigmoid""#, true), (#""tanh""#, false),
      (#""parametric_tanh""#, false), (#"{"strategy": "random", "candidates": ["sigmoid", "tanh"]}"#, false),
    ])
  func `an rnn should not be flat`(function: String, warns: Bool) throws {
    #expect(
      try warnings(#"[{"type": "rnn", "units": 3, "activation": \#(function)}]"#)
        == (warns ? ["#/model/layers/0/activation vanishing_recurrence"] : []))
    #expect(
      try warnings(#"[{"type": "rnn", "units": 3}]"#, activation: function)
        == (warns ? ["#/model/layers/0 vanishing_recurrence"] : []))
    #expect(try warnings(#"[{"type": "gru", "units": 3}]"#, activation: function) == [])
  }

  @Test func `layers inside others have their places`() throws {
    #expect(
      try warnings(
        #"""
        [{"type": "residual", "layers": [{"type": "rnn", "units": 2, "activation": "sigmoid", "return_sequences": true}]},
         {"type": "gru", "units": 2, "recurrent_activation": "tanh"}]
        """#) == [
          "#/model/layers/0/layers/0/activation vanishing_recurrence",
          "#/model/layers/1/recurrent_activation gate_not_bounded",
        ])
  }

  // MARK: Norms of gradients

  @Test(
    arguments: [
      // A step far beyond the others of its epoch.
      ([[1, 2, 1, 1, 150.5]], GradientNorms.Spike(epoch: 1, norm: 150.5, usual: 1)),
      ([[1, 2, 1, 1, 99]], nil),
      // What is usual does not fall.
      ([[1, 2, 3], [0.001, 0.002, 1]], nil),
      // It rises with all steps of an epoch.
      ([[0.01, 0.01], [5, 6, 7]], nil),
      // Of an epoch of one step only those before it tell; the one that stands out most is kept.
      ([[1], [2], [300], [2], [400], [201]], GradientNorms.Spike(epoch: 3, norm: 300, usual: 2)),
      ([[5]], nil), ([[0], [0]], nil),
    ] as [([[Double]], GradientNorms.Spike?)])
  func `a spike is far beyond what was usual`(epochs: [[Double]], spike: GradientNorms.Spike?) {
    var norms = GradientNorms(stepsPerEpoch: 5)
    for (index, epoch) in epochs.enumerated() {
      for norm in epoch { norms.append(norm) }
      norms.endEpoch(index + 1)
    }
    #expect(norms.spike == spike)
  }

  /// One row of numbers a thousand times larger than the others': its step has a gradient like that.
  private func spiky(_ layers: String, _ training: String = "") -> String {
    let rows = (0..<32).map { "[[\($0 == 20 ? 1000 : $0 % 3), 1], [\($0 % 2), 0.5]]" }
    let targets = (0..<32).map { $0 == 20 ? "500" : "\($0 % 4)" }
    return #"""
      {"data": {"inputs": [\#(rows.joined(separator: ", "))], "targets": [\#(targets.joined(separator: ", "))],
                "validation_fraction": 0, "standardize": false},
       "task": "regression", "activation": "tanh", "model": {"layers": \#(layers)},
       "training": {"epochs": 3, "batch_size": 1, "optimizer": {"name": "sgd", "learning_rate": 1e-6}\#(training)}}
      """#
  }

  @Test func `a step whose gradient is far larger than usual is warned of`() throws {
    let gru = #"[{"type": "gru", "units": 3}]"#
    let outcome = try prepare(spiky(gru)).run()
    let warning = try #require(outcome.warnings.first { $0.code == "gradient_spikes" })
    #expect(warning.pointer?.fragment == "#/training/gradient_clip_norm")
    #expect(warning.message.hasPrefix("a step of epoch 1 had a gradient of norm "))
    #expect(warning.message.hasSuffix("`gradient_clip_norm` 1 would hold such steps back"))
    let clipped = try prepare(spiky(gru, #", "gradient_clip_norm": 1"#)).run().warnings
    #expect(
      clipped.first { $0.code == "gradient_spikes" }?.message.hasSuffix(
        "it was clipped to 1.0; a smaller learning_rate may help") == true, "\(clipped)")
  }

  @Test func `networks without cells and even gradients are not warned of`() throws {
    let dense = try prepare(spiky(#"[{"type": "flatten"}, {"type": "dense", "units": 3}]"#)).run()
    #expect(!dense.warnings.contains { $0.code == "gradient_spikes" })
    let even = try prepare(document(#"[{"type": "gru", "units": 3}]"#, training: #""epochs": 5"#)).run()
    #expect(!even.warnings.contains { $0.code == "gradient_spikes" })
  }

  // MARK: Divergence

  @Test(
    arguments: [
      (#"{"type": "lstm", "units": 3, "output_activation": "shared"}"#, "(`lstm`) the largest |c| was "),
      (#"{"type": "rnn", "units": 3}"#, "(`rnn`) the largest |h| was "),
    ])
  func `a run that diverged names the layer, the state and its step`(layer: String, words: String) throws {
    let job = try prepare(
      document(
        #"[{"type": "dense", "units": 2}, \#(layer)]"#, activation: #""relu""#,
        training: #""epochs": 50, "optimizer": {"name": "sgd", "learning_rate": 1e8}"#))
    guard case .diverged(_, let iteration, let message) = job.run().ending else {
      Issue.record("it did not diverge")
      return
    }
    #expect(iteration > 0 && message.contains("; in layers.1 \(words)"), "\(message)")
    #expect(message.contains(", at step ") && message.contains(" of a row"), "\(message)")
  }

  @Test func `a run without cells diverges without them`() throws {
    let job = try prepare(
      document(
        #"[{"type": "flatten"}, {"type": "dense", "units": 2}]"#, activation: #""relu""#,
        training: #""epochs": 50, "optimizer": {"name": "sgd", "learning_rate": 1e12}"#))
    guard case .diverged(_, _, let message) = job.run().ending else {
      Issue.record("it did not diverge")
      return
    }
    #expect(!message.contains(";"), "\(message)")
  }
}
