// Hypernetworks: where training starts, what generates the parameters, and what prediction uses.

import Activations
import Engine
import Testing

@Suite struct HypernetworkTests {
  static let sample = Sample(.meanSquaredError, rows: 12, inputs: 3, outputs: 1)

  static func model(_ input: Hypernetwork.Input) throws -> Model {
    Model(
      network(inputs: 3, hidden: [6], outputs: 1, try hypernetwork(input, generates: "parametric_tanh")),
      loss: .meanSquaredError, batchSize: 12, seed: 1,
      optimizer: OptimizerSpecification(kind: .adam(), learningRate: 0.02))
  }

  @Test("training starts near the named function", arguments: Hypernetwork.Input.allCases)
  func start(input: Hypernetwork.Input) throws {
    let model = try Self.model(input)
    let plain = Model(
      network(inputs: 3, hidden: [6], outputs: 1, try parametric("parametric_tanh")), loss: .meanSquaredError,
      batchSize: 12, seed: 1)
    for name in ["layers.0.weight", "layers.0.bias", "output.weight", "output.bias"] {
      let (from, to) = (try #require(model.block(name)), try #require(plain.block(name)))
      for (source, target) in zip(from.range, to.range) {
        plain.parameters[target] = model.parameters[source]
      }
    }
    let gaps = zip(model.predictions(Self.sample), plain.predictions(Self.sample)).map { abs($0 - $1) }
    #expect(gaps.allSatisfy { $0 < 0.05 } && gaps.contains { $0 > 0 })
  }

  @Test(
    "training changes the generated parameters and lowers the loss", arguments: Hypernetwork.Input.allCases)
  func learns(input: Hypernetwork.Input) throws {
    let model = try Self.model(input)
    let before = model.evaluate(Self.sample)
    for step in 0..<200 { model.step(Self.sample, step) }
    #expect(model.evaluate(Self.sample) < 0.5 * before)
    let parameters = model.activationLayers[0].parameters
    #expect(parameters.map(\.name) == ["a", "b"] && parameters.map(\.initial) == [[2], [0]])
    #expect(parameters.contains { abs($0.current[0] - $0.initial[0]) > 0.05 })
  }

  @Test("a row's prediction does not depend on the rows beside it", arguments: Hypernetwork.Input.allCases)
  func rowIndependence(input: Hypernetwork.Input) throws {
    let model = try Self.model(input)
    for step in 0..<20 { model.step(Self.sample, step) }
    let together = model.predictions(Self.sample)
    for row in 0..<Self.sample.rows {
      var single: Float = .nan
      model.predict(inputs: Array(Self.sample.inputs[row * 3..<(row + 1) * 3]), rows: 1, into: &single)
      #expect(single == together[row])
    }
  }

  @Test("prediction under statistics uses their running averages: of one repeated batch, the batch's own")
  func runningStatistics() throws {
    let model = try Self.model(.statistics)
    #expect(model.state().statistics == [0, 0, 0])
    // With a factor of 0 nothing but the averages moves.
    var loss = 0.0
    for step in 0..<3 { loss = model.step(Self.sample, step, factor: 0) }
    #expect(model.state().statistics[0] == 3)
    var values: [Float] = []
    model.forEachActivationInput(inputs: Self.sample.inputs, rows: 12) { _, chunk, _, _ in values += chunk }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    #expect(abs(model.state().statistics[1] - mean) < 1e-5)
    #expect(abs(model.state().statistics[2] - (variance + 1e-5).squareRoot()) < 1e-5)
    #expect(abs(model.evaluate(Self.sample) - loss) < 1e-6)
  }

  @Test("its weights are blocks of the activation")
  func blocks() throws {
    let view = try Self.model(.sample).activationLayers[0]
    #expect(
      view.blocks.map(\.name)
        == (0..<2).flatMap {
          ["layers.1.activation.generator.\($0).weight", "layers.1.activation.generator.\($0).bias"]
        })
    #expect(view.blocks.map(\.shape) == [[6, 5], [5], [5, 2], [2]])
    #expect(view.blocks.allSatisfy { $0.role == .activation })
  }
}
