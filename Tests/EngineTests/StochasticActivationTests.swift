// Stochastic activation layers: when they draw, and that the draws depend on their keys alone.

import Activations
import Engine
import Testing

@Suite struct StochasticActivationTests {
  private func model(_ name: String, seed: UInt64 = 3) throws -> Model {
    Model(
      network(inputs: 3, hidden: [8, 8], outputs: 2, try fixed(name)), loss: .meanSquaredError, batchSize: 16,
      seed: seed)
  }

  private let sample = Sample(.meanSquaredError, rows: 16, inputs: 3, outputs: 2)

  @Test(arguments: ["rrelu", "noisy_relu", "drop_activation"])
  func `a step draws anew and a repeated step the same`(_ name: String) throws {
    let (one, other) = (try model(name), try model(name))
    let first = one.differentiate(sample, step: 0)
    #expect(one.differentiate(sample, step: 1) != first)
    #expect(one.differentiate(sample, step: 0) == first)
    #expect(other.differentiate(sample, step: 0) == first)
    #expect(Array(one.gradients) == Array(other.gradients))
    #expect(try model(name, seed: 4).differentiate(sample, step: 0) != first)
  }

  /// Two layers of equal width would see the same noise if their keys were the same: the output would be a square.
  @Test func `layers draw apart`() throws {
    func loss(layers count: Int) throws -> Double {
      let bare = ModelSpecification(
        inputs: 1, layers: Array(repeating: .activation(0), count: count), outputs: 1, hasOutputLayer: false,
        activations: [try fixed("elastic_relu")])
      var one = Sample(.meanSquaredError, rows: 1, inputs: 1, outputs: 1)
      (one.inputs, one.targets) = ([1], [0])
      return Model(bare, loss: .meanSquaredError, batchSize: 1, seed: 1).differentiate(one)
    }
    let (once, twice) = (try loss(layers: 1), try loss(layers: 2))
    #expect(abs(twice - once * once) > 1e-4)
  }

  @Test func `prediction draws nothing`() throws {
    let (stochastic, plain) = (try model("noisy_relu"), try model("relu"))
    for step: Int in 0..<3 { stochastic.step(sample, step) }
    plain.restore(stochastic.state())
    #expect(stochastic.predictions(sample) == plain.predictions(sample))
  }

  @Test func `the spread of ProbAct is trained`() throws {
    let model = Model(
      network(inputs: 3, hidden: [8], outputs: 2, try parametric("prob_act")), loss: .meanSquaredError,
      batchSize: 16, seed: 3)
    let before = try #require(model.activationLayers.first?.parameters.first?.current)
    for step: Int in 0..<50 { model.step(sample, step) }
    let after = try #require(model.activationLayers.first?.parameters.first?.current)
    #expect(before != after)
  }
}
