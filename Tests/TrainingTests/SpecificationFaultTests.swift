// Faulty specifications: every fault of each document, at its exact place.

import Data
import Testing
import Training

/// A document with one part replaced.
private func spec(
  data: String = #"{"synthetic": {"kind": "xor", "rows": 40}}"#, activation: String = #""relu""#,
  _ more: String = ""
) -> String {
  #"{"data": \#(data), "activation": \#(activation)\#(more.isEmpty ? "" : ", " + more)}"#
}

private func training(_ members: String) -> String { spec(#""training": {\#(members)}"#) }
private func model(_ members: String) -> String { spec(#""model": {\#(members)}"#) }
private func activation(_ text: String) -> String { spec(activation: text) }
private func data(_ text: String) -> String { spec(data: text) }

@Suite struct SpecificationFaultTests {
  @Test(arguments: [
    // The document
    ("[]", ["#"]),
    ("{}", ["#/data", "#/activation"]),
    (spec(#""epochs": 3"#), ["#/epochs"]),
    (spec(#""name": 3"#), ["#/name"]),
    (spec(#""name": "\#(String(repeating: "x", count: 201))""#), ["#/name"]),
    (spec(#""metadata": {"a": 1, "b": "ok"}"#), ["#/metadata/a"]),
    (spec(#""metadata": []"#), ["#/metadata"]),
    (spec(#""task": "clustering""#), ["#/task"]),
    (spec(#""priority": 11"#), ["#/priority"]),
    (spec(#""priority": 0.5"#), ["#/priority"]),
    (spec(#""seed": -1"#), ["#/seed"]),
    (spec(#""seed": 9007199254740993"#), ["#/seed"]),
    (data(#"{"inputs": [[1e39], [1]], "targets": [1, -1e300]}"#), ["#/data/inputs/0/0", "#/data/targets/1"]),
    (spec(#""limits": {"max_seconds": 0, "x/y": 1}"#), ["#/limits/max_seconds", "#/limits/x~1y"]),
    // Training
    (training(#""epochs": 0"#), ["#/training/epochs"]),
    (training(#""epochs": "many""#), ["#/training/epochs"]),
    (training(#""epochs": 5, "iterations": 5"#), ["#/training/iterations"]),
    (training(#""iterations": 100000000"#), ["#/training/iterations"]),
    (training(#""batch_size": "half""#), ["#/training/batch_size"]),
    (training(#""batch_size": 0"#), ["#/training/batch_size"]),
    (training(#""optimizer": "adamm""#), ["#/training/optimizer"]),
    (training(#""optimizer": 3"#), ["#/training/optimizer"]),
    (training(#""optimizer": {"name": "sgd", "beta1": 0.5}"#), ["#/training/optimizer/beta1"]),
    (training(#""optimizer": {"name": "sgd", "nesterov": true}"#), ["#/training/optimizer/nesterov"]),
    (training(#""optimizer": {"learning_rate": -1}"#), ["#/training/optimizer/learning_rate"]),
    (
      training(#""optimizer": {"name": "lbfgs", "history_size": 0, "momentum": 0.9}"#),
      ["#/training/optimizer/history_size", "#/training/optimizer/momentum"]
    ),
    (
      training(#""optimizer": "lbfgs", "batch_size": 32, "gradient_clip_norm": 1, "schedule": "cosine""#),
      ["#/training/batch_size", "#/training/gradient_clip_norm", "#/training/schedule"]
    ),
    (
      training(#""optimizer": "lbfgs", "schedule": {"warmup_epochs": 2}"#), ["#/training/schedule"]
    ),
    (training(#""schedule": "exponential""#), ["#/training/schedule"]),
    (training(#""schedule": {"name": "step", "floor": 1}"#), ["#/training/schedule/floor"]),
    (
      training(#""weight_decay": -1, "gradient_clip_norm": 0"#),
      ["#/training/weight_decay", "#/training/gradient_clip_norm"]
    ),
    (training(#""early_stopping": {}"#), ["#/training/early_stopping/patience"]),
    (
      training(#""early_stopping": {"patience": 3, "metric": "validation_acuracy"}"#),
      ["#/training/early_stopping/metric"]
    ),
    (
      training(#""early_stopping": {"patience": 3, "metric": "validation_rmse"}"#),
      ["#/training/early_stopping/metric"]
    ),
    (
      training(#""shuffle": 1, "initializer": "xavier", "threads": "many""#),
      ["#/training/shuffle", "#/training/initializer", "#/training/threads"]
    ),
    (
      training(#""initializer": {"name": "xavier", "scale": 0, "gain": 1}"#),
      ["#/training/initializer/name", "#/training/initializer/scale", "#/training/initializer/gain"]
    ),
    // Model
    (model(#""hidden": [32, 0]"#), ["#/model/hidden/1"]),
    (model(#""hidden": 32"#), ["#/model/hidden"]),
    (model(#""hidden": [3], "layers": []"#), ["#/model/layers"]),
    (
      model(#""layers": [{"type": "dense"}, {"type": "conv9d"}, 7]"#),
      ["#/model/layers/0/units", "#/model/layers/1/type", "#/model/layers/2"]
    ),
    (model(#""layers": [{"type": "dropout", "rate": 1}]"#), ["#/model/layers/0/rate"]),
    (
      model(#""layers": [{"type": "dense", "units": 3, "activation": "rellu"}]"#),
      ["#/model/layers/0/activation"]
    ),
    (
      model(
        #""layers": [{"type": "gated"}, {"type": "glu", "units": 0}, {"type": "swiglu", "units": 3, "activation": "relu"}]"#
      ),
      ["#/model/layers/0/units", "#/model/layers/1/units", "#/model/layers/2/activation"]
    ),
    (
      model(
        #""layers": [{"type": "gated", "units": 32769}, {"type": "gated", "units": 3, "activation": "none"}]"#
      ),
      ["#/model/layers/0/units", "#/model/layers/1/activation"]
    ),
    (
      model(#""layers": [{"type": "gated", "units": 3, "activation": {"strategy": "parametric"}}]"#),
      ["#/model/layers/0/activation/function"]
    ),
    (
      model(
        #""layers": [{"type": "maxout", "units": 3, "pieces": 1}, {"type": "maxout", "units": 4097, "pieces": 16}, {"type": "maxout", "units": 2, "activation": "rellu"}]"#
      ),
      ["#/model/layers/0/pieces", "#/model/layers/1/units", "#/model/layers/2/activation"]
    ),
    (model(#""layers": [{"type": "gated", "units": 3}], "output": "none""#), ["#/model/output"]),
    (
      model(#""layers": [{"type": "maxout", "units": 20000, "pieces": 3}, {"type": "glu", "units": 20000}]"#),
      ["#/model"]
    ),
    (model(#""hidden": [3], "output": "none""#), ["#/model/output"]),
    (model(#""hidden": [], "output": "none""#), ["#/model"]),
    (model(#""hidden": [60000, 60000]"#), ["#/model"]),
    // Activation
    (activation("7"), ["#/activation"]),
    (activation(#""rellu""#), ["#/activation"]),
    (activation("{}"), ["#/activation/strategy"]),
    (activation(#"{"strategy": "parametrik"}"#), ["#/activation/strategy"]),
    (
      activation(#"{"strategy": "parametric", "function": "prelu", "initial": {"zz": 1}}"#),
      ["#/activation/initial/zz"]
    ),
    (activation(#"{"strategy": "random", "candidates": ["tanh", "nope"]}"#), ["#/activation/candidates/1"]),
    (activation(#"{"strategy": "network", "hiden": [3]}"#), ["#/activation/hiden"]),
    (activation(#"{"strategy": "expression", "expression": "x * ("}"#), ["#/activation/expression"]),
    // Data
    (data("{}"), ["#/data"]),
    (data("3"), ["#/data"]),
    (data(#"{"dataset": "ds_1"}"#), ["#/data/dataset"]),
    (data(#"{"inputs": [[1], [2]]}"#), ["#/data/targets"]),
    (data(#"{"inputs": [], "targets": []}"#), ["#/data/inputs"]),
    (data(#"{"inputs": [[1], [2]], "targets": [1]}"#), ["#/data/targets"]),
    (data(#"{"inputs": [[1, 2], [3], [4, 5]], "targets": [1, 2, 3]}"#), ["#/data/inputs/1"]),
    (
      data(#"{"inputs": [[1], ["NaN"], [null]], "targets": [1, 2, 3]}"#),
      ["#/data/inputs/1/0", "#/data/inputs/2/0"]
    ),
    (data(#"{"inputs": [[1], [2]], "targets": ["a", 2]}"#), ["#/data/targets/1"]),
    (data(#"{"inputs": [[1], [2]], "targets": ["a", null]}"#), ["#/data"]),
    (data(#"{"inputs": [[1], [2]], "targets": [[1], [1, 2]]}"#), ["#/data/targets/1"]),
    (data(#"{"inputs": [[1], [2]], "targets": ["a", "a"]}"#), ["#/task"]),
    (data(#"{"inputs": [[1], [2]], "targets": [1, 2], "target": "y"}"#), ["#/data/target"]),
    (data(#"{"inputs": [[1], [2]], "targets": [1, 2], "csv": "a,b\n1,2"}"#), ["#/data/csv"]),
    (data(#"{"inputs": [[1], [2]], "targets": [1, 2], "split": "stratified"}"#), ["#/data/split"]),
    (data(#"{"csv": "a,b\n1,2\n3,4"}"#), ["#/data/target"]),
    (data(#"{"csv": "a,b\n1,2\n3", "target": "b"}"#), ["#/data/csv"]),
    (data(#"{"csv": "a,b\n1,\n,4\n2,3", "target": "b"}"#), ["#/data/csv"]),
    (
      data(#"{"csv": "ab,cd\n1,2\n3,4", "target": "ce", "features": ["ba", "ab"]}"#),
      ["#/data/target", "#/data/features/0"]
    ),
    (data(#"{"csv": "a,b\n1,2\n3,4", "target": "b", "features": ["b"]}"#), ["#/data/features/0"]),
    (data(#"{"csv": "a,b\n1,2\n3,4", "target": ["b", "b"]}"#), ["#/data/target/1"]),
    (data(#"{"csv": "a\n1\n2", "target": "a"}"#), ["#/data/csv"]),
    (
      data(#"{"synthetic": {"kind": "moons", "rows": 1}, "validation_fraction": 1}"#),
      ["#/data/validation_fraction", "#/data/synthetic/kind", "#/data/synthetic/rows"]
    ),
    (data(#"{"synthetic": {"kind": "uniform", "noise": 1}}"#), ["#/data/synthetic/noise"]),
  ])
  func `every fault is at its place`(document: String, expected: [String]) throws {
    let found = try faults(document)
    #expect(try pointers(document) == expected, "\(found)")
  }

  @Test func `faults of all sections come at once`() throws {
    let document = #"""
      {"data": {"inputs": [[1], [2, 3]], "targets": [1, 2]}, "activation": {"strategy": "fixed", "function": "rellu"},
       "model": {"hidden": [-1]}, "training": {"epochs": 1.5}, "sede": 3}
      """#
    #expect(
      try pointers(document) == [
        "#/model/hidden/0", "#/activation/function", "#/training/epochs", "#/sede", "#/data/inputs/1",
      ])
  }

  @Test(arguments: [
    (spec(#""trainin": {}"#), "did you mean `training`"),
    (training(#""epoch": 3"#), "did you mean `epochs`"),
    (activation(#""rellu""#), "relu"),
    (
      training(#""early_stopping": {"patience": 3, "metric": "validation_acuracy"}"#), "`validation_accuracy`"
    ),
    (data(#"{"csv": "label,b\n1,2\n3,4", "target": "lable"}"#), "did you mean `label`"),
  ])
  func `misspelt names get a suggestion`(document: String, suggestion: String) throws {
    let found = try faults(document)
    #expect(found.count == 1 && found[0].contains(suggestion), "\(found)")
  }

  @Test func `lbfgs needs a loss that is the same each time`() throws {
    let lbfgs = #""training": {"optimizer": "lbfgs"}"#
    let layers = #""model": {"layers": [{"type": "dense", "units": 3}, {"type": "dropout", "rate": 0.1}]}"#
    #expect(try pointers(spec(lbfgs)) == [])
    for (document, name) in [
      (spec(activation: #""random""#, lbfgs), "`random` draws"),
      (
        spec(activation: #"{"strategy": "mixture", "candidates": ["relu", "tanh"]}"#, lbfgs),
        "`mixture` draws"
      ),
      (spec(activation: #""rrelu""#, lbfgs), "`rrelu` draws"),
      (spec(activation: #""rrelu""#, lbfgs + ", " + layers), "`rrelu`, `dropout` draw"),
      (spec(lbfgs + ", " + layers), "`dropout` draws"),
    ] {
      let found = try faults(document)
      #expect(
        found.count == 1 && found[0].hasPrefix("#/training/optimizer: ") && found[0].contains(name),
        "\(found)")
    }
    var limits = TrainingLimits()
    limits.maximumStepValues = 50_000
    // 4001 parameters, with 15 values each for two pairs and 11 for one.
    func wide(_ pairs: Int) -> String {
      #""model": {"hidden": [1000]}, "training": {"optimizer": {"name": "lbfgs", "history_size": \#(pairs)}}"#
    }
    let xor = #"{"synthetic": {"kind": "xor", "rows": 10}}"#
    #expect(try pointers(spec(data: xor, wide(2)), limits: limits) == ["#/training/optimizer"])
    #expect(try pointers(spec(data: xor, wide(1)), limits: limits) == [])
  }

  @Test func `missing values are named by row and column`() throws {
    let found = try faults(data(#"{"csv": "a,b\n1,2\n\n,4", "target": "b"}"#))
    #expect(found.count == 1 && found[0].contains("row 4, column 1 (`a`)"), "\(found)")
  }

  @Test func `a file and another source exclude each other`() throws {
    #expect(try pointers(data(#"{"inputs": [[1]], "targets": [1]}"#), csv: "a,b\n1,2\n") == ["#/data/inputs"])
    #expect(try pointers(data("{}"), csv: "a,b\n1,2\n") == ["#/data/target"])
    #expect(try pointers(data(#"{"target": "b"}"#), csv: "a,b\n1,2\n3\n") == ["#/data"])
  }

  @Test func `early stopping on validation needs validation rows`() throws {
    let document = #"""
      {"data": {"synthetic": {"kind": "xor", "rows": 40}, "validation_fraction": 0}, "activation": "relu",
       "training": {"early_stopping": {"patience": 3}}}
      """#
    let found = try faults(document)
    #expect(found.count == 1 && found[0].hasPrefix("#/training/early_stopping/metric: "), "\(found)")
  }

  @Test func `tasks must fit their targets`() throws {
    func task(_ task: String, _ targets: String) throws -> [String] {
      try pointers(
        #"{"data": {"inputs": [[1], [2], [3]], "targets": \#(targets)}, "task": "\#(task)", "activation": "relu"}"#
      )
    }
    #expect(try task("regression", #"["a", "b", "c"]"#) == ["#/task"])
    #expect(try task("binary", #"["a", "b", "c"]"#) == ["#/task"])
    #expect(try task("binary", "[[1, 2], [1, 2], [1, 3]]") == ["#/task"])
    #expect(try task("multiclass", "[1, 1, 1]") == ["#/task"])
    #expect(try task("multiclass", "[1, 2, 3]") == [])
    #expect(try task("binary", "[false, true, true]") == [])
  }

  @Test func `sizes beyond the limits are refused`() throws {
    var limits = TrainingLimits()
    limits.data.maximumRows = 39
    limits.maximumStepValues = 300
    limits.maximumParameters = 100
    limits.data.maximumCategories = 3
    #expect(try pointers(spec(#""model": {"hidden": [40]}"#), limits: limits) == ["#/data/synthetic/rows"])
    let small = #"{"synthetic": {"kind": "xor", "rows": 30}}"#
    #expect(
      try pointers(spec(data: small, #""model": {"hidden": [20]}"#), limits: limits) == [
        "#/training/batch_size"
      ])
    #expect(
      try pointers(
        spec(data: small, #""model": {"hidden": [40]}, "training": {"batch_size": 1}"#), limits: limits)
        == ["#/model"])
    let names = #"{"inputs": [[1], [2], [3], [4]], "targets": ["a", "b", "c", "d"]}"#
    #expect(try pointers(data(names), limits: limits) == ["#/task"])
    let prelu = spec(
      data: small, activation: #"{"strategy": "parametric", "function": "prelu", "granularity": "unit"}"#,
      #""model": {"hidden": [24]}, "training": {"batch_size": 1}"#)
    #expect(try pointers(prelu, limits: limits) == ["#/model"])
    let found = try faults(
      data(#"{"csv": "a,y\n1,1\nx,2\ny,3\nz,4\nw,5", "target": "y", "features": ["a"]}"#), limits: limits)
    #expect(found.count == 1 && found[0].contains("row 3"), "\(found)")
  }

  @Test func `a document full of faults is refused before its data are read`() throws {
    let members = (0..<2000).map { #""m\#($0)": 0"# }.joined(separator: ",")
    let ragged = #"{"inputs": [[1, 2], [3]], "targets": [1, 2]}"#
    #expect(try faults(spec(data: ragged, members)).count == 1000)
  }

  @Test func `many faulty rows do not flood the answer`() throws {
    let rows = (0..<1000).map { $0 == 0 ? "[1, 2]" : "[1]" }.joined(separator: ",")
    let targets = (0..<1000).map(String.init).joined(separator: ",")
    let found = try faults(data(#"{"inputs": [\#(rows)], "targets": [\#(targets)]}"#))
    #expect((1...20).contains(found.count))
  }
}
