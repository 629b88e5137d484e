// Data with a shape in a job: sequences of different lengths, targets for each step, tokens, windows, arrays.

import Data
import JSON
import Testing
import Training

/// A job over the members of `data`; its last state is kept, so that its metrics are those of the last epoch.
private func document(
  _ data: String, _ layers: String, task: String = "auto", activation: String = #""tanh""#
) -> String {
  #"""
  {"data": {\#(data)}, "task": "\#(task)", "activation": \#(activation), "model": {"layers": \#(layers)},
   "training": {"epochs": 3, "keep": "last", "batch_size": 2}, "seed": 5}
  """#
}

private let gru = #"[{"type": "gru", "units": 3, "return_sequences": true}]"#

/// The documents of predictions for some rows.
private func predictions(_ job: PreparedTraining, _ rows: String) throws -> JSONValue {
  try job.run().trained.predict(json(rows)).document
}

@Suite struct ShapedDataTests {
  @Test func `a regression of every step is measured over the steps that rows have`() throws {
    let inputs = "[[[1, 2], [2, 1], [0, 1]], [[3, 1]], [[1, 1], [0, 2]], [[2, 2], [1, 0], [1, 3]]]"
    let targets = [[1.0, 2, 3], [4], [2, 2.5], [3, 1, 0.5]]
    let job = try prepare(
      document(#""inputs": \#(inputs), "targets": \#(targets), "validation_fraction": 0"#, gru))
    #expect(job.layerShapes.arrayValue?.last?["output"] == [3, 1])
    let outcome = job.run()
    #expect(outcome.ending == .succeeded)
    let found = try outcome.trained.predict(json(#"{"inputs": \#(inputs)}"#)).document["predictions"]
    let rows = try #require(found?.arrayValue).map { $0.arrayValue?.numbers ?? [] }
    #expect(rows.map(\.count) == [3, 1, 2, 3])
    let errors = zip(rows, targets).flatMap { zip($0, $1).map { ($0 - $1) * ($0 - $1) } }
    let mean = errors.reduce(0, +) / Double(errors.count)
    #expect(abs(outcome.metric("training_loss") - mean) < 1e-5 * mean)
    #expect(abs(outcome.metric("training_rmse") - mean.squareRoot()) < 1e-5)
  }

  @Test func `what stands behind the end of a row changes no bit`() throws {
    let nested = try prepare(
      document(
        #""inputs": [[[1, 2], [2, 1]], [[3, 1]], [[1, 1], [0, 2]]], "targets": [[1, 2], [4], [2, 2.5]]"#
          + #", "validation_fraction": 0"#, gru))
    let flat = try prepare(
      document(
        #""inputs": [[1, 2, 2, 1], [3, 1, 1e9, null], [1, 1, 0, 2]], "input_shape": [2, 2], "#
          + #""lengths": [2, 1, 2], "targets": [[1, 2], [4, 77], [2, 2.5]], "validation_fraction": 0"#, gru))
    let rows = #"{"inputs": [[[1, 2], [2, 1]], [[3, 1]]]}"#
    #expect(try predictions(nested, rows) == predictions(flat, rows))
    #expect(nested.run().series == flat.run().series)
  }

  @Test func `classes of every step are predicted step by step`() throws {
    let job = try prepare(
      document(
        #""inputs": [[[1], [2]], [[3]], [[2], [5]], [[1], [0]]], "targets": [["a", "b"], ["c"], ["b", "a"], ["a", "c"]]"#,
        gru))
    #expect(job.task == .multiclass)
    let predictions = try job.run().trained.predict(json(#"{"inputs": [[[1], [2]], [[3]]]}"#))
    let document = predictions.document
    let labels = try #require(document["predictions"]?.arrayValue).map { $0.arrayValue?.count }
    #expect(labels == [2, 1])
    let probabilities = try #require(
      document["probabilities"]?.arrayValue?.first?.arrayValue?.last?.arrayValue?.numbers)
    #expect(probabilities.count == 3 && abs(probabilities.reduce(0, +) - 1) < 1e-5)
    #expect(document["classes"] == ["a", "b", "c"])
    let lines = predictions.csv.split(separator: "\r\n").map {
      $0.split(separator: ",").prefix(2).joined(separator: ",")
    }
    #expect(lines == ["row,step", "1,1", "1,2", "2,1"])
  }

  @Test func `several numbers of every step`() throws {
    let job = try prepare(
      document(
        #""inputs": [[[1], [2]], [[3], [4]]], "targets": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "validation_fraction": 0"#,
        gru))
    let found = try predictions(job, #"{"inputs": [[[1], [2]]]}"#)["predictions"]
    #expect(found?.arrayValue?.first?.arrayValue?.count == 2)
    #expect(found?.arrayValue?.first?.arrayValue?.last?.arrayValue?.count == 2)
  }

  @Test(
    arguments: [
      #""inputs": [[[1, 2]], [[3, 1]], [[0, 1]], [[2, 2]]]"#,
      #""inputs": [[1, 2], [3, 1], [0, 1], [2, 2]], "input_shape": [1, 2]"#,
      #""inputs": [[[1], [2]], [[3], [1]], [[0], [1]], [[2], [2]]], "input_layout": "channels_first""#,
    ])
  func `targets of one number are those of the only step, if the model answers step by step`(inputs: String)
    throws
  {
    func found(_ layers: String) throws -> (steps: Int?, predictions: JSONValue?) {
      let job = try prepare(
        document(inputs + #", "targets": [[0.1], [0.2], [0.3], [0.4]], "validation_fraction": 0"#, layers))
      let rows = try #require(json("{\(inputs)}")["inputs"])
      return (
        job.dataset.targetSteps,
        try job.run().trained.predict(["inputs": rows]).document["predictions"]
      )
    }
    let everyStep = try found(gru)
    #expect(everyStep.steps == 1)
    #expect(everyStep.predictions?.arrayValue?.map { $0.arrayValue?.count } == [1, 1, 1, 1])
    let last = try found(#"[{"type": "gru", "units": 3}]"#)
    #expect(last.steps == nil && last.predictions?.arrayValue?.first?.doubleValue != nil)
  }

  @Test func `padding with token 0 is as if the row ended before it`() throws {
    let layers =
      #"[{"type": "embedding", "input_dim": 9, "output_dim": 3, "mask_zero": true}, {"type": "lstm", "units": 3}]"#
    let padded = try prepare(
      document(
        #""inputs": [[3, 1, 0], [8, 0, 0], [1, 2, 3], [4, 5, 0]], "targets": [0.5, 1, 2, 3], "validation_fraction": 0"#,
        layers))
    let ragged = try prepare(
      document(
        #""inputs": [[3, 1], [8], [1, 2, 3], [4, 5]], "targets": [0.5, 1, 2, 3], "validation_fraction": 0"#,
        layers))
    let rows = #"{"inputs": [[3, 1], [7], [1, 2, 4]]}"#
    #expect(try predictions(padded, rows) == predictions(ragged, rows))
    #expect(
      try predictions(padded, #"{"inputs": [[3, 1, 0], [7, 0, 0], [1, 2, 4]]}"#) == predictions(ragged, rows))
    #expect(padded.resolvedSpec["data"]?["standardize"] == true)
  }

  @Test func `a series is forecast from windows, and a model of them is kept`() throws {
    let csv = "a,b\n" + (0..<40).map { "\($0 % 7),\($0 % 5)\n" }.joined()
    let text = document(
      #""target": "b", "window": {"steps": 4, "horizon": 2}"#, #"[{"type": "lstm", "units": 3}]"#)
    let job = try prepare(text, csv: csv)
    #expect(job.dataset.trainingRowCount == 32 - 5)
    #expect(job.dataset.validationRowCount == 8 - 5)
    #expect(job.resolvedSpec["data"]?["split"] == "ordered")
    let outcome = job.run()
    let copy = try TrainedModel(serialized: outcome.trained.serialized())
    let table = Array("a,b\n1,2\n2,3\n3,4\n4,0\n5,1\n".utf8)
    let found = try copy.predict(csv: table).document
    #expect(found["predictions"]?.arrayValue?.count == 2)
    #expect(try outcome.trained.predict(csv: table).document == found)
    #expect(
      try copy.predict(
        json(#"{"inputs": [[[1, 2], [2, 3], [3, 4], [4, 0]], [[2, 3], [3, 4], [4, 0], [5, 1]]]}"#)
      )
      .document == found)
  }

  @Test func `arrays are kept as one attachment, and each has its part in the digest`() throws {
    let (inputs, targets, lengths): ([UInt8], [UInt8], [UInt8]) = ([1, 2, 3], [4], [5, 6])
    let all = Attachment(inputs: inputs, targets: targets, lengths: lengths)
    #expect(Attachment(stored: all.bytes) == all)
    let two = Attachment(inputs: inputs, targets: targets)
    #expect(Attachment(stored: two.bytes) == two)
    #expect(two != all && two.arrays?.lengths == nil)
    let file = Attachment(bytes: [0, 1, 2])
    #expect(Attachment(stored: file.bytes) == file)
    // What is cut off is no arrays.
    #expect(Attachment(stored: Array(all.bytes.dropLast())).arrays == nil)
  }

  @Test(
    arguments: [
      (
        #""inputs": [[[1], [2], [3]], [[4], [5], [6]]], "targets": [[1, 2], [3, 4]]"#, gru,
        "#/data/targets: targets have 2 steps, the layers give 3 ([3, 1])"
      ),
      (
        #""inputs": [[[1], [2]], [[4], [5]]], "targets": [[1, 2], [3, 4]]"#,
        #"[{"type": "gru", "units": 3}]"#,
        "#/model/layers: targets are sequences of 2 steps, and the layers give [3]: set `return_sequences`"
      ),
      (
        #""inputs": [[[1], [2]], [[4], [5]]], "targets": [1, 2]"#, gru,
        "#/model/layers: the output layer needs a vector for each row, or a sequence where targets are sequences; the layers give [2, 3]: leave out `return_sequences`"
      ),
      (
        #""inputs": [[1, 2, 3], [4, 5, 6], [1, 0, 0], [0, 0, 1], [2, 3, 1203]], "targets": [0, 1, 2, 3, 4]"#,
        #"[{"type": "embedding", "input_dim": 1000, "output_dim": 2}, {"type": "rnn", "units": 2}]"#,
        "#/data/inputs/4/2: token 1203 is not below `input_dim` 1000"
      ),
    ])
  func `a fault tells what the data and the layers make`(data: String, layers: String, fault: String) throws {
    #expect(try faults(document(data, layers)) == [fault])
  }

  /// Once no more faults are taken, a faulty row must not be taken for a sound one.
  @Test func `rows are judged by themselves, however many faults there are`() throws {
    let unknown = (0..<985).map { #""m\#($0)": 1, "# }.joined()
    let bad = #"[["a", "# + (0..<40).map { _ in #""a""# }.joined(separator: ", ") + "]]"
    for last in ["[[1], 5]", "[[1, 2], 5]", "[[1], [2, 3]]"] {
      let data =
        #"\#(unknown)"input_layout": "channels_first", "inputs": [[[1, 2], [3, 4]], \#(bad), \#(last)], "targets": [0, 1, 2]"#
      let found = try faults(document(data, gru))
      #expect(found.count >= 985)
    }
  }

  @Test func `padding of targets is no class`() throws {
    let inputs =
      #""inputs": [[1, 2, 3], [4, 5, 0], [6, 0, 0], [1, 1, 1]], "input_shape": [3, 1], "lengths": [3, 2, 1, 3]"#
    let padded = try prepare(
      document(
        inputs + #", "targets": [[0, 1, 0], [1, 0, -1], [1, -1, -1], [0, 0, 1]], "validation_fraction": 0"#,
        gru,
        task: "binary"))
    #expect(padded.task == .binary)
    let outcome = padded.run()
    #expect(outcome.ending == .succeeded)
    #expect(
      try outcome.trained.predict(json(#"{"inputs": [[1, 2, 3]]}"#)).document["classes"] == [0, 1])
  }

  @Test func `a shape may be longer than every row`() throws {
    let job = try prepare(
      document(
        #""inputs": [[[1], [2]], [[3]], [[4], [5]]], "input_shape": [3, 1], "targets": [[1, 2], [3], [4, 5]], "validation_fraction": 0"#,
        gru))
    #expect(job.layerShapes.arrayValue?.last?["output"] == [3, 1])
    let outcome = job.run()
    #expect(outcome.ending == .succeeded)
    let found = try outcome.trained.predict(json(#"{"inputs": [[[1], [2]], [[3]]]}"#)).document["predictions"]
    #expect(found?.arrayValue?.map { $0.arrayValue?.count } == [2, 1])
    let equal = #""inputs": [[1, 2, 0], [3, 4, 0], [5, 6, 0]], "input_shape": [3, 1], "lengths": [2, 2, 2], "#
    #expect(
      try prepare(document(equal + #""targets": [[1, 2], [3, 4], [5, 6]]"#, gru)).run().ending == .succeeded)
  }

  @Test func `a token that is the same in every row stays a step`() throws {
    let job = try prepare(
      document(
        #""target": "y""#,
        #"[{"type": "embedding", "input_dim": 9, "output_dim": 2}, {"type": "gru", "units": 2}]"#),
      csv: "a,b,c,y\n1,4,2,0.5\n3,4,5,1\n6,4,7,2\n")
    #expect(job.layerShapes.arrayValue?.first?["input"] == [3])
  }
}
