// How an epoch falls into mini-batches, above all where the last of them would be a single row.

import Testing
import Training

private func rows(_ count: Int, _ batch: String, layers: String) -> String {
  let inputs = (0..<count).map { "[\($0 % 7), \($0 * 3 % 5)]" }.joined(separator: ", ")
  let targets = (0..<count).map { "\(Double($0 % 7) + 0.5 * Double($0 * 3 % 5))" }.joined(separator: ", ")
  return #"""
    {"data": {"inputs": [\#(inputs)], "targets": [\#(targets)], "validation_fraction": 0}, "activation": "relu",
     "task": "regression", "model": {"layers": [\#(layers)]},
     "training": {"epochs": 300, "batch_size": \#(batch), "optimizer": {"name": "adam", "learning_rate": 0.01}}}
    """#
}

private let normalized = #"{"type": "dense", "units": 8}, {"type": "batch_norm"}, {"type": "activation"}"#

@Suite struct StepPlanTests {
  @Test(arguments: [
    // rows, batch, normalised, mini-batches
    (10, 4, false, [4, 4, 2]), (9, 4, false, [4, 4, 1]), (9, 4, true, [4, 5]), (10, 4, true, [4, 4, 2]),
    (8, 4, true, [4, 4]), (5, 4, true, [5]), (3, 2, true, [3]), (4, 9, true, [4]), (3, 1, false, [1, 1, 1]),
  ])
  func `a single row left over joins the mini-batch before where a layer normalises over it`(
    rows: Int, batch: Int, normalized: Bool, expected: [Int]
  ) {
    var training = TrainingSection()
    training.batchSize = .rows(batch)
    training.length = .epochs(2)
    let steps = StepPlan(training, rows: rows, normalizesBatch: normalized)
    #expect(steps.stepsPerEpoch == expected.count && steps.total == 2 * expected.count)
    for epoch in 1...2 {
      let batches = steps.steps(ofEpoch: epoch).map(steps.batch)
      #expect(batches.map(\.count) == expected)
      #expect(batches.flatMap { Array($0) } == Array(0..<rows))
      #expect(batches.map(\.count).max() == steps.mostRows)
    }
  }

  @Test func `33 rows by 32 are learned through batch_norm like 33 rows by 11`() throws {
    let loss = try prepare(rows(33, "32", layers: normalized)).run().metric("training_loss")
    let even = try prepare(rows(33, "11", layers: normalized)).run().metric("training_loss")
    #expect(even < 0.2 && loss < 0.2, "\(loss) \(even)")
  }

  @Test func `batch_norm is refused where every mini-batch is a single row`() throws {
    #expect(
      try faults(rows(6, "1", layers: normalized)) == [
        "#/training/batch_size: batch_norm needs at least two rows in a mini-batch"
      ])
    let ordered = rows(2, #""full""#, layers: normalized)
      .replacing(#""validation_fraction": 0"#, with: #""validation_fraction": 0.5"#)
    #expect(
      try faults(ordered) == [
        "#/training/batch_size: batch_norm needs at least two rows in a mini-batch, but only one row trains"
      ])
    #expect(try faults(rows(6, "1", layers: #"{"type": "dense", "units": 8}"#)) == [])
  }
}
