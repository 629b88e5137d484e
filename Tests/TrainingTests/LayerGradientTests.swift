// Gradients of models with every layer that a document may name, against central differences.

import Data
import Engine
import JSON
import Testing
import Training

/// Options of each type of layer; a type that is missing here fails the test.
private let options: [String: String] = [
  // The layer before has a bias.
  "dense": #""units": 3, "use_bias": false"#, "activation": "", "gated": #""units": 3"#,
  "glu": #""units": 3"#,
  "bilinear": #""units": 3"#, "reglu": #""units": 3"#, "geglu": #""units": 3"#, "swiglu": #""units": 3"#,
  "maxout": #""units": 3"#, "dropout": #""rate": 0.3"#, "batch_norm": "", "layer_norm": "",
  "residual": #""layers": [{"type": "dense", "units": 2}]"#,
  "rnn": #""units": 3"#, "lstm": #""units": 3, "recurrent_activation": "parametric_sigmoid""#,
  "gru": #""units": 3, "bidirectional": true, "merge_mode": "mul""#,
  "embedding": #""input_dim": 9, "output_dim": 2"#, "spatial_dropout": #""rate": 0.3"#,
  "conv1d": #""filters": 3, "kernel_size": 2, "dilation_rate": 2, "padding": "same""#,
  "conv2d": #""filters": 3, "kernel_size": [2, 1], "strides": [1, 2], "use_bias": false"#,
  "max_pool": #""pool_size": 2, "strides": 1"#, "average_pool": #""pool_size": 2, "padding": "same""#,
  "global_max_pool": "", "global_average_pool": "", "flatten": "", "reshape": #""shape": [2, 3]"#,
]

@Suite struct LayerGradientTests {
  @Test(arguments: Layers.names)
  func `the gradient is the slope of the loss`(type: String) throws {
    let members = try #require(options[type], "the layer \(type) has no options here")
    let layer = #"{"type": "\#(type)"\#(members.isEmpty ? "" : ", \(members)")}"#
    let isEmbedding = type == "embedding"
    let before = isEmbedding ? "" : #"{"type": "dense", "units": 2}, "#
    let layers = #"[\#(before)\#(layer), {"type": \#(type.next)}]"#
    let inputs = (0..<8).map { row in
      "[\((0..<6).map { isEmbedding ? "\((row * 5 + $0 * 7) % 9)" : "\(Double((row * 7 + $0 * 11) % 13) / 5 - 1.2)" }.joined(separator: ", "))]"
    }
    let targets = (0..<8).map { "\(Double($0 % 3))" }
    let shape = isEmbedding ? "[6]" : type == "conv2d" ? "[3, 2, 1]" : "[3, 2]"
    let job = try prepare(
      #"""
      {"data": {"inputs": [\#(inputs.joined(separator: ", "))], "targets": [\#(targets.joined(separator: ", "))],
        "validation_fraction": 0, "input_shape": \#(shape), "standardize": false},
       "task": "regression", "activation": {"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"},
       "model": {"layers": \#(layers)}}
      """#)
    let examples = job.dataset.training
    let model = Model(
      job.assembly.specification, loss: .meanSquaredError, batchSize: examples.rows, seed: 4)
    var stream = RandomStream(seed: 21, stream: .synthetic)
    for index in model.parameters.indices { model.parameters[index] += Float(0.3 * stream.normal()) }
    let order = (0..<Int32(examples.rows)).map { $0 }
    func loss() -> Double {
      order.withUnsafeBufferPointer {
        model.computeGradients(
          inputs: examples.inputs, targets: examples.targets, rows: $0, step: 1, epoch: 0)
      }
    }
    _ = loss()
    let gradient = Array(model.gradients)
    let scale = gradient.map(abs).max() ?? 0
    #expect(scale > 0)
    for index in gradient.indices {
      let value = model.parameters[index]
      var (best, slope) = (Double.infinity, 0.0)
      // As wide as may be without a kink or a tie between the ends; where all have one, those that agree best.
      for width: Float in [1.0 / 128, 1.0 / 512, 1.0 / 2048] {
        func difference(_ width: Float) -> Double {
          model.parameters[index] = value + width
          let above = loss()
          model.parameters[index] = value - width
          let below = loss()
          model.parameters[index] = value
          return (above - below) / Double(2 * width)
        }
        let (narrow, wide) = (difference(width / 2), difference(width))
        if abs(narrow - wide) < best { (best, slope) = (abs(narrow - wide), (4 * narrow - wide) / 3) }
        if best <= 1e-3 * max(abs(slope), 0.1) { break }
      }
      #expect(abs(Float(slope) - gradient[index]) <= 1e-3 * max(scale, 0.1), "\(index), scale \(scale)")
    }
  }
}

extension String {
  /// The layer that makes a vector of what this type gives, or reads the vector that it gives.
  fileprivate var next: String {
    switch self {
    case "rnn", "lstm", "gru", "global_max_pool", "global_average_pool", "flatten": #""layer_norm""#
    case "conv2d": #""flatten""#
    default: #""rnn", "units": 2"#
    }
  }
}
