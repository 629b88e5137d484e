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
  static let variances: [(Initializer.Name, Double)] = [
    (.glorotUniform, 0.0125), (.glorotNormal, 0.0125), (.heUniform, 0.02), (.heNormal, 0.02),
    (.lecunUniform, 0.01), (.lecunNormal, 0.01), (.auto, 0.02536), (.pytorch, 1.0 / 300),
    (.orthogonal, 0.02536),
  ]

  @Test func `every rule has a variance to be held to`() {
    #expect(Set(Self.variances.map(\.0)) == Set(Initializer.Name.allCases))
    #expect(Set(Initializer.Name.allCases.map(\.summary)).count == Initializer.Name.allCases.count)
  }

  @Test(arguments: variances, [1.0, 0.5, 3])
  func `weights have the variance that the rule and the scale promise`(
    promised: (name: Initializer.Name, variance: Double), scale: Double
  ) throws {
    let model = try Self.model(Initializer(promised.name, scale: scale))
    let variance = scale * scale * promised.variance
    #expect(abs(Self.variance(model, "layers.2.weight") / variance - 1) < 0.06)
    if promised.name != .pytorch {
      #expect(model.values("layers.2.bias").allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: [(Initializer.Name.glorotUniform, (6.0 / 160).squareRoot()), (.pytorch, 0.1)])
  func `uniform weights stay inside their limits, and reach them`(name: Initializer.Name, limit: Double)
    throws
  {
    let limit = Float(limit)
    let weights = try Self.model(Initializer(name)).values("layers.2.weight")
    #expect(weights.allSatisfy { abs($0) <= limit } && weights.contains { abs($0) > 0.95 * limit })
  }

  @Test func `pytorch draws the biases too, within the same limits`() throws {
    let model = try Self.model(Initializer(.pytorch))
    for (name, inputs) in [("layers.0", 50.0), ("layers.2", 100), ("output", 60)] {
      let (biases, limit) = (model.values("\(name).bias"), Float(1 / inputs.squareRoot()))
      #expect(biases.allSatisfy { abs($0) <= limit } && biases.contains { abs($0) > 0.8 * limit })
      #expect(biases.contains { $0 < 0 } && biases.contains { $0 > 0 })
    }
  }

  /// Fewer inputs than outputs, more, as many, one, and more than a panel of the factorisation.
  @Test(arguments: [(3, 8), (8, 3), (7, 7), (1, 5), (5, 1), (96, 96), (40, 100), (100, 40)])
  func `orthogonal weights are orthonormal along their shorter side`(inputs: Int, outputs: Int) {
    let model = Model(
      ModelSpecification(inputs: inputs, layers: [], outputs: outputs), loss: .meanSquaredError, batchSize: 1,
      seed: 3, initializer: Initializer(.orthogonal, scale: 2))
    let weights = model.values("output.weight")
    let rows = inputs <= outputs
    let count = min(inputs, outputs)
    func vector(_ index: Int) -> [Double] {
      rows
        ? weights[index * outputs..<(index + 1) * outputs].map { Double($0) / 2 }
        : (0..<inputs).map { Double(weights[$0 * outputs + index]) / 2 }
    }
    for first in 0..<count {
      for second in 0...first {
        let product = zip(vector(first), vector(second)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (first == second ? 1 : 0)) < 2e-6, "\(first), \(second)")
      }
    }
  }

  /// E q² = 1/n and E q⁴ = 3/(n(n + 2)) for a number of a uniform orthonormal matrix; both signs on the diagonal, which
  /// a factorisation without a rule for its signs does not give.
  @Test func `orthogonal matrices are uniform among all`() {
    let (n, draws) = (4, 4000)
    var (fourth, positive, means) = (0.0, 0, [Double](repeating: 0, count: 16))
    for seed in 0..<draws {
      let model = Model(
        ModelSpecification(inputs: n, layers: [], outputs: n), loss: .meanSquaredError, batchSize: 1,
        seed: UInt64(seed), initializer: Initializer(.orthogonal))
      let matrix = model.values("output.weight")
      fourth += matrix.reduce(0.0) { $0 + Double($1 * $1 * $1 * $1) } / 16
      positive += matrix[0] > 0 ? 1 : 0
      for (index, value) in matrix.enumerated() { means[index] += Double(value) }
    }
    #expect(abs(fourth / Double(draws) - 3.0 / 24) < 0.003)
    #expect(abs(Double(positive) / Double(draws) - 0.5) < 0.03)
    // Four standard errors of a mean of numbers of variance 1/4.
    #expect(means.allSatisfy { abs($0 / Double(draws)) < 4 * 0.5 / Double(draws).squareRoot() })
  }

  @Test(arguments: Initializer.Name.allCases)
  func `a scale multiplies what is drawn and changes nothing else`(name: Initializer.Name) throws {
    let (plain, scaled) = (try Self.model(Initializer(name)), try Self.model(Initializer(name, scale: 0.25)))
    for block in plain.blocks where block.role == .weight || block.role == .bias {
      #expect(plain.values(block.name).map { $0 / 4 } == scaled.values(block.name), "\(block.name)")
    }
  }

  @Test func `the first layer, the output layer, and a layer after a normalisation have gain 1`() throws {
    let model = try Self.model(.auto)
    #expect(abs(Self.variance(model, "layers.0.weight") * 50 - 1) < 0.06)
    #expect(abs(Self.variance(model, "output.weight") * 60 - 1) < 0.06)
    let layers: [ModelSpecification.Layer] = [.activation(0), .layerNorm, .dense(units: 60)]
    let normalized = Model(
      ModelSpecification(inputs: 100, layers: layers, outputs: 1, activations: [try fixed("tanh")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(normalized, "layers.2.weight") * 100 - 1) < 0.06)
  }

  @Test func `dropout between an activation and the layer that reads it does not hide the gain`() throws {
    let layers: [ModelSpecification.Layer] = [.activation(0), .dropout(rate: 0.5), .dense(units: 60)]
    let model = Model(
      ModelSpecification(inputs: 100, layers: layers, outputs: 1, activations: [try fixed("relu")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(model, "layers.2.weight") * 100 / 2 - 1) < 0.06)
  }

  @Test func `a layer that reads a gate has the gain of its activation`() throws {
    let model = Model(
      ModelSpecification(
        inputs: 200, layers: [.gate(0), .dense(units: 60)], outputs: 1, activations: [try fixed("relu")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(model, "layers.1.weight") * 100 / 2 - 1) < 0.06)
  }

  /// E max² of k standard normal numbers: 1, 1 + √3/2π, 1 + √3/π, and by integration.
  @Test(arguments: [(2, 1), (3, 1.275_664), (4, 1.551_329), (16, 3.413_735)])
  func `a layer that reads maxout has the gain of the largest of normal numbers`(
    pieces: Int, secondMoment: Double
  ) {
    let model = Model(
      ModelSpecification(
        inputs: 100 * pieces, layers: [.maxout(pieces: pieces), .dense(units: 600)], outputs: 1),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(model, "layers.1.weight") * 100 * secondMoment - 1) < 0.03)
  }

  /// No more than three: a gate squares a row's scale, so that rows grow apart in a deep stack without normalisation.
  @Test(arguments: ["sigmoid", "relu", "silu"])
  func `the signal keeps its size through three gated layers`(function: String) throws {
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

  @Test func `seeds and layers draw different weights, one seed the same`() throws {
    let (first, again, other) = (
      try Self.model(.auto), try Self.model(.auto), try Self.model(.auto, seed: 2)
    )
    #expect(Array(first.parameters) == Array(again.parameters))
    #expect(Array(first.parameters) != Array(other.parameters))
    #expect(first.values("layers.0.weight").prefix(10) != first.values("layers.2.weight").prefix(10))
  }

  @Test(arguments: ["relu", "tanh", "gelu", "silu", "elu"])
  func `the signal keeps its size through ten layers`(function: String) throws {
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
