// A window that steps over one axis of a row: what it covers, and how many places it has.

/// What a convolution or a pooling does at the edges of a row.
public enum Padding: String, Sendable, CaseIterable {
  /// Only whole windows count; what fills none is left out at the end.
  case valid
  /// There are ⌈n/stride⌉ windows, and what lacks of them is padded, an odd element at the end (ONNX's SAME_UPPER, as Keras and
  /// TensorFlow have it).
  case same
}

/// One axis of a window.
public struct Window: Sendable, Hashable {
  /// Elements of the axis that it takes.
  public var size: Int
  /// From one place to the next.
  public var stride: Int
  /// From one of its elements to the next; 1 has no gaps.
  public var dilation: Int

  /// A window by its parts, each at least 1.
  public init(size: Int, stride: Int = 1, dilation: Int = 1) {
    (self.size, self.stride, self.dilation) = (size, stride, dilation)
  }

  /// From its first element to its last, both included.
  public var span: Int { dilation * (size - 1) + 1 }

  /// How many places it has on an axis of `count` elements; 0 where none of it fits.
  public func places(on count: Int, _ padding: Padding) -> Int {
    switch padding {
    case .valid: count < span ? 0 : (count - span) / stride + 1
    case .same: (count + stride - 1) / stride
    }
  }

  /// How many elements are padded before the first.
  public func before(on count: Int, _ padding: Padding) -> Int {
    switch padding {
    case .valid: 0
    case .same: max(0, (places(on: count, padding) - 1) * stride + span - count) / 2
    }
  }

  /// How many steps of a row that has so many are left. One that is shorter than the window is filled up.
  func length(from length: Int, _ padding: Padding) -> Int { max(1, places(on: length, padding)) }

  /// How many elements at the end of an axis are in no place.
  public func dropped(on count: Int, _ padding: Padding) -> Int {
    guard padding == .valid, count >= span else { return 0 }
    return max(0, (count - span) % stride - max(0, stride - span))
  }
}

extension [Window] {
  /// What windows make of the positions of a row, which must have as many axes; nil where one has no place.
  func output(from input: RowShape, channels: Int, _ padding: Padding) -> RowShape? {
    let sizes = zip(self, input.dimensions).map { $0.places(on: $1, padding) }
    return RowShape(dimensions: sizes + [channels])
  }

  /// `3 × 3`.
  func words(_ number: (Window) -> Int) -> String {
    map { String(number($0)) }.joined(separator: " × ")
  }
}
