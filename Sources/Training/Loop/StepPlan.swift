// How many steps training takes, and how they fall into epochs.

/// Steps, mini-batches and epochs of a run.
package struct StepPlan: Equatable, Sendable {
  package let rows: Int
  package let rowsPerStep: Int
  package let stepsPerEpoch: Int
  /// All steps; the last epoch may be a partial one when `iterations` is given.
  package let total: Int
  package let epochs: Int

  package init(_ training: TrainingSection, rows: Int) {
    self.rows = rows
    rowsPerStep =
      switch training.batchSize {
      case .full: rows
      case .rows(let count): min(count, rows)
      }
    stepsPerEpoch = (rows + rowsPerStep - 1) / rowsPerStep
    switch training.length {
    case .epochs(let count):
      epochs = count
      total = count * stepsPerEpoch
    case .iterations(let count):
      total = count
      epochs = (count + stepsPerEpoch - 1) / stepsPerEpoch
    }
  }

  /// The steps of an epoch, counted from 1, as positions in the run counted from 0.
  package func steps(ofEpoch epoch: Int) -> Range<Int> {
    (epoch - 1) * stepsPerEpoch..<min(epoch * stepsPerEpoch, total)
  }

  /// The rows of a step's mini-batch as positions in the epoch's order; the last mini-batch may be smaller.
  package func batch(step: Int) -> Range<Int> {
    let start = step % stepsPerEpoch * rowsPerStep
    return start..<min(start + rowsPerStep, rows)
  }
}
