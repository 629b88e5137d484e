// `conv1d` and `conv2d`: convolutions, then an activation.

import Engine
import JSON

struct ConvolutionSection: LayerSection {
  var filters: Int
  /// One window for a sequence, two for an image.
  var kernel: [Window]
  var padding: Padding
  var usesBias: Bool
  var activation: ActivationChoice

  var type: String { "conv\(kernel.count)d" }

  static let types = [1, 2].map { axes in LayerType("conv\(axes)d") { read(&$0, axes: axes) } }

  private static func read(_ layer: inout LayerReading, axes: Int) -> (any LayerSection)? {
    let filters = layer.reader.integer("filters", in: 1...layer.limits.maximumUnits, required: true)
    let kernel = layer.sizes("kernel_size", axes: axes, required: true)
    let strides = layer.sizes("strides", axes: axes) ?? [1]
    let padding = layer.reader.choice("padding", of: Padding.self) ?? .valid
    let dilation = layer.sizes("dilation_rate", axes: axes) ?? [1]
    let usesBias = layer.reader.bool("use_bias") ?? true
    let activation = layer.activation()
    guard let filters, let kernel else { return nil }
    let windows = (0..<axes).map {
      Window(
        size: kernel.ofAxis($0), stride: strides.ofAxis($0), dilation: dilation.ofAxis($0))
    }
    return ConvolutionSection(
      filters: filters, kernel: windows, padding: padding, usesBias: usesBias, activation: activation)
  }

  func write(to object: inout JSONObject) {
    object["filters"] = .integer(filters)
    object["kernel_size"] = .sizes(kernel.map(\.size))
    object["strides"] = .sizes(kernel.map(\.stride))
    object["padding"] = .string(padding.rawValue)
    object["dilation_rate"] = .sizes(kernel.map(\.dilation))
    object["use_bias"] = .bool(usesBias)
    object["activation"] = activation.resolved
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(
      .convolution(filters: filters, kernel: kernel, padding: padding, usesBias: usesBias))
    assembler.activate(activation)
  }
}
