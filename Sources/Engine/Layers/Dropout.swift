// Inverted dropout with counter-based masks.

/// In training y = x·mask/(1 − rate) with an independent mask for every element and step; in prediction y = x
/// (Srivastava et al. 2014, JMLR 15).
final class Dropout: Layer {
  private let units: Int
  private let rate: Float
  private let key: UInt64
  private let scales: FloatBuffer

  /// - Parameter key: the layer's own part of its random stream's keys.
  init(units: Int, rate: Double, key: UInt64, memory: LayerMemory) {
    self.units = units
    self.rate = Float(rate)
    self.key = key
    scales = FloatBuffer(count: memory.trainingRows * units)
  }

  var isInPlace: Bool { true }

  func prepare(_ pass: Pass) {
    guard case .training(let seed, let step, _) = pass.purpose else { return }
    var stream = RandomStream(seed: seed, stream: .dropout, step: step, layer: key)
    let scales = scales.base
    let kept = 1 / (1 - rate)
    for index in 0..<pass.rows * units {
      let draw = stream.uniformFloat()
      scales[index] = draw < rate ? 0 : kept
    }
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    guard case .training = pass.purpose else {
      y.update(from: x, count: pass.rows * units)
      return
    }
    let scales = scales.base + pass.first * units
    for index in 0..<pass.rows * units { y[index] = x[index] * scales[index] }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx else { return }
    let scales = scales.base + pass.first * units
    for index in 0..<pass.rows * units { dx[index] = dy[index] * scales[index] }
  }
}

extension LayerSpecification {
  /// Inverted dropout: in training each element is zero with probability `rate`, in 0..<1, else divided by 1 − rate.
  public static func dropout(rate: Double) -> LayerSpecification {
    LayerSpecification(DropoutDescription(rate: rate))
  }
}

private struct DropoutDescription: LayerDescription {
  var rate: Double

  var name: String { "dropout" }
  var signal: LayerSignal { .asRead }
  var isRandom: Bool { true }

  func output(from input: RowShape) -> RowShape { input }

  func make(_ place: LayerPlace) -> any Layer {
    Dropout(units: place.output.channels, rate: rate, key: place.key, memory: place.memory)
  }
}
