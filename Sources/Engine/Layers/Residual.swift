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
