// The run: how it learns, stops, fails, is cancelled, reports, and repeats itself bit for bit.

import Engine
import JSON
import Synchronization
import Testing
import Training

private let moons = #""data": {"synthetic": {"kind": "two_moons", "rows": 200}}"#

private func job(_ activation: String, _ training: String, _ more: String = "") throws -> PreparedTraining {
  try prepare(
    #"{\#(moons), "activation": \#(activation), "model": {"hidden": [8]}, "training": {\#(training)}\#(more)}"#
  )
}

/// Every strategy, small.
let strategies: [String] = [
  #""tanh""#, #""prelu""#,
  #"{"strategy": "parametric", "function": "parametric_sigmoid"}"#,
  #"{"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"}"#,
  #"{"strategy": "parametric", "function": "swish", "granularity": "network"}"#,
  #"{"strategy": "random"}"#, #"{"strategy": "random", "scope": "unit", "inference": "expected"}"#,
  #"{"strategy": "random", "scope": "layer", "inference": "finalize", "equalize": true}"#,
  #"{"strategy": "random", "inference": "best", "every": "epoch"}"#,
  #"{"strategy": "network", "hidden": [4]}"#,
  #"{"strategy": "network", "hidden": [3, 2], "granularity": "unit", "base": "relu"}"#,
  #"{"strategy": "hypernetwork"}"#, #"{"strategy": "hypernetwork", "input": "sample", "hidden": [4]}"#,
  #"{"strategy": "hypernetwork", "granularity": "unit"}"#,
  #"{"strategy": "hypernetwork", "input": "sample", "granularity": "unit", "generates": "swish"}"#,
  #"{"strategy": "blend", "candidates": ["tanh", "relu", "softplus"]}"#,
  #"{"strategy": "mixture", "candidates": ["tanh", "relu", "softplus"]}"#,
  #"{"strategy": "mixture", "candidates": ["tanh", "silu"], "granularity": "unit", "inference": "argmax"}"#,
  #"{"strategy": "mixture", "candidates": ["tanh", "relu"], "granularity": "network", "equalize": true}"#,
  #"""
  {"strategy": "expression", "expression": "x * sigmoid(beta * x)",
   "parameters": {"beta": {"initial": 1, "constraint": "positive"}}}
  """#,
]

@Suite struct TrainingRunTests {
  @Test(arguments: [#""auto""#, "1", "3", "1000"])
  func `the threads that a training uses change nothing of its result`(asked: String) throws {
    let job = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "two_moons", "rows": 400}}, "model": {"hidden": [96, 64]},
       "activation": {"strategy": "parametric", "function": "swish", "granularity": "unit"},
       "training": {"epochs": 6, "batch_size": 128, "threads": \#(asked)}}
      """#)
    let asks = Mutex(0)
    // How many are free changes at every step.
    let allowance = ThreadAllowance(processors: 3) {
      asks.withLock { asks in
        asks += 1
        return asks % 3 + 1
      }
    }
    let (alone, together) = (
      job.run(isCancelled: { false }, report: { _ in }, now: { 0 }),
      job.run(threads: allowance, isCancelled: { false }, report: { _ in }, now: { 0 })
    )
    #expect(together.series == alone.series)
    #expect(together.trained.serialized() == alone.trained.serialized())
    #expect(asks.withLock { $0 > 0 } == (asked == #""auto""#))
  }

  @Test(arguments: strategies)
  func `every strategy learns iris`(activation: String) throws {
    let job = try DataFile.iris.prepare(
      #"""
      {"data": {"target": "species"}, "activation": \#(activation), "model": {"hidden": [8]},
       "training": {"epochs": 60, "optimizer": {"learning_rate": 0.01}}}
      """#)
    let outcome = job.run()
    #expect(outcome.ending == .succeeded)
    #expect(outcome.metric("training_accuracy") >= 0.9, "\(outcome.metrics)")
    #expect(outcome.metric("validation_accuracy") >= 0.8, "\(outcome.metrics)")
    #expect(outcome.series.epochs == Array(1...60))
  }

  @Test(arguments: strategies)
  func `the same seed gives the same bits`(activation: String) throws {
    func bytes(_ seed: Int) throws -> [[UInt8]] {
      let outcome = try job(activation, #""epochs": 3"#, #", "seed": \#(seed)"#).run()
      let document = outcome.trained.activationsDocument(CurveSampling(from: -3, to: 3, points: 7))
      return [outcome.trained.serialized(), document.serialized(), outcome.series.serialized()]
    }
    let first = try bytes(7)
    #expect(try bytes(7) == first)
    #expect(try bytes(8)[0] != first[0])
  }

  @Test func `progress anneals a mixture`() throws {
    func losses(_ temperatures: String) throws -> [UInt8] {
      try job(
        #"{"strategy": "mixture", "candidates": ["tanh", "relu"], \#(temperatures)}"#, #""epochs": 4"#
      ).run().series.serialized()
    }
    let constant = try losses(#""initial_temperature": 5, "final_temperature": 5"#)
    #expect(try losses(#""final_temperature": 5"#) == constant)
    #expect(try losses(#""final_temperature": 1"#) != constant)
  }

  @Test func `iterations end in a partial epoch`() throws {
    let outcome = try job(#""relu""#, #""iterations": 12"#).run()
    // 160 training rows in mini-batches of 32 are five steps an epoch.
    #expect(outcome.iterations == 12)
    #expect(outcome.series.epochs == [1, 2, 3])
  }

  @Test(
    arguments: [#""sgd""#, #""adam""#, #""rmsprop""#], [#""relu""#, #""tanh""#, #""parametric_sigmoid""#])
  func `a huge learning rate diverges`(optimizer: String, activation: String) throws {
    let outcome = try job(
      activation, #""epochs": 200, "optimizer": {"name": \#(optimizer), "learning_rate": 1e6}"#
    ).run()
    guard case .diverged(let epoch, let iteration, let message) = outcome.ending else {
      Issue.record("\(outcome.ending) \(outcome.metrics)")
      return
    }
    #expect((1...200).contains(epoch) && (epoch - 1) * 5 < iteration && iteration <= epoch * 5)
    #expect(!message.isEmpty)
    #expect(!outcome.trained.state.parameters.contains { !$0.isFinite })
    let answer = try outcome.trained.predict(json(#"{"inputs": [[0.5, -0.5]]}"#)).document
    let probabilities = answer["probabilities"]?.arrayValue?.first?.arrayValue?.numbers
    #expect(probabilities?.allSatisfy(\.isFinite) == true, "\(answer)")
    let bytes = outcome.trained.serialized()
    #expect(try TrainedModel(serialized: bytes).serialized() == bytes)
  }

  @Test(arguments: 0..<32)
  func `cancellation is seen before the next mini-batch, or the next block of rows that is measured`(
    asked: Int
  ) throws {
    // 160 training rows, trained 32 and measured 64 at a time, and 40 validation rows; the untrained model is measured first.
    let (steps, blocks) = (5, 3 + 1)
    let (epochs, rest) = max(0, asked - blocks).quotientAndRemainder(dividingBy: steps + blocks)
    let polls = Mutex(0)
    let outcome = try job(#""tanh""#, #""epochs": 1000"#).run(
      isCancelled: {
        polls.withLock {
          $0 += 1
          return $0 > asked
        }
      }, report: { _ in }, now: { 0 })
    #expect(outcome.ending == .cancelled && polls.withLock { $0 } == asked + 1)
    #expect(outcome.iterations == epochs * steps + min(rest, steps))
    #expect(outcome.epochsTrained == epochs)
  }

  @Test func `time runs out`() throws {
    var time = 0.0
    let outcome = try job(#""tanh""#, #""epochs": 1000"#, #", "limits": {"max_seconds": 5}"#).run(
      isCancelled: { false }, report: { _ in },
      now: {
        time += 0.25
        return time
      })
    #expect(outcome.ending == .timeLimit(seconds: 5))
    #expect(outcome.trainingSeconds < 6)
  }

  @Test func `reports are throttled and the last is sent`() throws {
    var time = 0.0
    var reports: [EpochReport] = []
    let outcome = try job(#""tanh""#, #""epochs": 100"#).run(
      isCancelled: { false },
      report: { event in
        if case .epoch(let report) = event { reports.append(report) }
      },
      now: {
        time += 0.005
        return time
      })
    #expect(reports.count > 10 && reports.count < 60)
    #expect(reports.last?.epoch == 100 && reports.last?.ratio == 1 && reports.last?.remainingSeconds == 0)
    #expect(reports.map(\.epoch) == reports.map(\.epoch).sorted())
    #expect(reports.contains { $0.snapshot != nil } && reports.contains { $0.snapshot == nil })
    #expect(outcome.ending == .succeeded)
  }

  @Test(arguments: [
    ("[1, 2, 3, 4, 5, 6, 7, 8]", "", ["loss", "rmse", "mae", "r2"]),
    (#"["a", "b", "a", "b", "a", "b", "a", "b"]"#, "", ["loss", "accuracy", "auc", "f1"]),
    ("[1, 2, 3, 1, 2, 3, 1, 2]", #", "task": "multiclass""#, ["loss", "accuracy", "auc", "f1"]),
  ])
  func `metrics follow the task`(targets: String, more: String, names: [String]) throws {
    for (fraction, prefixes) in [("0", ["training_"]), ("0.25", ["training_", "validation_"])] {
      let job = try prepare(
        #"""
        {"data": {"inputs": [[1],[2],[3],[4],[5],[6],[7],[8]], "targets": \#(targets), "validation_fraction": \#(fraction)},
         "activation": "tanh", "training": {"epochs": 2}\#(more)}
        """#)
      #expect(job.run().series.names == prefixes.flatMap { prefix in names.map { prefix + $0 } })
    }
  }

  @Test func `regression metrics are in the targets' units`() throws {
    let job = try prepare(
      #"""
      {"data": {"inputs": [[1],[2],[3],[4]], "targets": [1000, 2000, 3000, 4000], "validation_fraction": 0},
       "activation": "identity", "model": {"hidden": []}, "training": {"epochs": 1, "optimizer": {"learning_rate": 0}}}
      """#)
    let outcome = job.run()
    let body = try outcome.trained.predict(json(#"{"inputs": [[1], [2], [3], [4]]}"#)).document
    let predicted = try #require(body["predictions"]?.arrayValue?.numbers)
    let errors = zip(predicted, [1000.0, 2000, 3000, 4000]).map { ($0 - $1) * ($0 - $1) }
    let rmse = (errors.reduce(0, +) / 4).squareRoot()
    #expect(abs(outcome.metric("training_rmse") - rmse) < 1e-3 * rmse)
    #expect(abs(outcome.metric("training_loss") - rmse * rmse) < 1e-3 * rmse * rmse)
  }

  @Test func `the bare model learns the mean`() throws {
    let job = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "uniform", "rows": 100}, "validation_fraction": 0},
       "model": {"layers": [{"type": "activation"}], "output": "none"},
       "activation": {"strategy": "parametric", "function": "parametric_sigmoid"},
       "training": {"iterations": 3000, "batch_size": "full", "optimizer": {"name": "sgd", "learning_rate": 0.5}}}
      """#)
    let outcome = job.run()
    // y is uniform on [0, 1): its variance 1/12 is the least mean squared error of any function of x.
    #expect(abs(outcome.metric("training_loss") - 1.0 / 12) < 0.02)
    #expect(
      outcome.trained.activationsDocument(CurveSampling(from: 0, to: 1, points: 2))["layers"]?.arrayValue?
        .count == 1)
  }
}
