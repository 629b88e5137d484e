// Initial weights: their variance, their keys, and the scale of the signal they give.

import Activations
import Engine
import Testing

@Suite struct InitializerTests {
  /// The mean square of a block's numbers.
  static func variance(_ model: Model, _ name: String) -> Double {
    let values = model.values(name)
    return values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
  }

  static func model(_ initializer: Initializer, seed: UInt64 = 1) throws -> Model {
    Model(
      network(inputs: 50, hidden: [100, 60], outputs: 40, try fixed("tanh")), loss: .meanSquaredError,
      batchSize: 1,
      seed: seed, initializer: initializer)
  }

  /// For a layer from 100 to 60 that reads a tanh.
  static let variances: [(Initializer, Double)] = [
    (.glorotUniform, 0.0125), (.glorotNormal, 0.0125), (.heUniform, 0.02), (.heNormal, 0.02),
    (.lecunUniform, 0.01), (.lecunNormal, 0.01), (.auto, 0.02536),
  ]

  @Test("weights have the variance that the initializer promises", arguments: variances)
  func variance(initializer: Initializer, expected: Double) throws {
    let model = try Self.model(initializer)
    #expect(abs(Self.variance(model, "layers.2.weight") / expected - 1) < 0.06)
    #expect(model.values("layers.2.bias").allSatisfy { $0 == 0 })
  }

  @Test("uniform weights stay inside their limits")
  func limits() throws {
    let limit = Float((6.0 / 160).squareRoot())
    let weights = try Self.model(.glorotUniform).values("layers.2.weight")
    #expect(weights.allSatisfy { abs($0) <= limit } && weights.contains { abs($0) > 0.95 * limit })
  }

  @Test("the first layer, the output layer, and a layer after a normalisation have gain 1")
  func unitGain() throws {
    let model = try Self.model(.auto)
    #expect(abs(Self.variance(model, "layers.0.weight") * 50 - 1) < 0.06)
    #expect(abs(Self.variance(model, "output.weight") * 60 - 1) < 0.06)
    let layers: [ModelSpecification.Layer] = [.activation(0), .layerNorm, .dense(units: 60)]
    let normalized = Model(
      ModelSpecification(inputs: 100, layers: layers, outputs: 1, activations: [try fixed("tanh")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(normalized, "layers.2.weight") * 100 - 1) < 0.06)
  }

  @Test("dropout between an activation and the layer that reads it does not hide the gain")
  func gainPastDropout() throws {
    let layers: [ModelSpecification.Layer] = [.activation(0), .dropout(rate: 0.5), .dense(units: 60)]
    let model = Model(
      ModelSpecification(inputs: 100, layers: layers, outputs: 1, activations: [try fixed("relu")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(model, "layers.2.weight") * 100 / 2 - 1) < 0.06)
  }

  @Test("a layer that reads a gate has the gain of its activation")
  func gainOfGate() throws {
    let model = Model(
      ModelSpecification(
        inputs: 200, layers: [.gate(0), .dense(units: 60)], outputs: 1, activations: [try fixed("relu")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(model, "layers.1.weight") * 100 / 2 - 1) < 0.06)
  }

  /// E max² of k standard normal numbers: 1, 1 + √3/2π, 1 + √3/π, and by integration.
  @Test(
    "a layer that reads maxout has the gain of the largest of normal numbers",
    arguments: [(2, 1), (3, 1.275_664), (4, 1.551_329), (16, 3.413_735)])
  func gainOfMaxout(pieces: Int, secondMoment: Double) {
    let model = Model(
      ModelSpecification(
        inputs: 100 * pieces, layers: [.maxout(pieces: pieces), .dense(units: 600)], outputs: 1),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(model, "layers.1.weight") * 100 * secondMoment - 1) < 0.03)
  }

  /// No more than three: a gate squares a row's scale, so that rows grow apart in a deep stack without normalisation.
  @Test("the signal keeps its size through three gated layers", arguments: ["sigmoid", "relu", "silu"])
  func gatedSignal(function: String) throws {
    let sample = Sample(.meanSquaredError, rows: 64, inputs: 64, outputs: 1)
    let layers = (0..<3).flatMap { _ in [ModelSpecification.Layer.dense(units: 256), .gate(0)] }
    let model = Model(
      ModelSpecification(inputs: 64, layers: layers, outputs: 1, activations: [try fixed(function)]),
      loss: .meanSquaredError, batchSize: 64, seed: 4)
    var moments: [Float] = []
    model.forEachActivationInput(inputs: sample.inputs, rows: sample.rows) { _, values, _, _ in
      moments.append(values.reduce(0) { $0 + $1 * $1 } / Float(values.count))
    }
    #expect(moments.count == 3)
    #expect(moments.allSatisfy { $0 > 0.5 && $0 < 2 }, "\(moments)")
  }

  @Test("seeds and layers draw different weights, one seed the same")
  func keys() throws {
    let (first, again, other) = (
      try Self.model(.auto), try Self.model(.auto), try Self.model(.auto, seed: 2)
    )
    #expect(Array(first.parameters) == Array(again.parameters))
    #expect(Array(first.parameters) != Array(other.parameters))
    #expect(first.values("layers.0.weight").prefix(10) != first.values("layers.2.weight").prefix(10))
  }

  @Test("the signal keeps its size through ten layers", arguments: ["relu", "tanh", "gelu", "silu", "elu"])
  func signal(function: String) throws {
    let sample = Sample(.meanSquaredError, rows: 64, inputs: 64, outputs: 1)
    let model = Model(
      network(inputs: 64, hidden: Array(repeating: 64, count: 10), outputs: 1, try fixed(function)),
      loss: .meanSquaredError, batchSize: 64, seed: 4)
    var moments: [Float] = []
    model.forEachActivationInput(inputs: sample.inputs, rows: sample.rows) { _, values, _, _ in
      moments.append(values.reduce(0) { $0 + $1 * $1 } / Float(values.count))
    }
    #expect(moments.count == 10)
    #expect(moments.allSatisfy { $0 > 0.1 && $0 < 10 }, "\(moments)")
  }
}
