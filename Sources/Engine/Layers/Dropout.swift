// `dropout` and `spatial_dropout`: inverted dropout with counter-based masks.

/// In training y = x·mask/(1 − rate) with an independent mask for every row, channel and step, the same at all positions of
/// a row; in prediction y = x.
///
/// With one position that is dropout of elements (Srivastava et al. 2014, JMLR 15), with all those of a row of whole
/// channels (Tompson et al. 2015, arXiv 1411.4280).
final class Dropout: Layer {
  private let positions: Int
  private let channels: Int
  private let rate: Float
  private let key: UInt64
  private let scales: FloatBuffer

  /// - Parameters:
  ///   - positions: of a row, which share its masks.
  ///   - key: the layer's own part of its random stream's keys.
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
    let scales = scales.base
    let kept = 1 / (1 - rate)
    for index in 0..<pass.rows * channels {
      let draw = stream.uniformFloat()
      scales[index] = draw < rate ? 0 : kept
    }
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
    let scales = scales.base + pass.first * channels
    if positions == 1 {
      for index in 0..<pass.rows * channels { to[index] = from[index] * scales[index] }
      return
    }
    for row in 0..<pass.rows {
      let scales = scales + row * channels
      for position in row * positions..<(row + 1) * positions {
        for channel in 0..<channels {
          to[position * channels + channel] = from[position * channels + channel] * scales[channel]
        }
      }
    }
  }
}

extension LayerSpecification {
  /// Inverted dropout: in training each element is zero with probability `rate`, in 0..<1, else divided by 1 − rate.
  public static func dropout(rate: Double) -> LayerSpecification {
    LayerSpecification(DropoutDescription(rate: rate, isSpatial: false))
  }

  /// Inverted dropout of whole channels: in training each is zero with probability `rate`, in 0..<1, else divided by
  /// 1 − rate.
  public static func spatialDropout(rate: Double) -> LayerSpecification {
    LayerSpecification(DropoutDescription(rate: rate, isSpatial: true))
  }
}

private struct DropoutDescription: LayerDescription {
  var rate: Double
  var isSpatial: Bool

  var name: String { isSpatial ? "spatial_dropout" : "dropout" }
  var isPositionwise: Bool { !isSpatial }
  var signal: LayerSignal { .asRead }
  var isRandom: Bool { true }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    if isSpatial { try input.requirePositions() }
    return input
  }

  func make(_ place: LayerPlace) -> any Layer {
    Dropout(
      positions: place.output.positions, channels: place.output.channels, rate: rate, key: place.key,
      memory: place.memory)
  }
}
