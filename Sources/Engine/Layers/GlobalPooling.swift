// `global_max_pool` and `global_average_pool`: the largest or the mean of each channel over all positions of a row.

import CKernels

/// y = max or mean over the positions of a row, or over its steps where rows differ in length.
///
/// A NaN is the largest. The gradient by the largest goes to the first that equals it, that by a mean in equal shares.
final class GlobalPooling: Layer {
  private let kind: LayerSpecification.Pool
  private let positions: Int
  private let channels: Int
  private let kernels = ck_kernels_current().pointee.poolings.pointee

  init(_ kind: LayerSpecification.Pool, positions: Int, channels: Int) {
    self.kind = kind
    self.positions = positions
    self.channels = channels
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let lengths = pass.lengths.map { $0 + pass.first }
    switch kind {
    case .max: kernels.global_max(pass.rows, positions, channels, lengths, x, y)
    case .average: kernels.global_average(pass.rows, positions, channels, lengths, x, y)
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx else { return }
    let lengths = pass.lengths.map { $0 + pass.first }
    switch kind {
    case .max: kernels.global_max_gradient(pass.rows, positions, channels, lengths, x, y, dy, dx)
    case .average: kernels.global_average_gradient(pass.rows, positions, channels, lengths, dy, dx)
    }
  }
}

extension LayerSpecification {
  /// The largest or the mean of each channel over a whole sequence or image.
  public static func globalPooling(_ pool: Pool) -> LayerSpecification {
    LayerSpecification(GlobalPoolingDescription(pool: pool))
  }
}

private struct GlobalPoolingDescription: LayerDescription {
  var pool: LayerSpecification.Pool

  var name: String { "global_\(pool.rawValue)" }
  var isPositionwise: Bool { false }
  var signal: LayerSignal { .asRead }
  var carriesBias: Bool { true }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    try input.requirePositions()
    return .features(input.channels)
  }

  func values(from input: RowShape) -> Int { input.channels }

  func make(_ place: LayerPlace) -> any Layer {
    GlobalPooling(pool, positions: place.input.positions, channels: place.input.channels)
  }
}
