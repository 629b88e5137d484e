// Residual layers: what they compute, how their parameters are named, and what they start as.

import Activations
import Engine
import Testing

@Suite struct ResidualTests {
  private static func names(_ layers: [ModelSpecification.Layer], inputs: Int = 4) throws -> [String] {
    let activations = [try parametric("swish"), try parametric("swish", .network)]
    return ModelPlan(
      ModelSpecification(inputs: inputs, layers: layers, outputs: 2, activations: activations)
    ).blocks.map(\.name)
  }

  @Test func `parameters are named by the way to their layer`() throws {
    let names = try Self.names([
      .dense(units: 3),
      .residual([.activation(0), .residual([.dense(units: 3), .activation(1)]), .layerNorm]), .activation(0),
    ])
    #expect(
      names == [
        "layers.0.weight", "layers.0.bias", "layers.1.layers.0.activation.beta",
        "layers.1.layers.1.layers.0.weight", "layers.1.layers.1.layers.0.bias", "activations.1.beta",
        "layers.1.layers.2.gamma", "layers.1.layers.2.beta", "layers.2.activation.beta", "output.weight",
        "output.bias",
      ])
  }

  @Test func `the sum is that of the layers inside and of what they read`() throws {
    let sample = Sample(.meanSquaredError, rows: 9, inputs: 3, outputs: 3)
    func model(_ layers: [ModelSpecification.Layer]) throws -> Model {
      Model(
        ModelSpecification(
          inputs: 3, layers: layers, outputs: 3, hasOutputLayer: false, activations: [try fixed("tanh")]),
        loss: .meanSquaredError, batchSize: 9, seed: 7)
    }
    let inner: [ModelSpecification.Layer] = [.dense(units: 3), .activation(0)]
    let (plain, residual) = (try model(inner), try model([.residual(inner)]))
    #expect(Array(plain.parameters) == Array(residual.parameters), "layers inside start as others do")
    let expected = zip(plain.predictions(sample), sample.inputs).map { $0 + $1 }
    #expect(residual.predictions(sample) == expected)
    let squares = zip(expected, sample.targets).map { Double($0 - $1) * Double($0 - $1) }
    #expect(abs(residual.differentiate(sample) - squares.reduce(0, +) / 27) < 1e-6)
  }

  @Test func `a layer that reads a sum has gain 1, one inside that of what it reads`() throws {
    let model = Model(
      ModelSpecification(
        inputs: 100,
        layers: [.activation(0), .residual([.dense(units: 100), .activation(0)]), .dense(units: 60)],
        outputs: 1,
        activations: [try fixed("relu")]), loss: .meanSquaredError, batchSize: 1, seed: 1,
      initializer: Initializer(.orthogonal))
    func variance(_ name: String) -> Double { InitializerTests.variance(model, name) * 100 }
    #expect(abs(variance("layers.1.layers.0.weight") / 2 - 1) < 0.06)
    #expect(abs(variance("layers.2.weight") - 1) < 0.06)
  }

  @Test func `multiply-adds and parameters inside count`() throws {
    let plan = ModelPlan(
      ModelSpecification(
        inputs: 3, layers: [.residual([.dense(units: 5), .activation(0), .dense(units: 3)])], outputs: 2,
        activations: [try parametric("prelu", .unit)]))
    #expect(plan.multiplyAddsPerRow == 15 + 15 + 6)
    #expect(plan.parameterCount == 20 + 5 + 18 + 8 && plan.activationParameterCount == 5)
  }

  @Test func `activations inside are shown with what they read`() throws {
    let sample = Sample(.meanSquaredError, rows: 9, inputs: 3, outputs: 1)
    let model = Model(
      ModelSpecification(
        inputs: 3, layers: [.activation(0), .residual([.dense(units: 3), .activation(0)]), .activation(0)],
        outputs: 1, activations: [try parametric("parametric_tanh")]),
      loss: .meanSquaredError, batchSize: 9, seed: 7)
    let views = model.activationLayers
    #expect(
      views.map(\.name) == [
        "layers.0.activation", "layers.1.layers.1.activation", "layers.2.activation",
      ])
    var seen: [Int] = []
    model.forEachActivationInput(inputs: sample.inputs, rows: 9) { layer, values, rows, units in
      seen.append(layer)
      #expect(rows == 9 && units == 3 && values.count == 27)
    }
    #expect(seen == views.map(\.layer))
  }

  @Test func `a predictor agrees with its model, batch by batch`() throws {
    let sample = Sample(.meanSquaredError, rows: 33, inputs: 3, outputs: 2)
    let model = Model(
      ModelSpecification(
        inputs: 3,
        layers: [.dense(units: 6), .residual([.batchNorm, .activation(0), .residual([.dense(units: 6)])])],
        outputs: 2, activations: [try parametric("swish", .unit)]),
      loss: .meanSquaredError, batchSize: 33, seed: 7)
    for step in 0..<5 { model.step(sample, step) }
    let predictor = Predictor(
      ModelPlan(model.specification), state: model.state(), loss: .meanSquaredError, seed: 7)
    #expect(predictor.predictions(inputs: sample.inputs, rows: 33) == model.predictions(sample))
  }
}
