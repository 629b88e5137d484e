// `flatten` and `reshape`: the same numbers as rows of another shape.

/// y = x.
final class Reshape: Layer {
  private let count: Int

  /// - Parameter count: numbers of a row.
  init(count: Int) { self.count = count }

  var isInPlace: Bool { true }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    y.update(from: x, count: pass.rows * count)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx, UnsafePointer(dx) != dy else { return }
    dx.update(from: dy, count: pass.rows * count)
  }
}

extension LayerSpecification {
  /// The numbers of a row as a vector, row-major.
  public static var flatten: LayerSpecification { LayerSpecification(ReshapeDescription()) }

  /// The numbers of a row as one of another shape, row-major.
  public static func reshape(_ shape: RowShape) -> LayerSpecification {
    LayerSpecification(ReshapeDescription(shape: shape))
  }
}

private struct ReshapeDescription: LayerDescription {
  /// Nil: a vector.
  var shape: RowShape?

  var name: String { shape == nil ? "flatten" : "reshape" }
  var isPositionwise: Bool { false }
  var needsOneLength: Bool { true }
  var signal: LayerSignal { .asRead }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    guard let shape else { return .features(input.count) }
    let needed = shape.dimensions.reduce(1.0) { $0 * Double($1) }
    guard needed == Double(input.count) else {
      throw ShapeFault(
        .sentence("\(shape) takes \(RowShape.words(needed)) numbers, \(input) has \(input.count)"),
        member: "shape")
    }
    return shape
  }

  func make(_ place: LayerPlace) -> any Layer { Reshape(count: place.output.count) }
}
