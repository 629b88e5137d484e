// Which rows metrics are of: all of them, or a random sample that no order of the rows can deceive.

import Engine
import JSON
import Testing
import Training

@Suite struct EvaluatedRowsTests {
  private func classes(_ rows: Int, _ more: String = "", fraction: Double = 0) throws -> PreparedTraining {
    let csv = "x,y\n" + (0..<rows).map { "\(Double($0 * 7 % 13)),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()
    return try prepare(
      #"""
      {"data": {"target": "y", "validation_fraction": \#(fraction)}, "activation": "relu", "model": {"hidden": [4]},
       "training": {"epochs": 1}\#(more)}
      """#, csv: csv)
  }

  private func counts(_ outcome: TrainingOutcome) -> [Int] {
    let counts = outcome.evaluatedRows
    return [counts.training, counts.validation, counts.test]
  }

  @Test(arguments: [
    (999, 0.0, 999, 0), (2000, 0, 2000, 0), (4000, 0.25, 2000, 1000), (24_000, 0.125, 2100, 3000),
  ])
  func `few training rows are all measured, of many a tenth, and validation rows are all measured`(
    rows: Int, fraction: Double, training: Int, validation: Int
  ) throws {
    let outcome = try classes(rows, fraction: fraction).run()
    #expect(counts(outcome) == [training, validation, 0])
  }

  @Test func `test rows are measured once, at the end, with the state that is kept`() throws {
    let outcome = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "two_moons", "rows": 100}, "test_fraction": 0.25}, "activation": "tanh",
       "training": {"epochs": 5}}
      """#
    ).run()
    #expect(counts(outcome)[2] == 25)
    #expect(outcome.metrics.map(\.name).suffix(4) == ["test_loss", "test_accuracy", "test_auc", "test_f1"])
    #expect(outcome.metric("test_loss").isFinite)
    #expect(!outcome.series.names.contains { $0.hasPrefix("test_") })
    #expect(!outcome.last.metrics.contains { $0.name.hasPrefix("test_") })
  }

  @Test func `at most ten thousand rows of a part are measured`() throws {
    let outcome = try prepare(
      #"""
      {"data": {"synthetic": {"kind": "sine", "rows": 140000}, "validation_fraction": 0.2}, "activation": "relu",
       "model": {"hidden": []}, "training": {"iterations": 1, "batch_size": 1000}}
      """#
    ).run()
    #expect(counts(outcome) == [10_000, 10_000, 0])
  }

  @Test func `metrics of alternating rows are those of all rows`() throws {
    let outcome = try classes(1000).run()
    let accuracy = outcome.metric("training_accuracy")
    let inputs = (0..<1000).map { "[\(Double($0 * 7 % 13))]" }.joined(separator: ", ")
    let answer = try outcome.trained.predict(json(#"{"inputs": [\#(inputs)]}"#)).document
    let predicted = try #require(answer["predictions"]?.arrayValue)
    let right = (0..<1000).filter { predicted[$0] == ($0 % 2 == 0 ? "a" : "b") }.count
    #expect(accuracy == Double(right) / 1000)
    #expect(!outcome.metric("training_auc").isNaN)
  }

  @Test func `a sample of rows in a period has its share of each`() throws {
    // 48,000 rows that alternate, of which 4,800 are measured: of evenly spaced ones all would be of one class.
    let outcome = try classes(48_000).run()
    #expect(outcome.evaluatedRows.training == 4800)
    #expect(!outcome.metric("training_auc").isNaN)
    // Nothing about x tells the class.
    #expect(abs(outcome.metric("training_accuracy") - 0.5) < 0.05)
  }

  @Test func `a sample holds different numbers in order, depends on its seed, and prefers none`() {
    var counts = [Int](repeating: 0, count: 50)
    for seed in UInt64(0)..<4000 {
      var stream = RandomStream(seed: seed, stream: .evaluation)
      let sample = stream.sample(10, of: 50)
      #expect(sample == Array(Set(sample)).sorted() && sample.count == 10)
      for row in sample { counts[row] += 1 }
    }
    // 800 each, with a standard deviation of 25.
    #expect(counts.allSatisfy { abs($0 - 800) < 125 }, "\(counts)")
    var (first, again, other) = (
      RandomStream(seed: 1, stream: .evaluation), RandomStream(seed: 1, stream: .evaluation),
      RandomStream(seed: 2, stream: .evaluation)
    )
    let sample = first.sample(20, of: 100_000)
    #expect(again.sample(20, of: 100_000) == sample && other.sample(20, of: 100_000) != sample)
    #expect(first.sample(5, of: 5) == [0, 1, 2, 3, 4])
  }
}

@Suite struct LargeTargetTests {
  /// Seconds of the Unix clock, half a minute apart: a 32-bit number tells only every 128th second apart.
  private func times(_ origin: Double, _ more: String = "") throws -> PreparedTraining {
    let inputs = (0..<60).map { "[\(Double($0) / 10)]" }.joined(separator: ", ")
    let targets = (0..<60).map { "\(origin + 30 * Double($0))" }.joined(separator: ", ")
    return try prepare(
      #"""
      {"data": {"inputs": [\#(inputs)], "targets": [\#(targets)]\#(more)}, "activation": "relu",
       "model": {"hidden": [32]},
       "training": {"epochs": 400, "optimizer": {"name": "adam", "learning_rate": 0.01}}}
      """#)
  }

  @Test(arguments: [1.7e9, -4e12])
  func `predictions far from 0 are as exact as the metrics say`(origin: Double) throws {
    let outcome = try times(origin, #", "validation_fraction": 0"#).run()
    let inputs = (0..<60).map { "[\(Double($0) / 10)]" }.joined(separator: ", ")
    let answer = try outcome.trained.predict(json(#"{"inputs": [\#(inputs)]}"#)).document
    let predicted = try #require(answer["predictions"]?.arrayValue?.numbers)
    let squares = (0..<60).map { row in
      let error = predicted[row] - (origin + 30 * Double(row))
      return error * error
    }
    let rmse = (squares.reduce(0, +) / 60).squareRoot()
    #expect(Set(predicted).count == 60)
    #expect(abs(rmse - outcome.metric("training_rmse")) < 1e-3 * rmse + 1e-3)
  }

  @Test func `metrics do not depend on where zero is`() throws {
    let (near, far) = (try times(0).run(), try times(1.7e9).run())
    #expect(
      abs(near.metric("validation_rmse") - far.metric("validation_rmse")) < 1e-2
        * near.metric("validation_rmse"))
    #expect(far.metric("validation_r2") > 0.99)
  }

  @Test func `numbers are written with the digits that were computed, not more`() throws {
    let outcome = try times(1.7e9).run()
    let answer = try outcome.trained.predict(json(#"{"inputs": [[0.25], [1.75], [5.5]]}"#)).document
    for value in answer["predictions"]?.arrayValue?.numbers ?? [] {
      // Ten digits before the point and, of a unit of 519 s over 2²³, five behind it at most.
      #expect("\(value)".count <= 16, "\(value)")
    }
    #expect(answer["predictions"]?.arrayValue?.count == 3)
  }
}
