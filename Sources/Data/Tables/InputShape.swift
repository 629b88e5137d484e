// What the numbers of a row are: features in no order, the steps of a sequence, or the pixels of an image.

/// The shape of a row without the batch, channels last: `[features]`, `[steps, features]` or `[height, width, channels]`.
package struct InputShape: Equatable, Sendable {
  /// Its sizes, the slowest first; one to three of them, each at least 1.
  package let dimensions: [Int]

  /// Nil for other numbers of sizes, sizes below 1, and products that no memory has room for.
  package init?(_ dimensions: [Int]) {
    guard (1...3).contains(dimensions.count), dimensions.allSatisfy({ $0 > 0 }),
      product(of: dimensions) != nil
    else { return nil }
    self.dimensions = dimensions
  }

  /// Numbers of a row.
  package var count: Int { dimensions.reduce(1, *) }
  /// Numbers of a step or a pixel; of a row of features, all.
  package var channels: Int { dimensions[dimensions.count - 1] }
  /// Steps or pixels of a row; 1 for a row of features.
  package var positions: Int { count / channels }
  /// Steps of a sequence; nil for the others.
  package var steps: Int? { dimensions.count == 2 ? dimensions[0] : nil }
}

extension InputShape: CustomStringConvertible {
  /// `[8, 8, 1]`.
  package var description: String { text(ofSizes: dimensions) }
}

/// In which order a source has the sizes of its rows.
public enum InputLayout: String, CaseIterable, Sendable {
  /// `[steps, features]`, `[height, width, channels]`: as everything else here.
  case channelsLast = "channels_last"
  /// `[features, steps]`, `[channels, height, width]`.
  case channelsFirst = "channels_first"

  /// The shape of rows whose sizes a source gives in this order; nil as for ``InputShape/init(_:)``.
  package func shape(ofSource sizes: [Int]) -> InputShape? {
    guard self == .channelsFirst, let channels = sizes.first else { return InputShape(sizes) }
    return InputShape(Array(sizes.dropFirst()) + [channels])
  }

  /// The sizes of a shape in the order of the source.
  package func sourceSizes(of shape: InputShape) -> [Int] {
    self == .channelsLast ? shape.dimensions : [shape.channels] + shape.dimensions.dropLast()
  }

  /// For every number of an encoded row, channels last, which one of the source's row it is. O(numbers).
  package func order(of shape: InputShape) -> [Int] {
    guard self == .channelsFirst else { return Array(0..<shape.count) }
    return (0..<shape.count).map { place in
      place % shape.channels * shape.positions + place / shape.channels
    }
  }

  /// The step or pixel, and the channel, of a number of the source's row.
  @inline(__always)
  package func place(_ column: Int, in shape: InputShape) -> (position: Int, channel: Int) {
    self == .channelsLast
      ? (column / shape.channels, column % shape.channels)
      : (column % shape.positions, column / shape.positions)
  }
}

/// How the features of a row make up a shape.
package struct RowForm: Equatable, Sendable {
  /// What they are together.
  package var shape: InputShape
  /// In which order the source has them.
  package var layout = InputLayout.channelsLast
  /// The tokens that the numbers name, which are never scaled; nil: they are numbers.
  package private(set) var tokens: TokenSet?

  /// The features of a row in the order of the shape.
  ///
  /// - Parameter tokens: of the model; rows of more than one dimension are of none, and its layers refuse them.
  package init(_ shape: InputShape, layout: InputLayout = .channelsLast, tokens: TokenSet? = nil) {
    (self.shape, self.layout) = (shape, layout)
    self.tokens = shape.dimensions.count == 1 ? tokens : nil
  }

  /// Steps of a sequence: also tokens have them, of which each is one.
  package var steps: Int? { tokens == nil ? shape.steps : shape.count }

  /// The step that a number of the source's row belongs to.
  @inline(__always)
  func step(ofColumn column: Int) -> Int {
    tokens == nil ? layout.place(column, in: shape).position : column
  }
}

/// The product of sizes; nil where it is no `Int`.
func product(of sizes: [Int]) -> Int? {
  sizes.reduce(1 as Int?) { product, size in
    guard let (value, overflows) = product?.multipliedReportingOverflow(by: size) else { return nil }
    return overflows ? nil : value
  }
}

/// `[8, 8, 1]`.
func text(ofSizes sizes: some Sequence<Int>) -> String {
  "[\(sizes.map(String.init).joined(separator: ", "))]"
}
