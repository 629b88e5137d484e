// Layer normalisation: each row is brought to mean 0 and variance 1, then scaled and shifted by unit.

/// y = γ·(x − mean)/√(variance + 1e-5) + β over the units of each row (arXiv 1607.06450).
final class LayerNorm: Layer {
  private let units: Int
  private let gamma: Int
  private let beta: Int
  private let inverseDeviation: FloatBuffer
  private let normalized: FloatBuffer
  /// Gradients by γ and then by β.
  private let sums: BlockSums

  init(units: Int, gamma: Int, beta: Int, memory: LayerMemory) {
    self.units = units
    self.gamma = gamma
    self.beta = beta
    inverseDeviation = FloatBuffer(count: memory.rows)
    normalized = FloatBuffer(count: memory.rows * units)
    sums = BlockSums(count: 2 * units, maximumRows: memory.trainingRows)
  }

  var isInPlace: Bool { true }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let (gamma, beta) = (pass.parameters + gamma, pass.parameters + beta)
    for row in 0..<pass.rows {
      let (x, y) = (x + row * units, y + row * units)
      let normalized = normalized.base + (pass.first + row) * units
      var sum: Float = 0
      for unit in 0..<units { sum += x[unit] }
      let mean = sum / Float(units)
      var squares: Float = 0
      for unit in 0..<units { squares += (x[unit] - mean) * (x[unit] - mean) }
      let inverse = 1 / (squares / Float(units) + normalizationEpsilon).squareRoot()
      inverseDeviation.base[pass.first + row] = inverse
      for unit in 0..<units {
        normalized[unit] = (x[unit] - mean) * inverse
        y[unit] = gamma[unit] * normalized[unit] + beta[unit]
      }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    sums.forEachBlock(pass) { start, rows, sums in
      for row in start..<start + rows {
        backward(pass, row: row, dy: dy + row * units, dx: dx.map { $0 + row * units }, sums)
      }
    }
  }

  private func backward(
    _ pass: Pass, row: Int, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>?,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    let scale = pass.parameters + gamma
    let (dgamma, dbeta) = (sums, sums + units)
    let normalized = normalized.base + (pass.first + row) * units
    var (sum, projection): (Float, Float) = (0, 0)
    for unit in 0..<units {
      dgamma[unit] += dy[unit] * normalized[unit]
      dbeta[unit] += dy[unit]
      sum += dy[unit] * scale[unit]
      projection += dy[unit] * scale[unit] * normalized[unit]
    }
    guard let dx else { return }
    let inverse = inverseDeviation.base[pass.first + row]
    let (mean, slope) = (sum / Float(units), projection / Float(units))
    for unit in 0..<units { dx[unit] = inverse * (dy[unit] * scale[unit] - mean - normalized[unit] * slope) }
  }

  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    // γ and β lie one after the other, as their sums do.
    sums.add(member.share(of: sums.count, unit: 16), of: pass, to: pass.gradients + gamma)
  }
}

extension LayerSpecification {
  /// Normalisation of each position over its units (arXiv 1607.06450).
  public static var layerNorm: LayerSpecification { LayerSpecification(LayerNormDescription()) }
}

private struct LayerNormDescription: NormalizationDescription {
  var name: String { "layer_norm" }

  func make(_ place: LayerPlace) -> any Layer {
    let units = place.output.channels
    return LayerNorm(
      units: units, gamma: place.offset, beta: place.offset + units, memory: place.memory)
  }
}
