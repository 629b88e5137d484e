// The dense layer: y = x·W + b.

import CKernels

/// A fully connected layer over rows; W is stored [inputs][outputs].
final class Dense: Layer {
  private let inputs: Int
  private let outputs: Int
  private let weight: Int
  private let bias: Int?
  private let kernels = ck_matrix_current()

  /// - Parameters:
  ///   - weight: the offset of W in the flat vectors.
  ///   - bias: the offset of b; nil for none.
  init(inputs: Int, outputs: Int, weight: Int, bias: Int?) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.bias = bias
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    kernels.pointee.gemm_nn(
      pass.rows, outputs, inputs, x, inputs, pass.parameters + weight, outputs, 0,
      bias.map { UnsafePointer(pass.parameters + $0) }, y, outputs)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx else { return }
    kernels.pointee.gemm_nt(
      pass.rows, inputs, outputs, dy, outputs, pass.parameters + weight, outputs, 0, nil, dx, inputs)
  }

  /// A member takes some rows of W and some of b: every number is summed over the batch's rows in their order.
  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    let rows = member.share(of: inputs, unit: 8)
    if !rows.isEmpty {
      kernels.pointee.gemm_tn(
        rows.count, outputs, pass.rows, x + rows.lowerBound, inputs, dy, outputs, 0, nil,
        pass.gradients + weight + rows.lowerBound * outputs, outputs)
    }
    guard let bias else { return }
    let columns = member.share(of: outputs, unit: 16)
    let sums = pass.gradients + bias + columns.lowerBound
    sums.update(repeating: 0, count: columns.count)
    kernels.pointee.add_columns(pass.rows, columns.count, dy + columns.lowerBound, outputs, sums)
  }
}

extension LayerSpecification {
  /// y = x·W + b at every position, with W stored [inputs][units].
  public static func dense(units: Int, usesBias: Bool = true) -> LayerSpecification {
    LayerSpecification(DenseDescription(units: units, usesBias: usesBias))
  }
}

private struct DenseDescription: LayerDescription {
  var units: Int
  var usesBias: Bool

  var name: String { "dense" }
  var hasBias: Bool { usesBias }

  func output(from input: RowShape) -> RowShape { input.with(channels: units) }

  func tensors(from input: RowShape) -> [LayerTensor] {
    let weight = LayerTensor("weight", [input.channels, units], .weight)
    return usesBias ? [weight, LayerTensor("bias", [units], .bias)] : [weight]
  }

  func multiplyAdds(from input: RowShape) -> Int { input.count * units }

  func values(from input: RowShape) -> Int { input.positions * units }

  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart) {
    var stream = start.stream
    let context = start.context(inputs: start.input.channels, outputs: units)
    if usesBias {
      start.initializer.fill(parameters, context, from: &stream)
    } else {
      start.initializer.fillWeights(parameters, context, from: &stream)
    }
  }

  func make(_ place: LayerPlace) -> any Layer {
    Dense(
      inputs: place.input.channels, outputs: units, weight: place.offset,
      bias: usesBias ? place.offset + place.input.channels * units : nil)
  }
}
