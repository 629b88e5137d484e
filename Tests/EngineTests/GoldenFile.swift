// The golden trajectories: how their files read, and the models they describe.

import Activations
import Engine
import Foundation

/// One training run that JAX computed in double precision; Golden/README.md tells how.
struct GoldenFile: Decodable {
  /// Numbers of any nesting.
  indirect enum Values: Decodable {
    case number(Double)
    case list([Values])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self =
        try (try? container.decode(Double.self)).map(Values.number) ?? .list(container.decode([Values].self))
    }

    var flat: [Float] {
      switch self {
      case .number(let number): [Float(number)]
      case .list(let values): values.flatMap(\.flat)
      }
    }
  }

  struct Tensors: Decodable {
    var weights: [Values]
    var biases: [Values]
    var activations: [[String: Values]]
  }

  struct Optimizer: Decodable {
    var name: String
    var learningRate: Double
    var momentum: Double?
    var beta1: Double?
    var beta2: Double?
    var epsilon: Double?
  }

  var activation: String
  /// `layer` or `unit`.
  var granularity: String
  var task: String
  var optimizer: Optimizer
  var sizes: [Int]
  var choiceByStep: [Int]?
  var initial: Tensors
  var inputs: [Values]
  var targets: [Values]
  var losses: [Double]
  var firstGradient: Tensors
  var final: Tensors

  static func named(_ name: String) throws -> GoldenFile {
    let folder = Bundle.module.bundleURL.appending(path: "Golden")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      GoldenFile.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  static let names: [String] = {
    let folder = Bundle.module.bundleURL.appending(path: "Golden")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  var loss: Loss {
    switch task {
    case "binary": .binaryCrossEntropy
    case "multiclass": .softmaxCrossEntropy
    default: .meanSquaredError
    }
  }

  func strategy() -> Strategy {
    let sharing: Granularity = granularity == "unit" ? .unit : .layer
    let kind = activation.split(separator: ":")[0]
    let detail = activation.dropFirst(kind.count + 1).drop { $0 == " " }
    switch kind {
    case "network":
      var network = NetworkStrategy()
      network.hidden = [8]
      network.granularity = sharing
      return Strategy(network)
    case "blend":
      var blend = BlendStrategy(candidates: ["sigmoid", "tanh", "relu"])
      blend.granularity = sharing
      return Strategy(blend)
    case "random":
      var random = RandomStrategy()
      random.candidates = detail.split(separator: ", ").map(String.init)
      return Strategy(random)
    case "expression":
      var expression = ExpressionStrategy(
        expression: String(detail),
        parameters: (initial.activations.first ?? [:]).keys.sorted().map { Parameter($0, initial: 1) })
      expression.granularity = sharing
      return Strategy(expression)
    case "parametric_sigmoid", "parametric_tanh", "prelu", "swish":
      var parametric = ParametricStrategy(function: String(kind))
      parametric.granularity = sharing
      return Strategy(parametric)
    default:
      return Strategy(FixedStrategy(function: String(kind)))
    }
  }

  /// The model that the file describes, with its initial parameters.
  func model() throws -> Model {
    let hidden = sizes.dropFirst().dropLast()
    let specification = ModelSpecification(
      inputs: sizes[0], layers: hidden.flatMap { [.dense(units: $0), .activation(0)] },
      outputs: sizes[sizes.count - 1], activations: [try strategy().specification(seed: 0)])
    let kind: any Engine.Optimizer =
      optimizer.name == "sgd"
      ? SGD(momentum: optimizer.momentum ?? 0)
      : Adam(
        beta1: optimizer.beta1 ?? 0, beta2: optimizer.beta2 ?? 0, epsilon: optimizer.epsilon ?? 0)
    let model = Model(
      specification, loss: loss, batchSize: 16, seed: 0,
      optimizer: OptimizerSpecification(kind: kind, learningRate: optimizer.learningRate))
    for (name, values) in tensors(initial, of: model) {
      guard let block = model.block(name), block.range.count == values.count else {
        throw Mismatch(name: name)
      }
      for (index, value) in zip(block.range, values) { model.parameters[index] = value }
    }
    return model
  }

  struct Mismatch: Error { var name: String }

  /// The file's tensors by the names that the model gives its blocks.
  func tensors(_ tensors: Tensors, of model: Model) -> [String: [Float]] {
    var named: [String: [Float]] = [:]
    for layer in tensors.weights.indices {
      let name = layer == tensors.weights.count - 1 ? "output" : "layers.\(2 * layer)"
      named["\(name).weight"] = tensors.weights[layer].flat
      named["\(name).bias"] = tensors.biases[layer].flat
    }
    for (layer, parameters) in tensors.activations.enumerated() {
      let prefix = "layers.\(2 * layer + 1).activation."
      let blocks = model.blocks.filter { $0.name.hasPrefix(prefix) }
      for (key, values) in parameters {
        if blocks.contains(where: { $0.name == prefix + key }) {
          named[prefix + key] = values.flat
        } else {
          // A vector whose elements are parameters of their own: the inner network's, or the blend's weights in order.
          let names =
            key == "z" ? blocks.map(\.name) : (1...values.flat.count).map { "\(prefix)\(key)_\($0)" }
          for (name, value) in zip(names, values.flat) { named[name] = [value] }
        }
      }
    }
    return named
  }
}
