// Splines whose grids are refined while they train: what is kept, what starts anew, and how a state finds its stage.

import Activations
import Engine
import Testing

@Suite struct StageTests {
  private static func spline(
    _ knots: [Double], order: Double = 3, _ granularity: String = "unit", multiplier: Double = 1
  ) throws -> ActivationSpecification {
    try strategy(
      "spline",
      [
        "knots": .list(knots.map(OptionValue.number)), "order": .number(order), "initial": "sin",
        "granularity": .string(granularity), "learning_rate_multiplier": .number(multiplier),
      ])
  }

  /// A model in its first stage.
  private static func model(
    _ activation: ActivationSpecification, _ optimizer: OptimizerSpecification = OptimizerSpecification(),
    layers: [ModelSpecification.Layer] = [
      .dense(units: 3), .activation(0), .residual([.dense(units: 3), .activation(0), .batchNorm]),
    ]
  ) -> Model {
    let specification = ModelSpecification(
      inputs: 3, layers: layers, outputs: 2, activations: [activation, activation])
    return Model(
      specification.at(stages: specification.stages(ofEpoch: 1, of: 10)), loss: .meanSquaredError,
      batchSize: 40, seed: 5, optimizer: optimizer)
  }

  private let sample = Sample(.meanSquaredError, rows: 40, inputs: 3, outputs: 2)

  private func largest(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? .nan }

  @Test func `epochs are shared out equally, each activation by its own stages`() throws {
    let specification = ModelSpecification(
      inputs: 1, layers: [.activation(0), .activation(1), .activation(2)], outputs: 1,
      activations: [try Self.spline([4, 8, 12]), try fixed("tanh"), try Self.spline([4, 6])])
    #expect(specification.stages == [2, 0, 1] && specification.lastStages == [2, 0, 1])
    let stages = (1...6).map { specification.stages(ofEpoch: $0, of: 6) }
    #expect(stages.map { $0[0] } == [0, 0, 1, 1, 2, 2] && stages.map { $0[2] } == [0, 0, 0, 1, 1, 1])
    #expect(stages.allSatisfy { $0[1] == 0 })
    for epochs in 3...20 {
      #expect(Set((1...epochs).map { specification.stages(ofEpoch: $0, of: epochs)[0] }) == [0, 1, 2])
    }
  }

  /// Every knot of a grid of 5, 9 and 17 is one of the next.
  @Test(arguments: ["network", "layer", "unit"], [1.0, 3])
  func `refining a grid to one that has all of its knots keeps the curve`(granularity: String, order: Double)
    throws
  {
    var model = Self.model(try Self.spline([5, 9, 17], order: order, granularity))
    for (stage, knots) in [5, 9, 17].enumerated() {
      model = model.refined(to: [stage, stage])
      let count = (order == 3 ? knots + 2 : knots) * (granularity == "unit" ? 3 : 1)
      #expect(
        model.blocks.filter { $0.name.contains("c_") }.reduce(0) { $0 + $1.range.count }
          == (granularity == "network" ? 1 : 2) * count)
      for step in 0..<20 { model.step(sample, 20 * stage + step) }
      guard stage < 2 else { break }
      let (before, after) = (model.predictions(sample), model.refined(to: [stage + 1, stage + 1]))
      #expect(largest(before, after.predictions(sample)) < 2e-5)
      #expect(after.parameterCount > model.parameterCount)
      #expect(after.state().statistics == model.state().statistics)
    }
  }

  @Test(arguments: [1.0, 3])
  func `other grids take the curve's values at their knots`(order: Double) throws {
    let activation = try Self.spline([5, 8], order: order, "layer")
    let model = Model(
      ModelSpecification(
        inputs: 1, layers: [.activation(0)], outputs: 1, hasOutputLayer: false, activations: [activation]
      ).at(stages: [0]), loss: .meanSquaredError, batchSize: 8, seed: 0)
    for index in model.parameters.indices { model.parameters[index] = Float((index * 7) % 5) - 2 }
    // The knots of the finer grid, and places beyond the range, where both are straight with one slope.
    var sample = Sample(.meanSquaredError, rows: 12, inputs: 1, outputs: 1)
    sample.inputs = (0..<8).map { -4 + 8 * Float($0) / 7 } + [-9, -5, 5, 20]
    let refined = model.refined(to: [1])
    #expect(largest(model.predictions(sample), refined.predictions(sample)) < 2e-4)
    // Between knots the grids differ, so that the values above are no accident.
    sample.inputs = (0..<12).map { -3.9 + 0.65 * Float($0) }
    #expect(largest(model.predictions(sample), refined.predictions(sample)) > 1e-2)
  }

  @Test func `moments of all but the refined coefficients go on`() throws {
    let adam = OptimizerSpecification(learningRate: 0.01)
    let model = Self.model(try Self.spline([5, 9], order: 1, "layer"), adam)
    for step in 0..<30 { model.step(sample, step) }
    let refined = model.refined(to: [1, 1])
    let fresh = model.refined(to: [1, 1]).restored(to: model.state()).refined(to: [1, 1])
    func moves(_ model: Model, _ name: String) -> [Float] {
      let before = model.values(name)
      model.step(sample, 30)
      return zip(model.values(name), before).map { $0 - $1 }
    }
    let kept = moves(refined, "layers.0.weight")
    #expect(largest(kept, moves(model, "layers.0.weight")) < 2e-5)
    #expect(largest(kept, moves(fresh, "layers.0.weight")) > 2e-4, "moments that start anew move otherwise")
    // A first step of Adam is the learning rate, whatever the gradient.
    let again = model.refined(to: [1, 1])
    var checked = 0
    let coefficients = again.blocks.filter { $0.name.contains("activation.c_") }
    let before = Array(again.parameters)
    again.step(sample, 31)
    for block in coefficients {
      let index = block.range.lowerBound
      if abs(again.gradients[index]) < 1e-4 { continue }
      checked += 1
      #expect(abs(abs(again.parameters[index] - before[index]) - 0.01) < 1e-4, "\(block.name)")
    }
    #expect(checked > 5)
  }

  @Test(arguments: [
    SGD() as any Optimizer, SGD(momentum: 0.9), Adam(), AdamW(), RMSprop(momentum: 0.5), LBFGS(),
  ])
  func `every optimiser goes on to lower losses in finer grids`(kind: any Optimizer) throws {
    var model = Self.model(
      try Self.spline([5, 9, 17]), OptimizerSpecification(kind: kind, learningRate: 0.01))
    var losses: [Double] = []
    for stage in 0..<3 {
      model = model.refined(to: [stage, stage])
      for step in 0..<40 { losses.append(model.step(sample, 40 * stage + step)) }
    }
    #expect(losses.allSatisfy { $0.isFinite })
    #expect(losses[39] < losses[0] && losses[79] < losses[39] && losses[119] < losses[79])
  }

  @Test func `a state brings its stage back`() throws {
    var model = Self.model(try Self.spline([5, 8, 13]))
    for step in 0..<5 { model.step(sample, step) }
    let (early, predicted) = (model.state(), model.predictions(sample))
    #expect(early.stages == [0, 0])
    model = model.refined(to: [2, 2])
    #expect(!model.accepts(early) && model.state().stages == [2, 2])
    model.step(sample, 5)
    let restored = model.restored(to: early)
    #expect(restored.state() == early && restored.predictions(sample) == predicted)
    #expect(restored !== model && restored.restored(to: early) === restored)
    #expect(restored.refined(to: [0, 0]) === restored)
    let plan = ModelPlan(model.specification.at(stagesOf: early))
    #expect(plan.accepts(early) && plan.parameterCount == early.parameters.count)
    // A state without stages is one of the last.
    var last = model.state()
    last.stages = []
    #expect(restored.restored(to: last).predictions(sample) == model.predictions(sample))
  }

  @Test func `a model without stages has one, and its states name none`() throws {
    let model = Model(
      network(inputs: 3, hidden: [4], outputs: 2, try fixed("tanh")), loss: .meanSquaredError, batchSize: 40,
      seed: 0)
    #expect(model.specification.stages == [0] && model.state().stages.isEmpty)
    #expect(model.refined(to: model.specification.stages(ofEpoch: 7, of: 9)) === model)
    #expect(model.restored(to: model.state()) === model)
  }

  @Test func `draws go on over a refinement`() throws {
    let specification = ModelSpecification(
      inputs: 3, layers: [.dense(units: 4), .activation(0), .dense(units: 4), .activation(1)], outputs: 2,
      activations: [try Self.spline([5, 9]), try random(["sigmoid", "tanh"], inference: .best)])
    let model = Model(
      specification.at(stages: [0, 0]), loss: .meanSquaredError, batchSize: 40, seed: 5)
    for step in 0..<6 { model.step(sample, step) }
    model.select(1, ofActivation: 1)
    let refined = model.refined(to: [1, 0])
    #expect(refined.activationLayers.map(\.draws) == model.activationLayers.map(\.draws))
    #expect(refined.state().selected == [1: 1])
    refined.step(sample, 6)
    #expect(refined.activationLayers[1].draws.reduce(0, +) == 7)
  }
}
