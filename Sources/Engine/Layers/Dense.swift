// The dense layer: y = x·W + b.

import CKernels

/// A fully connected layer over rows; W is stored [inputs][outputs].
final class Dense: Layer {
  private let inputs: Int
  private let outputs: Int
  private let weight: Int
  private let bias: Int
  private let kernels = ck_matrix_current()

  /// - Parameters:
  ///   - weight: the offset of W in the flat vectors.
  ///   - bias: the offset of b.
  init(inputs: Int, outputs: Int, weight: Int, bias: Int) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    kernels.pointee.gemm_nn(
      pass.rows, outputs, inputs, x, inputs, pass.parameters + weight, outputs, 0, pass.parameters + bias, y,
      outputs)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    kernels.pointee.add_columns(pass.rows, outputs, dy, outputs, pass.gradients + bias)
    kernels.pointee.gemm_tn(
      inputs, outputs, pass.rows, x, inputs, dy, outputs, 1, nil, pass.gradients + weight, outputs)
    guard let dx else { return }
    kernels.pointee.gemm_nt(
      pass.rows, inputs, outputs, dy, outputs, pass.parameters + weight, outputs, 0, nil, dx, inputs)
  }
}
