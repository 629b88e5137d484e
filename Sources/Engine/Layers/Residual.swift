// The sum of a residual layer: what the layers inside it gave, and what they read.

/// y = x + s, where x is the output of the last layer inside and s what the first one read (He et al. 2015,
/// arXiv 1512.03385).
///
/// The gradient by y goes both ways. To the last layer it goes as in any chain; to s it is added when the first layer has
/// written its own part, so that it is kept until then. The stack knows where that is (``LayerStack``).
final class Residual: Layer {
  private let units: Int
  /// The gradient by y.
  private let kept: FloatBuffer

  init(units: Int, memory: LayerMemory) {
    self.units = units
    kept = FloatBuffer(count: memory.trainingRows * units)
  }

  var isInPlace: Bool { true }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    y.update(from: x, count: pass.rows * units)
  }

  /// Completes a forward pass.
  func add(_ start: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, rows: Int) {
    for index in 0..<rows * units { y[index] += start[index] }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    (kept.base + pass.first * units).update(from: dy, count: pass.rows * units)
    if let dx, UnsafePointer(dx) != dy { dx.update(from: dy, count: pass.rows * units) }
  }

  /// Completes the gradient by what the first layer inside read, for the rows of a call.
  func addGradient(to gradient: UnsafeMutablePointer<Float>, _ pass: Pass) {
    let kept = kept.base + pass.first * units
    for index in 0..<pass.rows * units { gradient[index] += kept[index] }
  }
}

extension LayerSpecification {
  /// y = x + F(x), where F is these layers, at least one; the last gives rows of the shape that the first reads
  /// (arXiv 1512.03385).
  public static func residual(_ layers: [LayerSpecification]) -> LayerSpecification {
    LayerSpecification(ResidualDescription(inner: layers))
  }
}

private struct ResidualDescription: LayerDescription {
  var inner: [LayerSpecification]

  var name: String { "residual" }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    var shape = input
    for layer in inner { shape = try layer.output(from: shape) }
    guard shape == input else { throw ShapeFault(.sum(of: input, and: shape)) }
    return input
  }

  /// A sum keeps its gradient beside its values.
  func values(from input: RowShape) -> Int { 2 * input.count }

  func make(_ place: LayerPlace) -> any Layer { Residual(units: place.output.channels, memory: place.memory) }
}
