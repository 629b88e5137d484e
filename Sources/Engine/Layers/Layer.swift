// What every layer of a planned model can do: one pass forward and one back over a block of rows.

/// Where a pass reads parameters, where it leaves gradients, and what it is for.
struct Pass {
  /// Why the model is run.
  enum Purpose {
    /// A training step at a share of training in [0, 1]: dropout drops, statistics are those of the batch and are added
    /// to the running ones.
    case training(seed: UInt64, step: UInt64, progress: Double)
    /// Prediction: nothing is drawn, running statistics are used.
    case prediction
  }

  var rows: Int
  var purpose: Purpose
  /// The whole flat parameter vector; layers hold offsets into it.
  var parameters: UnsafeMutablePointer<Float>
  /// The whole flat gradient vector, which backward passes add to.
  var gradients: UnsafeMutablePointer<Float>
  /// Which combination of random draws is in force, for statistics that depend on it; nil when none is.
  var combination: Int?
}

/// One layer with its buffers and its place in the flat vectors; its widths are fixed when it is made.
protocol Layer: AnyObject {
  /// Writes y, rows × outputs, from x, rows × inputs. In training it keeps what its backward pass needs.
  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// Adds to the gradients of the layer's parameters, and writes dx unless it is nil. `x` and `y` are as the last
  /// forward pass, in training, saw and left them. `dx` is distinct from `dy`.
  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?)
}
