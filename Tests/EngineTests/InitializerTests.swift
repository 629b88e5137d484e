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
    (.lecunUniform, 0.01), (.lecunNormal, 0.01), (.auto, 1.0767 / 300), (.pytorch, 1.0 / 300),
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
    if promised.name != .pytorch && promised.name != .auto {
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

  @Test(arguments: [Initializer.Name.pytorch, .auto])
  func `biases are drawn too, within 1 by the root of the inputs`(name: Initializer.Name) throws {
    let model = try Self.model(Initializer(name))
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

  /// A dense layer from 100 (or 200 through a gate) to 60 behind some layers.
  static func reader(
    _ layers: [ModelSpecification.Layer], _ activation: ActivationSpecification? = nil, inputs: Int = 100,
    _ name: Initializer.Name
  ) -> Model {
    Model(
      ModelSpecification(
        inputs: inputs, layers: layers + [.dense(units: 60)], outputs: 1,
        activations: activation.map { [$0] } ?? []),
      loss: .meanSquaredError, batchSize: 1, seed: 1, initializer: Initializer(name))
  }

  /// 1/√(2 E f′²).
  static let slopeGains: [(String, Double)] = [
    ("relu", 1), ("tanh", 1.0376), ("sigmoid", 3.3394), ("identity", 1), ("silu", 1.1479), ("sin", 0.9385),
  ]

  @Test(arguments: slopeGains)
  func `auto scales by the slope of the function that a layer reads, output layer included`(
    function: String, gain: Double
  ) throws {
    let model = Self.reader([.activation(0)], try fixed(function), .auto)
    #expect(abs(Self.variance(model, "layers.1.weight") * 300 / (gain * gain) - 1) < 0.06)
    let output = Model(
      ModelSpecification(
        inputs: 100, layers: [.activation(0)], outputs: 60, activations: [try fixed(function)]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    #expect(abs(Self.variance(output, "output.weight") * 300 / (gain * gain) - 1) < 0.06)
  }

  /// 16·x has a slope of 16, x/100 one of 1/100.
  @Test(arguments: [("sin(16 * x)", 0.25), ("x / 100 + 0 * tanh(x)", 4)])
  func `the gain of auto is bounded`(formula: String, gain: Double) throws {
    let model = Self.reader(
      [.activation(0)], try strategy("expression", ["expression": .string(formula)]), .auto)
    #expect(abs(Self.variance(model, "layers.1.weight") * 300 / (gain * gain) - 1) < 0.06)
  }

  @Test(arguments: [Initializer.Name.auto, .orthogonal])
  func `a layer that reads inputs, a normalisation or a sum has gain 1`(name: Initializer.Name) throws {
    let variance = name == .auto ? 1.0 / 300 : 1.0 / 100
    let tanh = try fixed("tanh")
    for layers in [[], [.activation(0), .layerNorm], [.residual([.activation(0)])]]
      as [[ModelSpecification.Layer]]
    {
      let model = Self.reader(layers, tanh, name)
      #expect(abs(Self.variance(model, "layers.\(layers.count).weight") / variance - 1) < 0.06, "\(layers)")
    }
  }

  @Test(arguments: [(Initializer.Name.auto, 1.0 / 300), (.orthogonal, 2.0 / 100)])
  func `dropout or a gate between an activation and the layer that reads it does not hide the gain`(
    name: Initializer.Name, variance: Double
  ) throws {
    let dropout = Self.reader([.activation(0), .dropout(rate: 0.5)], try fixed("relu"), name)
    #expect(abs(Self.variance(dropout, "layers.2.weight") / variance - 1) < 0.06)
    let gate = Self.reader([.gate(0)], try fixed("relu"), inputs: 200, name)
    #expect(abs(Self.variance(gate, "layers.1.weight") / variance - 1) < 0.06)
  }

  /// E max² of k standard normal numbers: 1, 1 + √3/2π, 1 + √3/π, and by integration.
  @Test(arguments: [(2, 1), (3, 1.275_664), (4, 1.551_329), (16, 3.413_735)])
  func `an orthogonal layer that reads maxout has the gain of the largest of normal numbers`(
    pieces: Int, secondMoment: Double
  ) {
    let model = Self.reader([.maxout(pieces: pieces)], inputs: 100 * pieces, .orthogonal)
    #expect(abs(Self.variance(model, "layers.1.weight") * 100 * secondMoment - 1) < 0.03)
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
  func `the signal keeps its size through ten orthogonal layers`(function: String) throws {
    let sample = Sample(.meanSquaredError, rows: 64, inputs: 64, outputs: 1)
    let model = Model(
      network(inputs: 64, hidden: Array(repeating: 64, count: 10), outputs: 1, try fixed(function)),
      loss: .meanSquaredError, batchSize: 64, seed: 4, initializer: Initializer(.orthogonal))
    var moments: [Float] = []
    model.forEachActivationInput(inputs: sample.inputs, rows: sample.rows) { _, values, _, _ in
      moments.append(values.reduce(0) { $0 + $1 * $1 } / Float(values.count))
    }
    #expect(moments.count == 10)
    #expect(moments.allSatisfy { $0 > 0.1 && $0 < 10 }, "\(moments)")
  }
}
