// Batch normalisation: each unit is brought to mean 0 and variance 1 over the batch, then scaled and shifted.

/// y = γ·(x − mean)/√(variance + 1e-5) + β over the rows of the batch (arXiv 1502.03167).
///
/// Training uses the batch's own statistics and adds them to the running ones (the variance without bias); prediction
/// uses the running ones of the combination of draws in force (``RunningStatistics``), or mean 0 and variance 1 before
/// there are any. A batch of one row has no variance, and by its own mean it would be all zeros: in training too it is
/// normalised by the running statistics, as constants, and does not enter them.
final class BatchNorm: Layer {
  private let units: Int
  private let gamma: Int
  private let beta: Int
  private let running: RunningStatistics
  /// Mean and variance of the batch, one after the other.
  private let batch: FloatBuffer
  private let inverseDeviation: FloatBuffer
  private let normalized: FloatBuffer
  private let sums: FloatBuffer

  init(units: Int, gamma: Int, beta: Int, memory: LayerMemory, combinations: Int) {
    self.units = units
    self.gamma = gamma
    self.beta = beta
    running = RunningStatistics(width: Self.statisticsWidth(units: units), combinations: combinations)
    batch = FloatBuffer(count: 2 * units)
    inverseDeviation = FloatBuffer(count: units)
    normalized = FloatBuffer(count: memory.rows * units)
    sums = FloatBuffer(count: 2 * units)
  }

  /// How many running statistics there are: a mean and a variance for each unit.
  static func statisticsWidth(units: Int) -> Int { 2 * units }

  /// Every unit's statistics are those of all rows.
  var isRowwise: Bool { false }

  var statistics: [RunningStatistics] { [running] }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    if usesBatch(pass) {
      measure(x, pass)
    } else {
      recall(combination: pass.combination)
    }
    let (variance, inverse) = (batch.base + units, inverseDeviation.base)
    for unit in 0..<units { inverse[unit] = 1 / (variance[unit] + normalizationEpsilon).squareRoot() }
    normalize(pass, x: x, y: y)
    guard usesBatch(pass), pass.recordsStatistics else { return }
    let rows = pass.validPositions
    let correction = Float(rows) / Float(rows - 1)
    for unit in 0..<units { variance[unit] *= correction }
    running.update(batch.base, combination: pass.combination)
  }

  /// Whether rows are normalised by statistics of their own.
  private func usesBatch(_ pass: Pass) -> Bool {
    if case .training = pass.purpose { pass.validPositions > 1 } else { false }
  }

  private func recall(combination: Int?) {
    if let current = running.current(combination: combination) {
      batch.base.update(from: current, count: 2 * units)
    } else {
      batch.base.update(repeating: 0, count: units)
      (batch.base + units).update(repeating: 1, count: units)
    }
  }

  private func measure(_ x: UnsafePointer<Float>, _ pass: Pass) {
    let (rows, count) = (pass.rows, pass.validPositions)
    let (mean, variance) = (batch.base, batch.base + units)
    batch.base.update(repeating: 0, count: 2 * units)
    for row in 0..<rows where pass.isValid(position: row) {
      for unit in 0..<units { mean[unit] += x[row * units + unit] }
    }
    for unit in 0..<units { mean[unit] /= Float(count) }
    for row in 0..<rows where pass.isValid(position: row) {
      for unit in 0..<units {
        let difference = x[row * units + unit] - mean[unit]
        variance[unit] += difference * difference
      }
    }
    for unit in 0..<units { variance[unit] /= Float(count) }
  }

  private func normalize(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let (mean, inverse, normalized) = (batch.base, inverseDeviation.base, normalized.base)
    let (gamma, beta) = (pass.parameters + gamma, pass.parameters + beta)
    for row in 0..<pass.rows {
      for unit in 0..<units {
        let index = row * units + unit
        normalized[index] = (x[index] - mean[unit]) * inverse[unit]
        y[index] = gamma[unit] * normalized[index] + beta[unit]
      }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    let rows = pass.rows
    let (sum, projection) = (sums.base, sums.base + units)
    let (normalized, inverse, scale) = (normalized.base, inverseDeviation.base, pass.parameters + gamma)
    sums.base.update(repeating: 0, count: 2 * units)
    for row in 0..<rows {
      for unit in 0..<units {
        let index = row * units + unit
        sum[unit] += dy[index]
        projection[unit] += dy[index] * normalized[index]
      }
    }
    for unit in 0..<units {
      pass.gradients[gamma + unit] += projection[unit]
      pass.gradients[beta + unit] += sum[unit]
    }
    guard let dx else { return }
    let usesBatch = usesBatch(pass)
    let count = Float(pass.validPositions)
    for unit in 0..<units {
      // Statistics that are not the batch's own do not answer to it.
      sum[unit] = usesBatch ? sum[unit] / count : 0
      projection[unit] = usesBatch ? projection[unit] / count : 0
    }
    if pass.lengths != nil { dx.update(repeating: 0, count: rows * units) }
    for row in 0..<rows where pass.isValid(position: row) {
      for unit in 0..<units {
        let index = row * units + unit
        let centered = dy[index] - sum[unit] - normalized[index] * projection[unit]
        dx[index] = scale[unit] * inverse[unit] * centered
      }
    }
  }
}

extension LayerSpecification {
  /// Normalisation of each unit over the rows and positions of the batch (arXiv 1502.03167).
  public static var batchNorm: LayerSpecification { LayerSpecification(BatchNormDescription()) }
}

private struct BatchNormDescription: NormalizationDescription {
  var name: String { "batch_norm" }
  var normalizesBatch: Bool { true }

  func statisticsWidth(from input: RowShape) -> Int? { BatchNorm.statisticsWidth(units: input.channels) }

  func make(_ place: LayerPlace) -> any Layer {
    let units = place.output.channels
    return BatchNorm(
      units: units, gamma: place.offset, beta: place.offset + units, memory: place.memory,
      combinations: place.combinations)
  }
}
