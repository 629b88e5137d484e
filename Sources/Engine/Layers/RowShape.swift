// What one row of values is: a vector, a sequence of vectors, or an image.

/// The shape of a row, without the batch; channels last (`[steps, features]`, `[height, width, channels]`).
public enum RowShape: Sendable, Hashable {
  /// So many numbers in no order.
  case features(Int)
  /// So many steps, each of so many numbers.
  case sequence(steps: Int, features: Int)
  /// An image, row-major, the channels of a pixel side by side.
  case image(height: Int, width: Int, channels: Int)

  /// A shape of one, two or three sizes, each at least 1; nil for any others.
  public init?(dimensions: [Int]) {
    guard dimensions.allSatisfy({ $0 > 0 }) else { return nil }
    switch dimensions.count {
    case 1: self = .features(dimensions[0])
    case 2: self = .sequence(steps: dimensions[0], features: dimensions[1])
    case 3: self = .image(height: dimensions[0], width: dimensions[1], channels: dimensions[2])
    default: return nil
    }
  }

  /// The sizes, the slowest first.
  public var dimensions: [Int] {
    switch self {
    case .features(let count): [count]
    case .sequence(let steps, let features): [steps, features]
    case .image(let height, let width, let channels): [height, width, channels]
    }
  }

  /// How many numbers a row has.
  public var count: Int { positions * channels }

  /// Numbers of a step or pixel; of a vector, all. A layer's units.
  public var channels: Int {
    switch self {
    case .features(let count): count
    case .sequence(_, let features): features
    case .image(_, _, let channels): channels
    }
  }

  /// Steps or pixels of a row; 1 for a vector.
  public var positions: Int {
    switch self {
    case .features: 1
    case .sequence(let steps, _): steps
    case .image(let height, let width, _): height * width
    }
  }

  /// Steps of a sequence; nil for the others.
  public var steps: Int? { if case .sequence(let steps, _) = self { steps } else { nil } }

  /// The same positions with other channels.
  public func with(channels: Int) -> RowShape {
    switch self {
    case .features: .features(channels)
    case .sequence(let steps, _): .sequence(steps: steps, features: channels)
    case .image(let height, let width, _): .image(height: height, width: width, channels: channels)
    }
  }
}

extension RowShape: CustomStringConvertible {
  /// `[8, 8, 1]`.
  public var description: String { "[\(dimensions.map(String.init).joined(separator: ", "))]" }
}

extension RowShape {
  /// A count of numbers in a sentence; it may be out of the range of whole numbers.
  static func words(_ count: Double) -> String { Int(exactly: count).map(String.init) ?? "\(count)" }
}
