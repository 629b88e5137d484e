// Layer normalisation: each row is brought to mean 0 and variance 1, then scaled and shifted by unit.

/// y = γ·(x − mean)/√(variance + 1e-5) + β over the units of each row (arXiv 1607.06450).
final class LayerNorm: Layer {
  private let units: Int
  private let gamma: Int
  private let beta: Int
  private let inverseDeviation: FloatBuffer
  private let normalized: FloatBuffer

  init(units: Int, gamma: Int, beta: Int, maximumRows: Int) {
    self.units = units
    self.gamma = gamma
    self.beta = beta
    inverseDeviation = FloatBuffer(count: maximumRows)
    normalized = FloatBuffer(count: maximumRows * units)
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let (gamma, beta) = (pass.parameters + gamma, pass.parameters + beta)
    for row in 0..<pass.rows {
      let (x, y, normalized) = (x + row * units, y + row * units, normalized.base + row * units)
      var sum: Float = 0
      for unit in 0..<units { sum += x[unit] }
      let mean = sum / Float(units)
      var squares: Float = 0
      for unit in 0..<units { squares += (x[unit] - mean) * (x[unit] - mean) }
      let inverse = 1 / (squares / Float(units) + normalizationEpsilon).squareRoot()
      inverseDeviation.base[row] = inverse
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
    let scale = pass.parameters + gamma
    let (dgamma, dbeta) = (pass.gradients + gamma, pass.gradients + beta)
    for row in 0..<pass.rows {
      let (dy, normalized) = (dy + row * units, normalized.base + row * units)
      var (sum, projection): (Float, Float) = (0, 0)
      for unit in 0..<units {
        dgamma[unit] += dy[unit] * normalized[unit]
        dbeta[unit] += dy[unit]
        sum += dy[unit] * scale[unit]
        projection += dy[unit] * scale[unit] * normalized[unit]
      }
      guard let dx else { continue }
      let inverse = inverseDeviation.base[row]
      let (mean, slope) = (sum / Float(units), projection / Float(units))
      for unit in 0..<units {
        dx[row * units + unit] = inverse * (dy[unit] * scale[unit] - mean - normalized[unit] * slope)
      }
    }
  }
}
