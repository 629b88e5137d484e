// Pooling: `max_pool` and `average_pool`, the largest or the mean of every window of a row, channel by channel.

import CKernels

/// y[p] = max or mean of x[stride·p − before + q] over the q of a window that lie inside the row; padding never counts, nor
/// does what lies behind the end of a shorter row.
///
/// A NaN is the largest. The gradient by the largest goes to the first that equals it, that by a mean in equal shares.
final class Pooling: Layer {
  private let kind: LayerSpecification.Pool
  private let shape: UnsafeMutablePointer<ck_pooling>
  private let kernels = ck_kernels_current().pointee.poolings.pointee
  /// How many steps are left of a row that has so many.
  private let length: (Int) -> Int

  init(_ kind: LayerSpecification.Pool, _ shape: ck_pooling, length: @escaping (Int) -> Int) {
    self.kind = kind
    self.shape = .allocate(capacity: 1)
    self.shape.initialize(to: shape)
    self.length = length
  }

  deinit { shape.deallocate() }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    forEachCall(pass) { shape, rows, input, output in
      switch kind {
      case .max: kernels.max(shape, rows, x + input, y + output)
      case .average: kernels.average(shape, rows, x + input, y + output)
      }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx else { return }
    forEachCall(pass) { shape, rows, input, output in
      switch kind {
      case .max: kernels.max_gradient(shape, rows, x + input, y + output, dy + output, dx + input)
      case .average: kernels.average_gradient(shape, rows, dy + output, dx + input)
      }
    }
  }

  /// Calls `body` for all rows, or for each by itself where they differ in length: then a row is as long as it is. What lies
  /// behind its end is not written.
  @inline(__always)
  private func forEachCall(
    _ pass: Pass,
    _ body: (_ shape: UnsafePointer<ck_pooling>, _ rows: Int, _ input: Int, _ output: Int) -> Void
  ) {
    guard pass.lengths != nil else { return body(UnsafePointer(shape), pass.rows, 0, 0) }
    let whole = shape.pointee
    for row in 0..<pass.rows {
      var own = whole
      own.width = pass.length(ofRow: row, steps: whole.width)
      own.out_width = min(whole.out_width, length(own.width))
      body(
        &own, 1, row * whole.width * whole.channels, row * whole.out_width * whole.channels)
    }
  }
}

extension LayerSpecification {
  /// What is taken of a window.
  public enum Pool: String, Sendable, CaseIterable {
    case max = "max_pool"
    case average = "average_pool"
  }

  /// Pooling of each channel over a sequence, with one window, or an image, with two (height, width).
  public static func pooling(_ pool: Pool, window: [Window], padding: Padding = .valid) -> LayerSpecification
  {
    LayerSpecification(PoolingDescription(pool: pool, window: window, padding: padding))
  }
}

private struct PoolingDescription: LayerDescription {
  var pool: LayerSpecification.Pool
  /// For each axis; one stands for all of them.
  var window: [Window]
  var padding: Padding

  var name: String { pool.rawValue }
  var isPositionwise: Bool { false }
  var signal: LayerSignal { .asRead }
  var carriesBias: Bool { true }

  /// A window for each axis of a row.
  private func windows(_ input: RowShape) -> [Window] {
    let axes = input.dimensions.count - 1
    return window.count == 1 ? [Window](repeating: window[0], count: axes) : window
  }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    try input.requirePositions()
    let windows = windows(input)
    guard windows.count == input.dimensions.count - 1 else {
      throw ShapeFault(
        .sentence("2 numbers are for [height, width, channels]; give one for \(input)"),
        member: Set(window.map(\.size)).count == 1 && Set(window.map(\.stride)).count > 1
          ? "strides" : "pool_size")
    }
    guard let output = windows.output(from: input, channels: input.channels, padding) else {
      throw ShapeFault(
        .sentence("a window of \(windows.words(\.size)) does not fit into \(input)"), member: "pool_size")
    }
    return output
  }

  func length(from length: Int) -> Int { window[0].length(from: length, padding) }

  func values(from input: RowShape) -> Int {
    windows(input).output(from: input, channels: input.channels, padding)?.count ?? 0
  }

  func dropped(from input: RowShape) -> [(count: Int, of: Int)] {
    zip(windows(input), input.dimensions).map { ($0.dropped(on: $1, padding), $1) }
  }

  func make(_ place: LayerPlace) -> any Layer {
    // A sequence is an image of height 1.
    let isSequence = place.input.steps != nil
    let windows = (isSequence ? [Window(size: 1)] : []) + windows(place.input)
    let sizes = (isSequence ? [1] : []) + place.input.dimensions
    let places = zip(windows, sizes).map { $0.places(on: $1, padding) }
    let befores = zip(windows, sizes).map { $0.before(on: $1, padding) }
    let shape = ck_pooling(
      height: sizes[0], width: sizes[1], channels: place.input.channels, out_height: places[0],
      out_width: places[1], window_height: windows[0].size, window_width: windows[1].size,
      stride_height: windows[0].stride, stride_width: windows[1].stride, before_height: befores[0],
      before_width: befores[1])
    return Pooling(pool, shape, length: length)
  }
}
