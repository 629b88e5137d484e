// Gated layers and maxout: their values, who gets the gradient, and what reports say of them.

import Activations
import Engine
import Testing

@Suite struct GateTests {
  /// A model of one layer and nothing else.
  static func bare(
    _ layer: ModelSpecification.Layer, inputs: Int, outputs: Int,
    _ activations: [ActivationSpecification] = []
  ) -> Model {
    Model(
      ModelSpecification(
        inputs: inputs, layers: [layer], outputs: outputs, hasOutputLayer: false, activations: activations),
      loss: .meanSquaredError, batchSize: 4, seed: 0)
  }

  static func predict(_ model: Model, _ inputs: [Float]) -> [Float] {
    let rows = inputs.count / model.specification.inputs
    var outputs = [Float](repeating: .nan, count: rows * model.specification.outputs)
    model.predict(inputs: inputs, rows: rows, into: &outputs)
    return outputs
  }

  static let inputs: [Float] = [1, 2, 3, 4, -1, 0.5, -2, 0]

  /// The rows of `inputs` through torch.nn.functional.glu and its relatives.
  static let values: [(String, [Float])] = [
    ("sigmoid", [0.952_574_13, 1.964_027_6, -0.119_202_92, 0.25]), ("identity", [3, 8, 2, 0]),
    ("relu", [3, 8, 0, 0]), ("gelu", [2.995_950_3, 7.999_746_7, 0.045_500_264, 0]),
    ("silu", [2.857_722_4, 7.856_110_3, 0.238_405_84, 0]),
  ]

  @Test(arguments: values)
  func `a gate weighs the first half of a row by the activation of the second`(
    function: String, expected: [Float]
  ) throws {
    let model = Self.bare(.gate(0), inputs: 4, outputs: 2, [try fixed(function)])
    let outputs = Self.predict(model, Self.inputs)
    #expect(zip(outputs, expected).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }, "\(outputs)")
  }

  @Test func `the parameters and inputs of a gate are those of its units`() throws {
    let model = Self.bare(.gate(0), inputs: 4, outputs: 2, [try parametric("parametric_tanh", .unit)])
    #expect(model.blocks.map(\.name) == ["layers.0.activation.a", "layers.0.activation.b"])
    #expect(model.blocks.map(\.shape) == [[2], [2]])
    let view = try #require(model.activationLayers.first)
    #expect(view.units == 2 && view.parameters.map(\.current) == [[2, 2], [0, 0]])
    var seen: [Float] = []
    model.forEachActivationInput(inputs: Self.inputs, rows: 2) { layer, values, rows, units in
      #expect(layer == 0 && rows == 2 && units == 2)
      seen += values
    }
    #expect(seen == [3, 4, -2, 0])
  }

  @Test func `layers that share an activation may be gates or not`() throws {
    let model = Model(
      ModelSpecification(
        inputs: 3, layers: [.dense(units: 4), .gate(0), .activation(0)], outputs: 1,
        activations: [try parametric("swish", .network)]), loss: .meanSquaredError, batchSize: 1, seed: 0)
    #expect(model.blocks.count { $0.role == .activation } == 1)
    #expect(model.activationLayers.map(\.units) == [2, 2])
  }

  @Test func `a gate's random activation is drawn and averaged`() throws {
    let model = Self.bare(.gate(0), inputs: 4, outputs: 2, [try random(["sigmoid", "relu"])])
    let outputs = Self.predict(model, Self.inputs)
    let expected: [Float] = [1.976_287_1, 4.982_013_8, -0.059_601_46, 0.125]
    #expect(zip(outputs, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(outputs)")
    let sample = Sample(.meanSquaredError, rows: 4, inputs: 4, outputs: 2)
    for step in 0..<20 { model.step(sample, step) }
    #expect(model.activationLayers[0].draws.reduce(0, +) == 20)
  }

  @Test func `a gate's hypernetwork reports what it generates and keeps its running statistics`() throws {
    let model = Self.bare(.gate(0), inputs: 4, outputs: 2, [try hypernetwork(.statistics)])
    let sample = Sample(.meanSquaredError, rows: 4, inputs: 4, outputs: 2)
    model.step(sample, factor: 0)
    #expect(model.activationLayers[0].parameters.map(\.name) == ["a", "b"])
    var mean: Float = 0
    for row in 0..<4 { mean += (sample.inputs[row * 4 + 2] + sample.inputs[row * 4 + 3]) / 8 }
    #expect(model.state().statistics[0] == 1)
    #expect(abs(model.state().statistics[1] - mean) < 1e-6)
  }

  @Test func `maxout takes the largest piece of each unit`() {
    let model = Self.bare(.maxout(pieces: 3), inputs: 6, outputs: 2)
    #expect(Self.predict(model, [1, -5, 3, -5, 2, -4, 0, 0, -1, 7, -2, 8]) == [3, -4, 0, 8])
    #expect(model.parameterCount == 0 && model.activationLayers.isEmpty)
  }

  @Test func `maxout does not hide a NaN`() {
    let model = Self.bare(.maxout(pieces: 2), inputs: 2, outputs: 1)
    #expect(Self.predict(model, [.nan, 1, 1, .nan]).allSatisfy { $0.isNaN })
  }

  @Test func `of equal pieces the first gets the gradient`() throws {
    let model = Model(
      ModelSpecification(inputs: 1, layers: [.dense(units: 6), .maxout(pieces: 3)], outputs: 1),
      loss: .meanSquaredError, batchSize: 1, seed: 0)
    for index in try #require(model.block("layers.0.weight")).range { model.parameters[index] = 1 }
    for index in try #require(model.block("layers.0.bias")).range { model.parameters[index] = 0 }
    model.differentiate(Sample(.meanSquaredError, rows: 1, inputs: 1, outputs: 1))
    let gradient = model.gradients[try #require(model.block("layers.0.bias")).range]
    #expect(gradient.map { $0 != 0 } == [true, true, false, false, false, false])
  }
}
