// The model as a whole: plan, prediction in any number of rows, state, determinism, divergence, memory.

import Activations
import Engine
import Glibc
import Testing

@Suite struct ModelTests {
  static let sample = Sample(.softmaxCrossEntropy, rows: 20, inputs: 3, outputs: 3)

  /// Every kind of layer and strategy in one model.
  static func everything() throws -> ModelSpecification {
    ModelSpecification(
      inputs: 3,
      layers: [
        .dense(units: 6), .batchNorm, .activation(0), .dropout(rate: 0.2), .dense(units: 5), .layerNorm,
        .activation(1), .activation(2), .dense(units: 4), .activation(3), .activation(4),
      ], outputs: 3,
      activations: [
        try parametric("swish", .unit), try random(scope: .unit), try hypernetwork(.statistics),
        try hypernetwork(.sample), try innerNetwork(),
      ])
  }

  static func model(batchSize: Int = 20, seed: UInt64 = 1, rate: Double = 0.01) throws -> Model {
    Model(
      try everything(), loss: .softmaxCrossEntropy, batchSize: batchSize, seed: seed,
      optimizer: OptimizerSpecification(learningRate: rate, gradientClipNorm: 5))
  }

  // MARK: Plan

  @Test func `the plan names every tensor and counts multiply-adds`() throws {
    let specification = network(
      inputs: 3, hidden: [4], outputs: 2, try parametric("parametric_tanh", .unit), after: [.batchNorm])
    let plan = ModelPlan(specification)
    let names = [
      "layers.0.weight", "layers.0.bias", "layers.1.gamma", "layers.1.beta", "layers.2.activation.a",
      "layers.2.activation.b", "output.weight", "output.bias",
    ]
    #expect(plan.blocks.map(\.name) == names)
    #expect(plan.blocks.map(\.shape) == [[3, 4], [4], [4], [4], [4], [4], [4, 2], [2]])
    #expect(plan.parameterCount == 12 + 4 + 8 + 8 + 8 + 2)
    #expect(plan.activationParameterCount == 8)
    #expect(plan.multiplyAddsPerRow == 12 + 8)
  }

  @Test func `blocks cover the flat vector without gap or overlap, with names of their own`() throws {
    let plan = ModelPlan(try Self.everything())
    let blocks = plan.blocks
    #expect(Set(blocks.map(\.name)).count == blocks.count)
    var end = 0
    for block in blocks {
      #expect(block.range.lowerBound == end && block.range.count == block.shape.reduce(1, *))
      end = block.range.upperBound
    }
    #expect(end == plan.parameterCount)
  }

  // MARK: Prediction

  @Test(arguments: [1, 3, 64, 200])
  func `predictions do not depend on how the rows are cut`(batchSize: Int) throws {
    let (trained, model) = (try Self.model(), try Self.model(batchSize: batchSize))
    for step in 0..<5 { trained.step(Self.sample, step) }
    model.restore(trained.state())
    let many = Sample(.softmaxCrossEntropy, rows: 150, inputs: 3, outputs: 3)
    #expect(model.predictions(many) == trained.predictions(many))
    #expect(abs(model.evaluate(many) - trained.evaluate(many)) < 1e-9)
  }

  @Test func `class probabilities are positive and sum to 1`() throws {
    let outputs = try Self.model().predictions(Self.sample)
    #expect(outputs.allSatisfy { $0 > 0 && $0 < 1 })
    for row in 0..<20 {
      #expect(abs(outputs[row * 3] + outputs[row * 3 + 1] + outputs[row * 3 + 2] - 1) < 1e-5)
    }
  }

  @Test func `the bare model is its function`() throws {
    let model = Model(
      ModelSpecification(
        inputs: 1, layers: [.activation(0)], outputs: 1, hasOutputLayer: false,
        activations: [try parametric("parametric_sigmoid")]), loss: .meanSquaredError, batchSize: 1, seed: 0)
    var output: Float = 0
    model.predict(inputs: [0.5], rows: 1, into: &output)
    #expect(abs(Double(output) - 1 / (1 + exp(-0.5))) < 1e-6)
  }

  @Test func `activation inputs are the outputs of the layer before`() throws {
    let model = Model(
      network(inputs: 3, hidden: [4], outputs: 3, try fixed("tanh")), loss: .softmaxCrossEntropy,
      batchSize: 2,
      seed: 1)
    let dense = Model(
      ModelSpecification(inputs: 3, layers: [.dense(units: 4)], outputs: 4, hasOutputLayer: false),
      loss: .meanSquaredError, batchSize: 2, seed: 0)
    dense.restore(ModelState(parameters: Array(model.parameters.prefix(dense.parameterCount))))
    var seen: [Float] = []
    model.forEachActivationInput(inputs: Self.sample.inputs, rows: 20) { layer, values, rows, units in
      #expect(layer == 1 && units == 4 && values.count == rows * units)
      seen += values
    }
    #expect(seen == dense.predictions(Self.sample))
  }

  // MARK: Training

  @Test func `a step gathers the rows it is given`() throws {
    let (whole, part) = (try Self.model(), try Self.model())
    let rows: [Int32] = [7, 0, 7, 19]
    var sample = Self.sample
    sample.inputs = rows.flatMap { row in Self.sample.inputs[Int(row) * 3..<Int(row) * 3 + 3] }
    sample.targets = rows.map { Self.sample.targets[Int($0)] }
    sample.rows = 4
    let direct = part.step(sample)
    let gathered = rows.withUnsafeBufferPointer {
      whole.trainStep(inputs: Self.sample.inputs, targets: Self.sample.targets, rows: $0, step: 0, epoch: 0)
    }
    #expect(direct == gathered)
    #expect(Array(whole.parameters) == Array(part.parameters))
  }

  @Test func `the same seed gives the same bits, another seed others`() throws {
    func run(_ seed: UInt64) throws -> ([Double], ModelState) {
      let model = try Self.model(seed: seed)
      return ((0..<20).map { model.step(Self.sample, $0) }, model.state())
    }
    let (first, again, other) = (try run(1), try run(1), try run(2))
    #expect(first.0 == again.0 && first.1 == again.1)
    #expect(first.0 != other.0)
  }

  @Test func `training lowers the loss of every kind of layer and strategy together`() throws {
    let model = try Self.model()
    let before = model.evaluate(Self.sample)
    for step in 0..<400 { model.step(Self.sample, step) }
    #expect(model.evaluate(Self.sample) < 0.8 * before)
  }

  @Test func `a state brings back the predictions, and belongs to one kind of model`() throws {
    let (model, copy) = (try Self.model(), try Self.model(seed: 1))
    for step in 0..<5 { model.step(Self.sample, step) }
    let state = model.state()
    let predictions = model.predictions(Self.sample)
    for step in 5..<10 { model.step(Self.sample, step) }
    #expect(model.predictions(Self.sample) != predictions)
    copy.restore(state)
    model.restore(state)
    #expect(copy.predictions(Self.sample) == predictions && model.predictions(Self.sample) == predictions)
    #expect(copy.state() == state && copy.accepts(state))
    #expect(!copy.accepts(ModelState(parameters: state.parameters)))
    #expect(!copy.accepts(ModelState(parameters: [], statistics: state.statistics)))
  }

  @Test func `a step whose loss or gradient is not finite is not applied`() throws {
    let model = Model(
      network(inputs: 3, hidden: [4], outputs: 1, try fixed("identity")), loss: .meanSquaredError,
      batchSize: 20,
      seed: 1, optimizer: OptimizerSpecification(kind: SGD(), learningRate: 10))
    var sample = Sample(.meanSquaredError, rows: 20, inputs: 3, outputs: 1)
    var steps = 0
    repeat {
      model.step(sample, steps)
      steps += 1
    } while model.lastStepWasApplied && steps < 1000
    #expect(!model.lastStepWasApplied && steps > 2)
    #expect(model.parameters.allSatisfy { $0.isFinite })
    sample.inputs[0] = .nan
    let before = Array(model.parameters)
    #expect(model.step(sample).isNaN && !model.lastStepWasApplied)
    #expect(Array(model.parameters) == before)
  }

  // MARK: Views

  @Test func `views show the values behind the raw parameters, and constants beside them`() throws {
    var strategy = ParametricStrategy(function: "pelu")
    strategy.initial = ["a": 1.5, "b": 0.75]
    strategy.trainable = ["a"]
    strategy.granularity = .unit
    let model = Model(
      network(inputs: 3, hidden: [4], outputs: 3, try Strategy(strategy).specification(seed: 0)),
      loss: .softmaxCrossEntropy, batchSize: 20, seed: 1)
    let view = model.activationLayers[0]
    #expect(view.layer == 1 && view.name == "layers.1.activation" && view.units == 4)
    #expect(view.blocks.map(\.name) == ["layers.1.activation.a"])
    let a = try #require(view.parameters.first { $0.name == "a" })
    let b = try #require(view.parameters.first { $0.name == "b" })
    #expect(
      a.isTrainable && a.initial == [1.5, 1.5, 1.5, 1.5] && a.current.allSatisfy { abs($0 - 1.5) < 1e-6 })
    #expect(!b.isTrainable && b.current == [0.75])
    for step in 0..<20 { model.step(Self.sample, step) }
    let trained = try #require(model.activationLayers[0].parameters.first { $0.name == "a" })
    #expect(Set(trained.current).count == 4 && trained.current.allSatisfy { $0 > 0 && $0 != 1.5 })
    #expect(trained.initial == a.initial)
  }
}
