// How many steps training takes, and how they fall into epochs.

/// Steps, mini-batches and epochs of a run.
///
/// Where a model normalises over the batch, a last mini-batch of one row is merged into the one before it: one row has no
/// variance, and its zero would enter the running statistics like any other.
package struct StepPlan: Equatable, Sendable {
  /// Training rows.
  package let rows: Int
  /// Rows of a mini-batch, but for the last of an epoch, which may have fewer or, where it took in a single row, one more.
  package let rowsPerStep: Int
  /// The rows of the largest mini-batch.
  package let mostRows: Int
  /// Mini-batches of a whole epoch.
  package let stepsPerEpoch: Int
  /// All steps; the last epoch may be a partial one when `iterations` is given.
  package let total: Int
  /// All epochs, a partial last one among them.
  package let epochs: Int

  /// - Parameters:
  ///   - rows: training rows.
  ///   - normalizesBatch: whether the model has a layer that normalises over the batch.
  package init(_ training: TrainingSection, rows: Int, normalizesBatch: Bool) {
    self.rows = rows
    rowsPerStep =
      switch training.batchSize {
      case .full: rows
      case .rows(let count): min(count, rows)
      }
    let mergesLastRow = normalizesBatch && rowsPerStep > 1 && rows > rowsPerStep && rows % rowsPerStep == 1
    mostRows = mergesLastRow ? rowsPerStep + 1 : rowsPerStep
    stepsPerEpoch = mergesLastRow ? rows / rowsPerStep : (rows + rowsPerStep - 1) / rowsPerStep
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

  /// The rows of a step's mini-batch as positions in the epoch's order; the last mini-batch takes what is left.
  package func batch(step: Int) -> Range<Int> {
    let index = step % stepsPerEpoch
    let start = index * rowsPerStep
    return start..<(index == stepsPerEpoch - 1 ? rows : start + rowsPerStep)
  }
}
