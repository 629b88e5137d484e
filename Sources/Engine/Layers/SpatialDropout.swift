// `spatial_dropout`: inverted dropout of whole channels.

/// In training y = x·mask/(1 − rate) with an independent mask for every row, channel and step of training, the same at
/// all positions; in prediction y = x (Tompson et al. 2015, arXiv 1411.4280).
final class SpatialDropout: Layer {
  private let positions: Int
  private let channels: Int
  private let rate: Float
  private let key: UInt64
  private let scales: FloatBuffer

  /// - Parameter key: the layer's own part of its random stream's keys.
  init(positions: Int, channels: Int, rate: Double, key: UInt64, memory: LayerMemory) {
    self.positions = positions
    self.channels = channels
    self.rate = Float(rate)
    self.key = key
    scales = FloatBuffer(count: memory.trainingRows * channels)
  }

  var isInPlace: Bool { true }

  func prepare(_ pass: Pass) {
    guard case .training(let seed, let step, _) = pass.purpose else { return }
    var stream = RandomStream(seed: seed, stream: .dropout, step: step, layer: key)
    let kept = 1 / (1 - rate)
    for index in 0..<pass.rows * channels { scales.base[index] = stream.uniformFloat() < rate ? 0 : kept }
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    guard case .training = pass.purpose else {
      y.update(from: x, count: pass.rows * positions * channels)
      return
    }
    scale(pass, x, to: y)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    if let dx { scale(pass, dy, to: dx) }
  }

  private func scale(_ pass: Pass, _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>) {
    for row in 0..<pass.rows {
      let scales = scales.base + (pass.first + row) * channels
      for position in row * positions..<(row + 1) * positions {
        for channel in 0..<channels {
          to[position * channels + channel] = from[position * channels + channel] * scales[channel]
        }
      }
    }
  }
}

extension LayerSpecification {
  /// Inverted dropout of whole channels: in training each is zero with probability `rate`, in 0..<1, else divided by
  /// 1 − rate.
  public static func spatialDropout(rate: Double) -> LayerSpecification {
    LayerSpecification(SpatialDropoutDescription(rate: rate))
  }
}

private struct SpatialDropoutDescription: LayerDescription {
  var rate: Double

  var name: String { "spatial_dropout" }
  var isPositionwise: Bool { false }
  var signal: LayerSignal { .asRead }
  var isRandom: Bool { true }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    if case .features = input {
      throw ShapeFault(.needs("[steps, channels] or [height, width, channels]"))
    }
    return input
  }

  func make(_ place: LayerPlace) -> any Layer {
    SpatialDropout(
      positions: place.output.positions, channels: place.output.channels, rate: rate, key: place.key,
      memory: place.memory)
  }
}
