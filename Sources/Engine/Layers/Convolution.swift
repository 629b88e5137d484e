// Convolutions: `conv1d` over sequences, `conv2d` over images.

import CKernels

/// y[p] = b + Σ_q x[stride·p + dilation·q − before]·K[q] at every position p, with zeros outside of the row (a cross-correlation).
///
/// K is stored [kernel…][channels][filters], rows of filters. Its columns are never made: the kernels read the rows
/// themselves. Behind the end of a shorter row are zeros, in what it reads and in what it gives.
final class Convolution: Layer {
  private let shape: UnsafeMutablePointer<ck_convolution>
  private let kernels = ck_kernels_current().pointee.convolutions.pointee
  private let sums = ck_matrix_current()
  /// What calls work in, one for each member of the team.
  private let scratch: [FloatBuffer]
  private let weight: Int
  private let bias: Int?
  /// Rows of K.
  private let depth: Int
  private let filters: Int
  private let positions: Int

  /// - Parameters:
  ///   - weight: the offset of K in the flat vectors.
  ///   - bias: the offset of b; nil for none.
  init(_ shape: ck_convolution, weight: Int, bias: Int?, memory: LayerMemory) {
    self.shape = .allocate(capacity: 1)
    self.shape.initialize(to: shape)
    let numbers = kernels.memory(self.shape)
    scratch = (0..<memory.members).map { _ in FloatBuffer(count: numbers) }
    self.weight = weight
    self.bias = bias
    depth = shape.kernel_height * shape.kernel_width * shape.channels
    filters = shape.filters
    positions = shape.out_height * shape.out_width
  }

  deinit { shape.deallocate() }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    kernels.forward(
      shape, pass.rows, x, pass.parameters + weight, bias.map { UnsafePointer(pass.parameters + $0) }, y,
      scratch[pass.member].base)
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx else { return }
    kernels.input_gradient(
      shape, pass.rows, dy, pass.parameters + weight, dx, scratch[pass.member].base)
  }

  /// A member takes some rows of K and some of b: every number is summed over the batch's rows and positions in their
  /// order.
  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    let rows = member.share(of: depth, unit: 4)
    if !rows.isEmpty {
      kernels.kernel_gradient(
        shape, pass.rows, x, dy, rows.lowerBound, rows.count, pass.gradients + weight,
        scratch[member.index].base)
    }
    guard let bias else { return }
    let columns = member.share(of: filters, unit: 16)
    let gradient = pass.gradients + bias + columns.lowerBound
    gradient.update(repeating: 0, count: columns.count)
    sums.pointee.add_columns(
      pass.rows * positions, columns.count, dy + columns.lowerBound, filters, gradient)
  }
}

extension LayerSpecification {
  /// A convolution of so many filters over a sequence, with one window, or an image, with two (height, width).
  public static func convolution(
    filters: Int, kernel: [Window], padding: Padding = .valid, usesBias: Bool = true
  ) -> LayerSpecification {
    LayerSpecification(
      ConvolutionDescription(filters: filters, kernel: kernel, padding: padding, usesBias: usesBias))
  }
}

private struct ConvolutionDescription: LayerDescription {
  var filters: Int
  var kernel: [Window]
  var padding: Padding
  var usesBias: Bool

  var name: String { "conv\(kernel.count)d" }
  var isPositionwise: Bool { false }
  var hasFilters: Bool { true }
  var hasBias: Bool { usesBias }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    guard input.dimensions.count == kernel.count + 1 else {
      throw ShapeFault(.needs(kernel.count == 1 ? "[steps, channels]" : "[height, width, channels]"))
    }
    guard let output = kernel.output(from: input, channels: filters, padding) else {
      throw ShapeFault(
        .sentence("\(spanned(input)); use a smaller one or `\"padding\": \"same\"`"), member: "kernel_size")
    }
    for (window, size) in zip(kernel, input.dimensions) where window.span > Self.mostSpanned(of: size) {
      throw ShapeFault(
        .sentence("\(spanned(input)); it may span at most \(Self.mostSpanned(of: size))"),
        member: "kernel_size")
    }
    let padded = padded(input)
    guard padded <= max(Self.mostPadded, 4 * input.dimensions.reduce(1.0) { $0 * Double($1) }) else {
      throw ShapeFault(
        .sentence("\(spanned(input)); a row with its padding has \(RowShape.words(padded)) numbers"),
        member: "kernel_size")
    }
    return output
  }

  /// What a kernel may span of an axis, so that padding is not out of all proportion to what is padded.
  private static func mostSpanned(of size: Int) -> Int { 2 * size + 64 }

  /// Numbers of a row with its padding that any convolution may copy.
  private static let mostPadded = 4_194_304.0

  private func padded(_ input: RowShape) -> Double {
    zip(kernel, input.dimensions).reduce(Double(input.channels)) { numbers, axis in
      let (window, size) = axis
      return numbers * Double(max(size, (window.places(on: size, padding) - 1) * window.stride + window.span))
    }
  }

  private func spanned(_ input: RowShape) -> String {
    let hasGaps = kernel.contains { $0.dilation > 1 }
    let words =
      "a kernel of \(kernel.words(\.size))"
      + (hasGaps ? " with dilation \(kernel.words(\.dilation))" : "")
    if case .sequence(let steps, _) = input { return "\(words) spans \(kernel[0].span) of \(steps) steps" }
    return hasGaps
      ? "\(words) spans \(kernel.words(\.span)) of \(input)" : "\(words) does not fit into \(input)"
  }

  func length(from length: Int) -> Int { kernel[0].length(from: length, padding) }

  private var area: Int { kernel.reduce(1) { $0 * $1.size } }

  func tensors(from input: RowShape) -> [LayerTensor] {
    let weight = LayerTensor("weight", kernel.map(\.size) + [input.channels, filters], .weight)
    return usesBias ? [weight, LayerTensor("bias", [filters], .bias)] : [weight]
  }

  func multiplyAdds(from input: RowShape) -> Int {
    guard let output = kernel.output(from: input, channels: filters, padding) else { return 0 }
    return output.count * area * input.channels
  }

  /// Its outputs. Copies of the kernel have whole vectors of filters and of channels; they count where they are much more
  /// than the kernel itself.
  func values(from input: RowShape) -> Int {
    let outputs = kernel.output(from: input, channels: filters, padding)?.count ?? 0
    let (channels, filters) = (Double(input.channels), Double(filters))
    func whole(_ number: Double) -> Double { (number / 32).rounded(.up) * 32 }
    let copied = Double(area) * (channels * whole(filters) + filters * whole(channels))
    return outputs + Int(min(max(0, copied - 8 * Double(area) * channels * filters - 65_536), 1e15))
  }

  /// As a dense layer of the numbers under a window; glorot's rules count how many outputs read a number.
  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart) {
    var stream = start.stream
    let context = start.context(inputs: area * start.input.channels, outputs: area * filters)
    if usesBias {
      start.initializer.fill(parameters, context, columns: filters, from: &stream)
    } else {
      start.initializer.fillWeights(parameters, context, columns: filters, from: &stream)
    }
  }

  func make(_ place: LayerPlace) -> any Layer {
    // A sequence is an image of height 1.
    let windows = kernel.count == 1 ? [Window(size: 1)] + kernel : kernel
    let sizes = (kernel.count == 1 ? [1] : []) + place.input.dimensions
    let places = zip(windows, sizes).map { $0.places(on: $1, padding) }
    // Where there is one place, nothing is stepped over.
    let strides = zip(windows, places).map { $1 == 1 ? 1 : $0.stride }
    let befores = zip(windows, sizes).map { $0.before(on: $1, padding) }
    let channels = place.input.channels
    let shape = ck_convolution(
      height: sizes[0], width: sizes[1], channels: channels, out_height: places[0], out_width: places[1],
      filters: filters, kernel_height: windows[0].size, kernel_width: windows[1].size,
      stride_height: strides[0], stride_width: strides[1], dilation_height: windows[0].dilation,
      dilation_width: windows[1].dilation, before_height: befores[0], before_width: befores[1])
    return Convolution(
      shape, weight: place.offset, bias: usesBias ? place.offset + area * channels * filters : nil,
      memory: place.memory)
  }
}
