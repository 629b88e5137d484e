// Stochastic mixtures: how weights are drawn and sharpen, and what prediction uses.

import Activations
import Engine
import Glibc
import Testing

@Suite struct MixtureTests {
  static let sample = Sample(.meanSquaredError, rows: 12, inputs: 3, outputs: 1)

  static func model(
    _ granularity: Granularity = .layer, inference: StochasticMixture.Inference = .expected, seed: UInt64 = 1
  ) throws -> Model {
    Model(
      network(inputs: 3, hidden: [6, 4], outputs: 1, try mixture(granularity, inference: inference)),
      loss: .meanSquaredError, batchSize: 12, seed: seed,
      optimizer: OptimizerSpecification(learningRate: 0.02))
  }

  /// ŷ = w x + (1 − w) max(x, 0), whose loss at x = −1 against 0 is w².
  static func weigher(_ temperatures: (Double, Double)) throws -> Model {
    Model(
      ModelSpecification(
        inputs: 1, layers: [.activation(0)], outputs: 1, hasOutputLayer: false,
        activations: [try mixture(.layer, ["identity", "relu"], temperatures: temperatures)]),
      loss: .meanSquaredError, batchSize: 1, seed: 3)
  }

  /// The weight of the first function in a training step.
  static func weight(_ model: Model, step: Int, progress: Double = 0) -> Double {
    let (input, target, row): ([Float], [Float], [Int32]) = ([-1], [0], [0])
    let loss = row.withUnsafeBufferPointer {
      model.computeGradients(
        inputs: input, targets: target, rows: $0, step: step, epoch: 0, progress: progress)
    }
    return loss.squareRoot()
  }

  static func logit(_ weight: Double) -> Double { log(weight) - log1p(-weight) }

  @Test func `the temperature falls geometrically from the first to the last`() throws {
    let model = try Self.weigher((8, 0.5))
    for step in 0..<10 {
      let noise = 8 * Self.logit(Self.weight(model, step: step))
      for (progress, temperature) in [(0.25, 4.0), (0.5, 2), (0.75, 1)] {
        let drawn = temperature * Self.logit(Self.weight(model, step: step, progress: progress))
        #expect(abs(drawn - noise) < 2e-3 * max(1, abs(noise)), "at \(progress)")
      }
    }
  }

  @Test func `at a low temperature a step is one function, drawn with its probability`() throws {
    let model = try Self.weigher((0.001, 0.001))
    let logits = try #require(model.block("layers.0.activation.logits")).range
    model.parameters[logits.lowerBound] = Float(log(3.0))
    let weights = (0..<4000).map { Self.weight(model, step: $0) }
    #expect(weights.count { $0 > 0.01 && $0 < 0.99 } < 40)
    #expect(abs(weights.reduce(0, +) / 4000 - 0.75) < 0.03)
  }

  @Test func `draws depend on seed, step and parameter set, and on nothing else`() throws {
    let (first, again, other) = (try Self.model(), try Self.model(), try Self.model(seed: 2))
    for step in 0..<5 {
      #expect(first.step(Self.sample, step) == again.step(Self.sample, step))
      other.step(Self.sample, step)
    }
    #expect(Array(first.parameters) == Array(again.parameters))
    #expect(Array(first.parameters) != Array(other.parameters))
    let losses = (0..<5).map { first.differentiate(Self.sample, step: $0) }
    #expect(Set(losses).count == 5)
    #expect(losses == (0..<5).map { first.differentiate(Self.sample, step: $0) })
  }

  @Test(arguments: StochasticMixture.Inference.allCases)
  func `prediction draws nothing`(inference: StochasticMixture.Inference) throws {
    let (model, other) = (
      try Self.model(inference: inference), try Self.model(inference: inference, seed: 2)
    )
    for step in 0..<20 { model.step(Self.sample, step) }
    let outputs = model.predictions(Self.sample)
    model.step(Self.sample, 20, factor: 0)
    #expect(model.predictions(Self.sample) == outputs)
    other.restore(model.state())
    #expect(other.predictions(Self.sample) == outputs)
  }

  @Test(arguments: 0..<3)
  func `with argmax a trained model is that of its most probable function`(winner: Int) throws {
    let names = ["sigmoid", "tanh", "silu"]
    let model = try Self.model(inference: .argmax)
    for layer in [1, 3] {
      let logits = try #require(model.block("layers.\(layer).activation.logits")).range
      for (index, place) in logits.enumerated() { model.parameters[place] = index == winner ? 0.1 : -0.2 }
    }
    let single = Model(
      network(inputs: 3, hidden: [6, 4], outputs: 1, try fixed(names[winner])), loss: .meanSquaredError,
      batchSize: 12, seed: 1)
    for block in single.blocks {
      for (index, value) in zip(block.range, model.values(block.name)) { single.parameters[index] = value }
    }
    #expect(single.predictions(Self.sample) == model.predictions(Self.sample))
  }

  @Test func `the expected function weighs each by its softmax`() throws {
    let model = try Self.weigher((5, 0.1))
    let logits = try #require(model.block("layers.0.activation.logits")).range
    model.parameters[logits.lowerBound] = 1
    let input: [Float] = [-1, 2]
    var outputs: [Float] = [.nan, .nan]
    model.predict(inputs: input, rows: 2, into: &outputs)
    #expect(abs(outputs[0] + 0.731_058_6) < 1e-6 && abs(outputs[1] - 2) < 1e-6)
  }

  @Test(arguments: Granularity.allCases)
  func `logits are blocks of the activation, reported as weights`(granularity: Granularity) throws {
    let model = try Self.model(granularity)
    let views = model.activationLayers
    #expect(
      views.map { $0.parameters.map(\.name) }
        == Array(repeating: ["w_sigmoid", "w_tanh", "w_silu"], count: 2))
    switch granularity {
    case .network:
      #expect(views.map { $0.blocks.map(\.name) } == [["activations.0.logits"], ["activations.0.logits"]])
    case .layer: #expect(views[1].blocks.map(\.name) == ["layers.3.activation.logits"])
    case .unit: #expect(views.map { $0.blocks.map(\.shape) } == [[[3, 6]], [[3, 4]]])
    }
    for step in 0..<30 { model.step(Self.sample, step, factor: 1) }
    for view in model.activationLayers {
      let sets = granularity == .unit ? view.units : 1
      #expect(view.parameters.allSatisfy { $0.initial == Array(repeating: 1 / 3, count: sets) })
      for set in 0..<sets {
        let weights = view.parameters.map { $0.current[set] }
        #expect(abs(weights.reduce(0, +) - 1) < 1e-6 && Set(weights).count == 3)
      }
    }
  }

  @Test func `training finds the function that generated the data`() throws {
    let model = Model(
      ModelSpecification(
        inputs: 1, layers: [.activation(0)], outputs: 1, hasOutputLayer: false,
        activations: [try mixture(.layer, ["sigmoid", "relu", "tanh"], inference: .argmax)]),
      loss: .meanSquaredError, batchSize: 40, seed: 5,
      optimizer: OptimizerSpecification(learningRate: 0.05))
    let inputs = (0..<40).map { Float($0) / 5 - 4 }
    let targets = inputs.map { tanh($0) }
    let rows = (0..<40).map(Int32.init)
    rows.withUnsafeBufferPointer { rows in
      for step in 0..<400 {
        _ = model.trainStep(
          inputs: inputs, targets: targets, rows: rows, step: step, epoch: 0, progress: Double(step) / 400)
      }
    }
    #expect(model.evaluateLoss(inputs: inputs, targets: targets, rows: 40) < 1e-10)
    #expect(model.activationLayers[0].parameters[2].current[0] > 0.8)
  }
}
