// The network of a workload: its layers, and which arrays hold their initial parameters.

import Engine
import JSON

/// Layers with one activation each, and an output layer.
struct Network {
  let input: RowShape
  let outputs: Int
  /// Where activation k of the specification is used, after the layers that have parameters.
  private(set) var layers: [LayerSpecification] = []
  /// How many activations there are.
  private(set) var activationCount = 0
  /// The engine's tensors with the arrays of their initial numbers.
  private(set) var initial: [(tensor: String, array: String)] = []
  /// The positions of the activations among the layers.
  private(set) var activationLayers: [Int] = []

  /// - Parameters:
  ///   - name: the workload's.
  ///   - cell: of a recurrent network, which its variant names.
  init(_ document: JSONValue?, of name: String, cell: Variant.Cell?) throws {
    let layers = document?["layers"]?.arrayValue
    if let widths = layers?.numbers, let first = widths.first, let last = widths.last {
      input = .features(Int(first))
      outputs = Int(last)
      for (index, width) in widths.dropFirst().dropLast().enumerated() {
        add(.dense(units: Int(width)), "W\(index)", "b\(index)")
      }
      addOutput(widths.count - 2)
      return
    }
    if let steps = document?["steps"]?.intValue, let features = document?["input"]?.intValue,
      let units = document?["hidden"]?.intValue, let count = document?["output"]?.intValue, let cell
    {
      (input, outputs) = (.sequence(steps: steps, features: features), count)
      add(cell, units: units)
      initial += [("output.weight", "Wo"), ("output.bias", "bo")]
      return
    }
    let sizes = document?["input"]?.arrayValue?.numbers?.map { Int($0) }
    guard document?["kind"]?.stringValue == "cnn", let layers, let last = layers.last?["dense"]?.intValue,
      let shape = sizes.flatMap(RowShape.init(dimensions:))
    else { throw BenchmarkError("\(name) is not a network of dense layers, convolutions or cells") }
    (input, outputs) = (shape, last)
    let axes = shape.dimensions.count - 1
    for layer in layers.dropLast() {
      let isSame = layer["padding"]?.stringValue == "same"
      if let filters = layer["conv"]?.intValue, let size = layer["kernel"]?.intValue {
        let window = Window(size: size, stride: layer["stride"]?.intValue ?? 1)
        add(
          .convolution(
            filters: filters, kernel: [Window](repeating: window, count: axes),
            padding: isSame ? .same : .valid), "K\(activationCount)", "kb\(activationCount)")
      } else if let size = layer["max_pool"]?.intValue {
        let window = Window(size: size, stride: size)
        self.layers.append(.pooling(.max, window: [Window](repeating: window, count: axes)))
      } else if layer["global_average_pool"] != nil {
        self.layers.append(.globalPooling(.average))
      } else {
        throw BenchmarkError("\(name) has a layer that is not known")
      }
    }
    self.layers.append(.flatten)
    addOutput(0)
  }

  private mutating func add(_ layer: LayerSpecification, _ weight: String, _ bias: String) {
    let place = "layers.\(layers.count)"
    initial += [("\(place).weight", weight), ("\(place).bias", bias)]
    activationLayers.append(layers.count + 1)
    layers += [layer, .activation(activationCount)]
    activationCount += 1
  }

  /// A layer whose cells have the one activation, an LSTM's at both of its places.
  private mutating func add(_ cell: Variant.Cell, units: Int) {
    var tensors = [("weight", "Wx"), ("recurrent_weight", "Wh"), ("bias", "b")]
    switch cell {
    case .elman: layers.append(.rnn(units: units, activation: 0))
    case .lstm: layers.append(.lstm(units: units, activation: 0, output: .shared))
    case .gru:
      layers.append(.gru(units: units, activation: 0))
      tensors.append(("recurrent_bias", "rb"))
    }
    initial += tensors.map { ("layers.0.\($0)", "\(cell.rawValue)_\($1)") }
    activationCount = 1
  }

  private mutating func addOutput(_ number: Int) {
    initial += [("output.weight", "W\(number)"), ("output.bias", "b\(number)")]
  }
}
