// Random activations: what is drawn when, and every inference rule against brute force.

import Activations
import Engine
import Glibc
import Testing

@Suite struct RandomActivationTests {
  static let sample = Sample(.softmaxCrossEntropy, rows: 10, inputs: 3, outputs: 3)

  static func model(
    _ activation: ActivationSpecification, hidden: [Int] = [4, 5], loss: Loss = .softmaxCrossEntropy,
    outputs: Int = 3, seed: UInt64 = 2
  ) -> Model {
    Model(
      network(inputs: 3, hidden: hidden, outputs: outputs, activation), loss: loss, batchSize: 10, seed: seed)
  }

  /// The predictions of a model whose layers have these fixed functions, with the parameters of another.
  static func predictions(
    of functions: [String], like model: Model, _ sample: Sample = sample
  ) throws -> [Double] {
    let specification = ModelSpecification(
      inputs: 3,
      layers: zip([4, 5], functions.indices).flatMap { [.dense(units: $0), .activation($1)] },
      outputs: model.specification.outputs, activations: try functions.map(fixed))
    let single = Model(specification, loss: model.loss, batchSize: 10, seed: 0)
    single.restore(ModelState(parameters: model.state().parameters))
    return single.predictions(sample).map(Double.init)
  }

  static func far(_ actual: [Float], _ expected: [Double]) -> Double {
    zip(actual, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
  }

  static let names = ["sigmoid", "tanh", "silu"]
  static let probabilities = [0.5, 0.3, 0.2]

  @Test(arguments: Loss.allCases)
  func `a network-wide average is the weighted mean of the candidates' predictions`(loss: Loss) throws {
    let outputs = loss == .binaryCrossEntropy ? 1 : 3
    let sample = Sample(loss, rows: 10, inputs: 3, outputs: outputs)
    let model = Self.model(try random(Self.names, Self.probabilities), loss: loss, outputs: outputs)
    var expected = [Double](repeating: 0, count: 10 * outputs)
    for (name, probability) in zip(Self.names, Self.probabilities) {
      let single = try Self.predictions(of: [name, name], like: model, sample)
      for index in expected.indices { expected[index] += probability * single[index] }
    }
    #expect(Self.far(model.predictions(sample), expected) < 1e-6)
  }

  @Test func `a layer-wise average enumerates every combination`() throws {
    let model = Self.model(try random(Self.names, Self.probabilities, scope: .layer))
    var expected = [Double](repeating: 0, count: 30)
    for (first, p) in zip(Self.names, Self.probabilities) {
      for (second, q) in zip(Self.names, Self.probabilities) {
        let single = try Self.predictions(of: [first, second], like: model)
        for index in expected.indices { expected[index] += p * q * single[index] }
      }
    }
    #expect(Self.far(model.predictions(Self.sample), expected) < 1e-6)
  }

  @Test func `a unit-wise average of few combinations enumerates them`() throws {
    let specification = ModelSpecification(
      inputs: 2, layers: [.activation(0)], outputs: 2, hasOutputLayer: false,
      activations: [try random(["tanh", "identity"], [0.25, 0.75], scope: .unit)])
    let model = Model(specification, loss: .meanSquaredError, batchSize: 1, seed: 0)
    var outputs: [Float] = [0, 0]
    model.predict(inputs: [0.5, -2], rows: 1, into: &outputs)
    #expect(Self.far(outputs, [0.25 * tanh(0.5) + 0.375, 0.25 * tanh(-2) - 1.5]) < 1e-6)
  }

  @Test func `more than 64 combinations are averaged over seeded draws, near the mean and always the same`()
    throws
  {
    let activation = try random(["tanh", "silu"], scope: .unit)
    let model = Self.model(activation, hidden: [12, 12], loss: .meanSquaredError, outputs: 1)
    let sample = Sample(.meanSquaredError, rows: 10, inputs: 3, outputs: 1)
    let first = model.predictions(sample)
    #expect(first == model.predictions(sample))
    #expect(
      first
        == Self.model(activation, hidden: [12, 12], loss: .meanSquaredError, outputs: 1).predictions(sample))
    let reseeded = Self.model(activation, hidden: [12, 12], loss: .meanSquaredError, outputs: 1, seed: 3)
    reseeded.restore(model.state())
    #expect(first != reseeded.predictions(sample))
    let gap = zip(first, reseeded.predictions(sample)).map { abs($0 - $1) }.max() ?? 0
    #expect(gap < 0.5)
  }

  @Test func `the expected rule is one pass with Σ pₖ fₖ`() throws {
    let model = Self.model(try random(Self.names, Self.probabilities, inference: .expected))
    let mixture = try Strategy(
      ExpressionStrategy(expression: "0.5 * sigmoid(x) + 0.3 * tanh(x) + 0.2 * x * sigmoid(x)")
    ).specification(seed: 0)
    let single = Self.model(mixture)
    single.restore(ModelState(parameters: model.state().parameters))
    #expect(Self.far(model.predictions(Self.sample), single.predictions(Self.sample).map(Double.init)) < 1e-6)
  }

  @Test func `finalize predicts with the most probable candidate`() throws {
    let model = Self.model(try random(Self.names, [0.2, 0.5, 0.3], inference: .finalize))
    let expected = try Self.predictions(of: ["tanh", "tanh"], like: model)
    #expect(Self.far(model.predictions(Self.sample), expected) < 1e-6)
  }

  @Test func `best predicts with the selected candidate, which the state carries`() throws {
    let activation = try random(Self.names, Self.probabilities, inference: .best)
    let model = Self.model(activation)
    model.select(2, ofActivation: 0)
    let expected = try Self.predictions(of: ["silu", "silu"], like: model)
    #expect(Self.far(model.predictions(Self.sample), expected) < 1e-6)
    let copy = Self.model(activation, seed: 9)
    copy.restore(model.state())
    #expect(copy.predictions(Self.sample) == model.predictions(Self.sample))
  }

  @Test func `a rule given by the caller wins over the specification's`() throws {
    let model = Self.model(try random(Self.names, Self.probabilities, inference: .expected))
    let expected = try Self.predictions(of: ["sigmoid", "sigmoid"], like: model)
    #expect(Self.far(model.predictions(Self.sample, rule: .candidate(0)), expected) < 1e-6)
  }

  @Test(arguments: Loss.allCases)
  func `averaging is never worse than the mean loss of the candidates`(loss: Loss) throws {
    let outputs = loss == .binaryCrossEntropy ? 1 : 3
    let sample = Sample(loss, rows: 10, inputs: 3, outputs: outputs)
    let model = Self.model(try random(Self.names), loss: loss, outputs: outputs)
    let average = model.evaluate(sample)
    let mean = (0..<3).reduce(0.0) { $0 + model.evaluate(sample, rule: .candidate($1)) } / 3
    #expect(average < mean)
  }

  @Test func `the loss of an average is that of the averaged predictions`() throws {
    let model = Self.model(try random(Self.names))
    let predictions = model.predictions(Self.sample)
    let expected = (0..<10).reduce(0.0) {
      $0 - log(Double(predictions[$1 * 3 + Int(Self.sample.targets[$1])])) / 10
    }
    #expect(abs(model.evaluate(Self.sample) - expected) < 1e-6)
  }

  // MARK: Draws

  @Test(arguments: Granularity.allCases)
  func `every step draws, and the counts follow the probabilities`(scope: Granularity) throws {
    let model = Self.model(try random(Self.names, Self.probabilities, scope: scope))
    let steps = 600
    for step in 0..<steps { model.step(Self.sample, step) }
    for view in model.activationLayers {
      let choices = scope == .unit ? view.units : 1
      #expect(view.draws.reduce(0, +) == steps * choices)
      for (count, probability) in zip(view.draws, Self.probabilities) {
        let expected = Double(steps * choices) * probability
        #expect(abs(Double(count) - expected) < 5 * expected.squareRoot())
      }
    }
    let (first, second) = (model.activationLayers[0].draws, model.activationLayers[1].draws)
    #expect((first == second) == (scope == .network))
  }

  @Test func `a step's draw depends on the step alone, not on what was drawn before`() throws {
    let activation = try random(scope: .unit)
    let sequence = Self.model(activation)
    let losses = (0..<6).map { sequence.differentiate(Self.sample, step: $0) }
    let jump = Self.model(activation)
    #expect(jump.differentiate(Self.sample, step: 4) == losses[4])
    #expect(Set(losses).count == 6)
  }

  @Test func `with every epoch, the draw changes between epochs only`() throws {
    let model = Self.model(try random(every: .epoch))
    let losses = (0..<12).map { epoch in
      (0..<3).map { step in model.step(Self.sample, 3 * epoch + step, epoch: epoch, factor: 0) }
    }
    #expect(losses.allSatisfy { Set($0).count == 1 })
    #expect(Set(losses.map { $0[0] }).count == 3)
  }

  @Test func `a fixed choice is used and counted; nil draws again`() throws {
    let model = Self.model(try random(Self.names, [0.9, 0.1, 0]))
    model.fixChoice(2, ofActivation: 0)
    for step in 0..<5 { model.step(Self.sample, step) }
    #expect(model.activationLayers[0].draws == [0, 0, 5])
    model.fixChoice(nil, ofActivation: 0)
    for step in 5..<10 { model.step(Self.sample, step) }
    #expect(model.activationLayers[0].draws[2] == 5)
  }
}
