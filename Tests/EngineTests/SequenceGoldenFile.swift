// The golden trajectories of recurrent and convolutional models: how their files read, and the models they describe.

import Activations
import Engine
import Foundation

/// One training run of a recurrent or a convolutional model that JAX computed in double precision; Golden/README.md tells how.
struct SequenceGoldenFile: Decodable {
  /// Any JSON, as a strategy's options are read from it.
  indirect enum Document: Decodable {
    case option(OptionValue)

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      if let object = try? decoder.container(keyedBy: Key.self) {
        self = .option(
          .object(
            try object.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
              OptionMember($0.stringValue, try object.decode(Document.self, forKey: $0).value)
            }))
        return
      }
      let single = try decoder.singleValueContainer()
      if let text = try? single.decode(String.self) {
        self = .option(.string(text))
      } else if let number = try? single.decode(Double.self) {
        self = .option(.number(number))
      } else {
        self = .option(.list(try single.decode([Document].self).map(\.value)))
      }
    }

    var value: OptionValue {
      switch self {
      case .option(let value): value
      }
    }
  }

  struct Layer: Decodable {
    var type: String
    var units: Int?
    var bidirectional: Bool?
    var returnSequences: Bool?
    var resetAfter: Bool?
    var outputActivation: String?
    var recurrentActivation: Document?
    var inputDim: Int?
    var outputDim: Int?
    var maskZero: Bool?
    var filters: Int?
    var kernelSize: Sizes?
    var poolSize: Sizes?
    var strides: Sizes?
    var dilationRate: Sizes?
    var padding: String?
    var useBias: Bool?
    var activation: String?
  }

  /// A number for all axes, or one for each.
  struct Sizes: Decodable {
    var values: [Int]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      values = try (try? container.decode(Int.self)).map { [$0] } ?? container.decode([Int].self)
    }
  }

  var inputShape: [Int]
  var layers: [Layer]
  var activation: Document
  var outputs: Int
  var task: String
  var optimizer: GoldenFile.Optimizer
  var batchSize: Int
  var parameterCount: Int
  var choiceByStep: [Int]?
  var initial: [String: GoldenFile.Values]
  var inputs: [GoldenFile.Values]
  var lengths: [[Int32]]?
  var targets: [GoldenFile.Values]
  var losses: [Double]
  var firstGradient: [String: GoldenFile.Values]
  var final: [String: GoldenFile.Values]
  var finalOutputs: GoldenFile.Values

  private static let folder = Bundle.module.bundleURL.appending(path: "GoldenSequences")

  static func named(_ name: String) throws -> SequenceGoldenFile {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
    var file = try decoder.decode(SequenceGoldenFile.self, from: data)
    // The strategy of keys would also rename tensors.
    let exact = try JSONDecoder().decode(Tensors.self, from: data)
    (file.initial, file.firstGradient, file.final) = (exact.initial, exact.firstGradient, exact.final)
    file.activation = exact.activation
    for (index, layer) in exact.layers.enumerated() {
      file.layers[index].recurrentActivation = layer.recurrentActivation
    }
    return file
  }

  /// What has names of its own.
  private struct Tensors: Decodable {
    struct Layer: Decodable {
      var recurrentActivation: Document?

      enum CodingKeys: String, CodingKey { case recurrentActivation = "recurrent_activation" }
    }

    var layers: [Layer]
    var activation: Document
    var initial: [String: GoldenFile.Values]
    var firstGradient: [String: GoldenFile.Values]
    var final: [String: GoldenFile.Values]

    enum CodingKeys: String, CodingKey {
      case layers, activation, initial, final
      case firstGradient = "first_gradient"
    }
  }

  static let names: [String] = {
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

  /// The model that the file describes, with its initial parameters.
  func model(threads: Int = 1) throws -> Model {
    var activations = [try Strategy(activation.value).specification(seed: 0)]
    let layers = try layers.flatMap { layer -> [LayerSpecification] in
      if let layers = layer.shaped { return layers }
      let options = RecurrentOptions(
        returnsSequences: layer.returnSequences ?? false, merge: layer.bidirectional == true ? .concat : nil)
      let units = layer.units ?? 0
      let gates = try layer.recurrentActivation.map { gate in
        activations.append(try Strategy(gate.value).specification(seed: 0))
        return activations.count - 1
      }
      switch layer.type {
      case "rnn": return [.rnn(units: units, activation: 0, options)]
      case "gru":
        return [
          .gru(units: units, activation: 0, gates: gates, resetAfter: layer.resetAfter ?? true, options)
        ]
      case "lstm":
        return [
          .lstm(
            units: units, activation: 0, gates: gates,
            output: layer.outputActivation == "shared" ? .shared : .tanh, options)
        ]
      default:
        return [
          .embedding(
            tokens: layer.inputDim ?? 0, width: layer.outputDim ?? 0, masksZero: layer.maskZero ?? false)
        ]
      }
    }
    guard let input = RowShape(dimensions: inputShape) else { throw GoldenFile.Mismatch(name: "input") }
    let kind: any Engine.Optimizer =
      optimizer.name == "sgd"
      ? SGD(momentum: optimizer.momentum ?? 0)
      : Adam(
        beta1: optimizer.beta1 ?? 0, beta2: optimizer.beta2 ?? 0, epsilon: optimizer.epsilon ?? 0)
    let model = Model(
      ModelSpecification(input: input, layers: layers, outputs: outputs, activations: activations),
      loss: loss, batchSize: batchSize, seed: 0,
      optimizer: OptimizerSpecification(kind: kind, learningRate: optimizer.learningRate), threads: threads)
    for (name, values) in initial {
      guard let places = places(of: name, in: model), places.count == values.flat.count else {
        throw GoldenFile.Mismatch(name: name)
      }
      for (index, value) in zip(places, values.flat) { model.parameters[index] = value }
    }
    return model
  }

  /// The rows of a step.
  func sample(_ step: Int) -> Sample {
    var sample = Sample(loss, rows: 0, inputs: 1, outputs: 1)
    sample.rows = batchSize
    sample.inputs = inputs[step].flat
    sample.targets = targets[step].flat
    sample.lengths = lengths?[step]
    return sample
  }
}
