// A run that did not learn is not a plain success: what is warned of, with which numbers, and what is not.

import Data
import JSON
import Testing
import Training

@Suite struct JudgementTests {
  private func warnings(_ document: String) throws -> [Warning] { try prepare(document).run().warnings }

  @Test func `a training that ends no better than it began is warned of`() throws {
    let found = try warnings(
      #"""
      {"data": {"synthetic": {"kind": "xor", "rows": 60}}, "activation": "tanh",
       "training": {"epochs": 4, "optimizer": {"name": "sgd", "learning_rate": 0}}}
      """#)
    #expect(found.map(\.code) == ["no_improvement"])
    #expect(found[0].message.hasPrefix("training ended no better than it began: training_loss 0."))
    #expect(
      found[0].message.contains("after 4 epochs") && found[0].pointer?.fragment == "#/training/optimizer")
  }

  @Test func `a loss far beyond its first is warned of`() throws {
    let found = try warnings(
      #"""
      {"data": {"synthetic": {"kind": "sine", "rows": 60}}, "activation": "identity", "model": {"hidden": [4]},
       "training": {"epochs": 1, "batch_size": "full", "optimizer": {"name": "sgd", "learning_rate": 40}}}
      """#)
    #expect(found.map(\.code).contains("loss_grew"), "\(found)")
    #expect(!found.map(\.code).contains("no_improvement"))
  }

  @Test func `a run that learns is a plain success`() throws {
    #expect(
      try warnings(
        #"{"data": {"synthetic": {"kind": "two_moons", "rows": 200}}, "activation": "tanh", "training": {"epochs": 30}}"#
      ).isEmpty)
  }

  @Test func `a metric that was never a number is warned of, and training goes to its end`() throws {
    // F1 of the class `b`, which no validation row has and which is soon predicted nowhere near them.
    let rows = (0..<60).map { $0 == 59 ? "[9]" : "[\($0 % 3)]" } + ["[0]", "[1]"]
    let targets = (0..<60).map { $0 == 59 ? #""b""# : #""a""# } + [#""a""#, #""a""#]
    let outcome = try prepare(
      #"""
      {"data": {"inputs": [\#(rows.joined(separator: ", "))], "targets": [\#(targets.joined(separator: ", "))],
                "validation_fraction": 0.032, "split": "ordered"},
       "activation": "tanh", "model": {"hidden": [2]},
       "training": {"epochs": 12, "batch_size": 1, "optimizer": {"learning_rate": 0.05},
                    "early_stopping": {"patience": 3, "metric": "validation_f1"}}}
      """#
    ).run()
    let column = try #require(outcome.series.names.firstIndex(of: "validation_f1"))
    let values = outcome.series.values[column]
    #expect(values.allSatisfy { $0.isNaN })
    #expect(outcome.ending == .succeeded && outcome.epochsTrained == 12 && outcome.best == nil)
    #expect(outcome.kept.epoch == 12)
    let warning = try #require(outcome.warnings.first { $0.code == "metric_never_a_number" })
    #expect(warning.message.contains("`validation_f1` was not a number after any of the 12 epochs"))
    #expect(warning.pointer?.fragment == "#/training/early_stopping/metric")
  }

  @Test(arguments: [
    (#"["a", "a", "a", "b", "a", "a"]"#, "validation_auc", "all 2 validation rows are of the class `a`"),
    (#"["a", "a", "a", "a", "b", "a"]"#, "training_auc", "all 4 training rows are of the class `a`"),
    (
      "[true, true, false, true, true, true]", "validation_auc",
      "all 2 validation rows are of the class `true`"
    ),
    ("[1, 2, 3, 4, 5, 5]", "validation_r2", "all 2 validation rows have the same target"),
    (
      "[[1, 2], [2, 3], [3, 4], [4, 5], [5, 5], [5, 5]]", "validation_r2",
      "all 2 validation rows have the same target"
    ),
  ])
  func `early stopping on what can never be a number is refused with the reason`(
    targets: String, metric: String, reason: String
  ) throws {
    let document = #"""
      {"data": {"inputs": [[1], [2], [3], [4], [5], [6]], "targets": \#(targets), "validation_fraction": 0.34,
                "split": "ordered"},
       "activation": "relu", "training": {"epochs": 2, "early_stopping": {"patience": 3, "metric": "\#(metric)"}}}
      """#
    #expect(
      try faults(document) == [
        "#/training/early_stopping/metric: `\(metric)` can never be a number: \(reason)"
      ])
  }

  @Test func `a macro AUC over some of the classes is a number`() throws {
    let document = #"""
      {"data": {"inputs": [[1], [2], [3], [4], [5], [6]], "targets": ["a", "b", "c", "a", "b", "c"],
                "validation_fraction": 0.34, "split": "ordered"},
       "activation": "relu", "training": {"epochs": 2, "early_stopping": {"patience": 3, "metric": "validation_auc"}}}
      """#
    #expect(try !prepare(document).run().metric("validation_auc").isNaN)
  }

  @Test func `nothing is chosen by test rows`() throws {
    let found = try faults(
      #"""
      {"data": {"synthetic": {"kind": "xor"}}, "activation": "relu",
       "training": {"early_stopping": {"patience": 3, "metric": "test_loss"}}}
      """#)
    #expect(
      found == [
        "#/training/early_stopping/metric: test rows are measured once, after the end: nothing can be chosen by them"
      ])
  }
}
