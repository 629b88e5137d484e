// Layers one after the other, with the buffers between them.

/// A chain of layers that owns every value and gradient of one pass; the model is one, and so is a hypernetwork.
final class LayerStack {
  let layers: [any Layer]
  private let inputs: Int
  /// What each layer writes.
  private let values: [FloatBuffer]
  /// Gradients by a layer's output and input, in turn.
  private let gradients: (FloatBuffer, FloatBuffer)

  /// - Parameter layers: at least one, each with its outputs per row.
  init(inputs: Int, layers: [(layer: any Layer, outputs: Int)], maximumRows: Int) {
    self.inputs = inputs
    self.layers = layers.map(\.layer)
    values = layers.map { FloatBuffer(count: maximumRows * $0.outputs) }
    let widest = max(inputs, layers.map(\.outputs).max() ?? 0)
    gradients = (FloatBuffer(count: maximumRows * widest), FloatBuffer(count: maximumRows * widest))
  }

  /// Rows × outputs of the last layer, after a forward pass.
  var output: UnsafeMutablePointer<Float> { values[values.count - 1].base }

  /// Where the loss leaves its gradient by the output, before a backward pass.
  var outputGradient: UnsafeMutablePointer<Float> { gradients.0.base }

  /// What the layer at an index reads, after a forward pass from `input`.
  func input(ofLayer index: Int, _ input: UnsafePointer<Float>) -> UnsafePointer<Float> {
    index == 0 ? input : UnsafePointer(values[index - 1].base)
  }

  func forward(_ pass: Pass, input: UnsafePointer<Float>) {
    for index in layers.indices {
      layers[index].forward(pass, x: self.input(ofLayer: index, input), y: values[index].base)
    }
  }

  /// Follows a forward pass from the same input; adds to the parameters' gradients, and writes the gradient by the
  /// input unless that is nil.
  func backward(_ pass: Pass, input: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>? = nil)
  {
    var (dy, spare) = (gradients.0.base, gradients.1.base)
    for index in layers.indices.reversed() {
      let dx = index == 0 ? inputGradient : spare
      layers[index].backward(
        pass, x: self.input(ofLayer: index, input), y: values[index].base, dy: dy, dx: dx)
      swap(&dy, &spare)
    }
  }
}
