// The resolved specification: every default written out, a fixed point of resolving, and no rows in it.

import Data
import JSON
import Testing
import Training

@Suite struct SpecificationDefaultsTests {
  @Test func `every default is written out`() throws {
    let job = try prepare(#"{"data": {"synthetic": {"kind": "two_moons"}}, "activation": "tanh"}"#)
    let expected = try json(
      #"""
      {"name": null, "metadata": {},
       "data": {"synthetic": {"kind": "two_moons", "rows": 1000, "noise": 0.1, "seed": 0},
                "validation_fraction": 0.2, "test_fraction": 0, "split": "stratified", "split_seed": 0, "standardize": true,
                "missing": "error", "unknown": "error"},
       "task": "binary", "model": {"hidden": [32, 32], "output": "dense"},
       "activation": {"strategy": "fixed", "function": "tanh", "learning_rate_multiplier": 1, "weight_decay": 0,
                      "normalize": false},
       "training": {"epochs": 100, "batch_size": 32,
                    "optimizer": {"name": "adam", "learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
                    "schedule": {"name": "constant", "warmup_epochs": 0}, "weight_decay": 0, "gradient_clip_norm": null,
                    "early_stopping": null, "keep": "best", "shuffle": true, "initializer": {"name": "auto", "scale": 1}, "threads": "auto"},
       "limits": {"max_seconds": 3600}, "priority": 0, "seed": 0}
      """#)
    #expect(job.resolvedSpec == expected, "\(String(decoding: job.resolvedSpec.serialized(), as: UTF8.self))")
  }

  @Test(arguments: [
    (
      #""optimizer": "sgd""#, "optimizer",
      #"{"name": "sgd", "learning_rate": 0.001, "momentum": 0, "nesterov": false}"#
    ),
    (
      #""optimizer": {"name": "rmsprop"}"#, "optimizer",
      #"{"name": "rmsprop", "learning_rate": 0.001, "decay": 0.99, "epsilon": 1e-8, "momentum": 0}"#
    ),
    (
      #""schedule": "step""#, "schedule",
      #"{"name": "step", "warmup_epochs": 0, "every_epochs": 30, "factor": 0.1}"#
    ),
    (
      #""optimizer": "lbfgs""#, "optimizer", #"{"name": "lbfgs", "learning_rate": 1, "history_size": 10}"#
    ),
    (#""optimizer": "lbfgs""#, "batch_size", #""full""#),
    (#""initializer": "pytorch""#, "initializer", #"{"name": "pytorch", "scale": 1}"#),
    (#""initializer": {"scale": 0.5}"#, "initializer", #"{"name": "auto", "scale": 0.5}"#),
    (#""schedule": {"name": "cosine"}"#, "schedule", #"{"name": "cosine", "warmup_epochs": 0, "floor": 0}"#),
    (
      #""early_stopping": {"patience": 5}"#, "early_stopping",
      #"{"patience": 5, "min_delta": 0, "metric": "validation_loss"}"#
    ),
  ])
  func `own defaults of options are written out`(given: String, member: String, expected: String) throws {
    let job = try prepare(
      #"{"data": {"synthetic": {"kind": "xor"}}, "activation": "tanh", "training": {\#(given)}}"#)
    #expect(try job.resolvedSpec["training"]?[member] == json(expected))
  }

  @Test(arguments: [
    (#""prelu""#, "parametric"), (#""relu""#, "fixed"), (#""network""#, "network"), (#""random""#, "random"),
    (#"{"strategy": "hypernetwork"}"#, "hypernetwork"),
  ])
  func `a name is short for a strategy`(text: String, strategy: String) throws {
    let job = try prepare(#"{"data": {"synthetic": {"kind": "xor"}}, "activation": \#(text)}"#)
    #expect(job.strategyName == strategy)
    #expect(job.resolvedSpec["activation"]?["strategy"] == .string(strategy))
  }

  @Test(arguments: [
    #"{"data": {"synthetic": {"kind": "sine"}}, "activation": "random", "model": {"hidden": [3]}}"#,
    #"""
    {"data": {"synthetic": {"kind": "xor", "rows": 40}}, "activation": {"strategy": "expression",
     "expression": "x * sigmoid(beta * x)", "parameters": {"beta": {"initial": 1, "constraint": "positive"}}},
     "model": {"layers": [{"type": "dense", "units": 4, "activation": "none"}, {"type": "batch_norm"},
       {"type": "activation"}, {"type": "dropout", "rate": 0.1}, {"type": "dense", "units": 3, "activation": "prelu"},
       {"type": "layer_norm"}]},
     "training": {"iterations": 50, "batch_size": "full", "schedule": "cosine", "gradient_clip_norm": 1,
       "initializer": {"name": "orthogonal", "scale": 0.5}}}
    """#,
  ])
  func `resolving again changes nothing`(document: String) throws {
    let once = try prepare(document)
    let twice = try PreparedTraining(TrainingRequest(document: once.resolvedSpec))
    #expect(twice.resolvedSpec == once.resolvedSpec)
    #expect(twice.specDigest == once.specDigest && twice.dataDigest == once.dataDigest)
  }

  @Test func `rows stay out of both documents`() throws {
    let inline = try prepare(
      #"{"data": {"inputs": [[1], [2], [3]], "targets": [1, 2, 3], "validation_fraction": 0}, "activation": "relu"}"#
    )
    #expect(try inline.specDocument == json(#"{"data": {"validation_fraction": 0}, "activation": "relu"}"#))
    let csv = try prepare(
      #"{"data": {"csv": "a,b,c\n1,2,x\n3,4,y\n5,6,x\n7,8,y", "target": "c"}, "activation": "relu"}"#)
    #expect(csv.specDocument["data"] == ["target": "c"])
    #expect(csv.resolvedSpec["data"]?["features"] == ["a", "b"])
    #expect(csv.resolvedSpec["data"]?["csv"] == nil)
  }

  @Test func `digests follow what they name`() throws {
    func job(_ target: Int, _ epochs: Int) throws -> PreparedTraining {
      try prepare(
        #"""
        {"data": {"inputs": [[1], [2], [3]], "targets": [1, 2, \#(target)], "validation_fraction": 0},
         "activation": "relu", "training": {"epochs": \#(epochs)}}
        """#)
    }
    let reference = try job(3, 5)
    #expect(try job(4, 5).dataDigest != reference.dataDigest)
    #expect(try job(4, 5).specDigest == reference.specDigest)
    #expect(try job(3, 6).specDigest != reference.specDigest)
    #expect(try job(3, 6).dataDigest == reference.dataDigest)
  }

  @Test func `the bare model is not standardized unless asked`() throws {
    let bare = #""model": {"layers": [{"type": "activation"}], "output": "none"}, "activation": "prelu""#
    let job = try prepare(#"{"data": {"synthetic": {"kind": "uniform", "rows": 100}}, \#(bare)}"#)
    #expect(job.resolvedSpec["data"]?["standardize"] == false)
    #expect(job.parameterCount == 1 && job.activationParameterCount == 1)
    let asked = try prepare(
      #"{"data": {"synthetic": {"kind": "uniform", "rows": 100}, "standardize": true}, \#(bare)}"#)
    #expect(asked.resolvedSpec["data"]?["standardize"] == true)
  }

  @Test func `parameters are counted`() throws {
    let job = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "xor"}}, "model": {"hidden": [4, 3]},
       "activation": {"strategy": "parametric", "function": "parametric_sigmoid", "granularity": "unit"}}
      """#)
    #expect(job.parameterCount == (2 + 1) * 4 + (4 + 1) * 3 + (3 + 1) + 2 * (4 + 3))
    #expect(job.activationParameterCount == 14)
    #expect(job.estimatedCost.multiplyAdds == 3 * Double(2 * 4 + 4 * 3 + 3) * 32 * 25 * 100)
  }

  @Test func `odd choices are warned of`() throws {
    let job = try prepare(
      #"""
      {"data": {"csv": "a,b,y\n1,5,2\n2,5,3\n,5,4\n4,5,5", "target": "y", "missing": "drop", "validation_fraction": 0.1},
       "activation": "relu", "model": {"hidden": []}, "training": {"threads": 4}}
      """#)
    #expect(
      job.warnings.map(\.code) == [
        "constant_feature", "dropped_rows", "no_validation_rows", "unused_activation",
      ])
  }
}
