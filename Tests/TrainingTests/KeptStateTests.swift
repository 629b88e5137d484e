// Which state of a run is kept, what the result says of it, and that keeping it is free.

import Activations
import CTestSetup
import Data
import Engine
import JSON
import Synchronization
import Testing
import Training

/// Few noisy rows and a large network: the validation loss is best long before the end.
private func overfitting(
  epochs: Int = 200, _ training: String = "", validation fraction: Double = 0.2
) throws -> PreparedTraining {
  try prepare(
    #"""
    {"data": {"synthetic": {"kind": "two_moons", "rows": 60, "noise": 0.4}, "validation_fraction": \#(fraction)},
     "activation": "relu", "model": {"hidden": [64, 64]},
     "training": {"epochs": \#(epochs), "batch_size": 8, "optimizer": {"name": "adam", "learning_rate": 0.02}\#(training)}}
    """#)
}

@Suite struct KeptStateTests {
  @Test func `the best state by the validation loss is kept, and the result is of its epoch`() throws {
    let outcome = try overfitting().run()
    let column = try #require(outcome.series.names.firstIndex(of: "validation_loss"))
    let losses = outcome.series.values[column]
    let best = try #require(losses.min())
    #expect(outcome.keep == .best)
    #expect(outcome.best?.metric == "validation_loss" && outcome.best?.value == best)
    #expect(outcome.bestEpoch == outcome.kept.epoch)
    #expect(losses[outcome.kept.epoch - 1] == best && outcome.metric("validation_loss") == best)
    #expect(outcome.trained.epoch == outcome.kept.epoch)
    #expect(outcome.last.epoch == 200 && outcome.epochsTrained == 200)
    #expect(outcome.last.metrics.map(\.value) == outcome.series.values.map { $0[199] })
  }

  @Test func `the kept model is bit for bit that of a run which ends at its epoch`() throws {
    let best = try overfitting().run()
    let short = try overfitting(epochs: best.kept.epoch, #", "keep": "last""#).run()
    #expect(short.trained.state == best.trained.state)
    #expect(short.kept.epoch == best.kept.epoch && short.keep == .last)
  }

  @Test func `a last epoch much worse than the best is warned of, whichever is kept`() throws {
    let best = try overfitting().run()
    let warning = try #require(best.warnings.first { $0.code == "last_much_worse" })
    #expect(
      warning.message.contains("the last epoch, 200,")
        && warning.message.contains("epoch \(best.kept.epoch),"))
    let last = try overfitting(#", "keep": "last""#).run()
    #expect(last.kept.epoch == 200 && last.trained.epoch == 200 && last.bestEpoch == best.bestEpoch)
    #expect(last.metrics.map(\.value) == last.last.metrics.map(\.value))
    #expect(last.warnings.first { $0.code == "last_much_worse" }?.pointer?.fragment == "#/training/keep")
    #expect(try overfitting(epochs: 3).run().warnings.isEmpty)
  }

  @Test func `early stopping keeps the best state by its metric`() throws {
    let outcome = try overfitting(
      epochs: 2000, #", "early_stopping": {"patience": 5, "metric": "validation_accuracy"}"#
    ).run()
    let best = try #require(outcome.bestEpoch)
    let column = try #require(outcome.series.names.firstIndex(of: "validation_accuracy"))
    #expect(outcome.epochsTrained == best + 5)
    #expect(outcome.metric("validation_accuracy") == outcome.series.values[column].max())
    #expect(outcome.trained.epoch == best)
  }

  @Test func `where no row validates the last state is kept`() throws {
    let job = try overfitting(epochs: 20, validation: 0)
    #expect(job.resolvedSpec["training"]?["keep"] == "last" && job.warnings.isEmpty)
    let outcome = job.run()
    #expect(outcome.keep == .last && outcome.kept.epoch == 20 && outcome.trained.epoch == 20)
    #expect(outcome.metric("training_loss") == outcome.series.values[0].last)
    let asked = try overfitting(epochs: 20, #", "keep": "best""#, validation: 0)
    #expect(asked.resolvedSpec["training"]?["keep"] == "last")
    #expect(asked.warnings.map(\.code) == ["last_state_kept"])
    // Early stopping names a metric to go by.
    let stopping = try overfitting(
      epochs: 20, #", "early_stopping": {"patience": 50, "metric": "training_loss"}"#, validation: 0)
    #expect(stopping.resolvedSpec["training"]?["keep"] == "best")
    #expect(stopping.run().metric("training_loss") == stopping.run().series.values[0].min())
  }

  @Test func `a word that is no state is refused`() throws {
    let found = try faults(
      #"{"data": {"synthetic": {"kind": "xor"}}, "activation": "relu", "training": {"keep": "bset"}}"#)
    #expect(found.count == 1 && found[0].hasPrefix("#/training/keep: "), "\(found)")
  }

  @Test func `a running job shows its best state so far and trains on undisturbed`() throws {
    var time = 0.0
    var shown: [(epoch: Int, best: Int?, state: ModelState)] = []
    let job = try overfitting(epochs: 60)
    let watched = job.run(
      isCancelled: { false },
      report: { event in
        guard case .epoch(let report) = event, let snapshot = report.snapshot else { return }
        shown.append((snapshot.epoch, report.best?.epoch, snapshot.state))
      },
      now: {
        // Every epoch seems to last longer than a second.
        time += 0.3
        return time
      })
    #expect(shown.count > 1 && shown.allSatisfy { $0.epoch == $0.best })
    // A state that was shown is not shown again.
    #expect(shown.map(\.epoch) == Array(Set(shown.map(\.epoch))).sorted())
    #expect(shown.last?.epoch == watched.kept.epoch && shown.last?.state == watched.trained.state)
    let alone = job.run()
    #expect(watched.series == alone.series && watched.trained.state == alone.trained.state)
  }

  @Test(arguments: [#""best""#, #""last""#])
  func `a cancelled run leaves a state that its metrics belong to`(keep: String) throws {
    let polls = Mutex(0)
    // Six mini-batches an epoch, and two blocks of rows that are measured after it, as before the first: the tenth epoch is
    // broken off in its middle.
    let outcome = try overfitting(#", "keep": \#(keep)"#).run(
      isCancelled: {
        polls.withLock {
          $0 += 1
          return $0 > 77
        }
      }, report: { _ in }, now: { 0 })
    #expect(outcome.ending == .cancelled && outcome.iterations == 57 && outcome.last.epoch == 9)
    let whole = try overfitting(epochs: outcome.kept.epoch, #", "keep": "last""#).run()
    #expect(outcome.trained.state == whole.trained.state)
    #expect(outcome.metrics.map(\.value) == whole.metrics.map(\.value))
  }

  @Test func `a run broken off in its first epoch is measured as it is`() throws {
    let polls = Mutex(0)
    let outcome = try overfitting().run(
      isCancelled: {
        polls.withLock {
          $0 += 1
          return $0 > 3
        }
      }, report: { _ in }, now: { 0 })
    #expect(outcome.kept.epoch == 0 && outcome.last.epoch == 0 && outcome.best == nil)
    #expect(outcome.metrics.map(\.name) == outcome.series.names && outcome.metric("training_loss").isFinite)
  }

  @Test(arguments: [true, false])
  func `keeping an epoch's state asks for no memory`(random: Bool) throws {
    let strategy = random ? Strategy(RandomStrategy()) : Strategy(FixedStrategy(function: "tanh"))
    let activation = try strategy.specification(seed: 0)
    let model = Model(
      ModelSpecification(
        inputs: 8, layers: [.dense(units: 100), .batchNorm, .activation(0)], outputs: 3,
        activations: [activation]),
      loss: .softmaxCrossEntropy, batchSize: 4, seed: 1)
    var states = KeptStates(model)
    #expect(states.best == nil)
    var counts: [Int] = []
    for epoch in 1...12 {
      model.parameters[5] = Float(epoch)
      if random { model.select(epoch % 3, ofActivation: 0) }
      let before = ct_allocations()
      states.take(model, isBest: epoch % 4 == 1)
      counts.append(ct_allocations() - before)
      let best = (epoch - 1) / 4 * 4 + 1
      // Looked at after counting: a copy that is still alive would have to be copied away from.
      #expect(states.newest.parameters[5] == Float(epoch) && states.best?.parameters[5] == Float(best))
      if random { #expect(states.best?.selected == [0: best % 3]) }
    }
    // The first epochs may set up what is made on first use.
    #expect(counts.dropFirst(2).allSatisfy { $0 == 0 }, "\(counts)")
  }
}
