// L-BFGS and its line search: on functions with known minima, inside models, and what they leave alone.

import Activations
import Engine
import Glibc
import Testing

/// A function of some numbers with its gradient, as L-BFGS sees it.
private final class Objective {
  let parameters: UnsafeMutableBufferPointer<Float>
  let gradients: UnsafeMutableBufferPointer<Float>
  var function: ([Double]) -> (Double, [Double])
  var evaluations = 0

  init(_ start: [Float], _ function: @escaping ([Double]) -> (Double, [Double])) {
    parameters = .allocate(capacity: start.count)
    _ = parameters.initialize(from: start)
    gradients = .allocate(capacity: start.count)
    gradients.initialize(repeating: 0)
    self.function = function
  }

  deinit {
    parameters.deallocate()
    gradients.deallocate()
  }

  /// The value before the step.
  func step(_ rule: LBFGSState) throws -> LBFGSState.Outcome {
    let (start, slopes) = (try #require(parameters.baseAddress), try #require(gradients.baseAddress))
    evaluations = 0
    return rule.step(parameters: start, gradients: slopes) { _ in
      evaluations += 1
      let (value, gradient) = function(parameters.map(Double.init))
      for (index, slope) in gradient.enumerated() { gradients[index] = Float(slope) }
      return (value, 0)
    }
  }

  var value: Double { function(parameters.map(Double.init)).0 }
}

/// Σ 100·(x₂ − x₁²)² + (1 − x₁)² over neighbouring pairs: a bent valley with its minimum 0 at (1, …, 1).
private func rosenbrock(_ x: [Double]) -> (Double, [Double]) {
  var (value, gradient) = (0.0, x.map { _ in 0.0 })
  for index in 0..<x.count - 1 {
    let (bend, rest) = (x[index + 1] - x[index] * x[index], 1 - x[index])
    value += 100 * bend * bend + rest * rest
    gradient[index] += -400 * x[index] * bend - 2 * rest
    gradient[index + 1] += 200 * bend
  }
  return (value, gradient)
}

@Suite struct LineSearchTests {
  /// Curvatures from 1 to 100; with as many pairs as variables the directions are conjugate.
  @Test(arguments: [2, 5, 8])
  func `a quadratic of n variables is at its minimum after a few steps for each`(n: Int) throws {
    let curvatures = (0..<n).map { pow(100, Double($0) / Double(n - 1)) }
    let objective = Objective((0..<n).map { 1 + Float($0) }) { x in
      (
        zip(curvatures, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 },
        zip(curvatures, x).map { $0 * $1 }
      )
    }
    let rule = LBFGSState(parameterCount: n)
    let first = objective.value
    for _ in 0..<4 * n + 6 { _ = try objective.step(rule) }
    #expect(objective.value < 1e-9 * first, "\(objective.value)")
  }

  @Test(arguments: [2, 10])
  func `the bottom of a bent valley is found`(n: Int) throws {
    let objective = Objective((0..<n).map { $0.isMultiple(of: 2) ? -1.2 : 1 }, rosenbrock)
    let rule = LBFGSState(parameterCount: n)
    var (steps, last) = (0, Double.infinity)
    while objective.value > 1e-8, steps < 200 {
      let outcome = try objective.step(rule)
      #expect(outcome.isFinite && outcome.loss <= last)
      #expect(objective.evaluations <= LBFGSState.maximumEvaluations)
      last = outcome.loss
      steps += 1
    }
    #expect(steps < 80)
    #expect(objective.parameters.allSatisfy { abs($0 - 1) < 1e-2 })
  }

  /// A straight line has no curvature, so that a step along it teaches nothing.
  @Test(arguments: [1, 3])
  func `a pair that is not taken in leaves none behind in a full history`(historySize: Int) throws {
    let objective = Objective([4, 3, 2, 1, 5]) { x in
      let weights = (1...x.count).map(Double.init)
      return (
        zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 }, zip(weights, x).map { $0 * $1 }
      )
    }
    let rule = LBFGSState(parameterCount: 5, historySize: historySize)
    for _ in 0..<historySize { _ = try objective.step(rule) }
    #expect(rule.stored == historySize)
    objective.function = { x in (x.reduce(0, +), x.map { _ in 1 }) }
    _ = try objective.step(rule)
    #expect(rule.stored == historySize - 1)
  }

  /// exp overflows to infinity far out, and log is NaN below 0.
  @Test func `places where the function is not finite are too far`() throws {
    let objective = Objective([0.001, 9]) { x in
      (
        x[0] - log(x[0]) + exp(x[1] * x[1]) - x[1],
        [1 - 1 / x[0], 2 * x[1] * exp(x[1] * x[1]) - 1]
      )
    }
    let rule = LBFGSState(parameterCount: 2)
    for _ in 0..<120 {
      let outcome = try objective.step(rule)
      #expect(outcome.isFinite && objective.value <= outcome.loss)
    }
    #expect(abs(objective.parameters[0] - 1) < 1e-3 && abs(objective.parameters[1] - 0.4194) < 1e-3)
  }

  @Test func `a start that is not finite is left as it is`() throws {
    let objective = Objective([-1]) { x in (log(x[0]), [1 / x[0]]) }
    let outcome = try objective.step(LBFGSState(parameterCount: 1))
    #expect(!outcome.isFinite && outcome.loss.isNaN && objective.parameters[0] == -1)
  }

  @Test func `a stationary point does not move, nor does a point that only its gradient calls high`() throws {
    let flat = Objective([2]) { _ in (7, [0]) }
    #expect(try flat.step(LBFGSState(parameterCount: 1)).isFinite && flat.parameters[0] == 2)
    // The gradient lies: nothing is lower along the line.
    let liar = Objective([2]) { x in (7 + abs(x[0] - 2), [1]) }
    let rule = LBFGSState(parameterCount: 1)
    for _ in 0..<3 {
      // By no more than rounding of a value of 7.
      #expect(try liar.step(rule).isFinite && abs(liar.parameters[0] - 2) < 1e-4)
      #expect(liar.evaluations <= LBFGSState.maximumEvaluations)
    }
  }

  // MARK: Models

  static let lbfgs = OptimizerSpecification(kind: LBFGS(), learningRate: 1)

  @Test(arguments: Loss.allCases)
  func `a model is fitted better than by Adam in as many steps`(loss: Loss) throws {
    let outputs = loss == .softmaxCrossEntropy ? 3 : 1
    let sample = Sample(loss, rows: 60, inputs: 3, outputs: outputs)
    func fit(_ optimizer: OptimizerSpecification) throws -> Double {
      let model = Model(
        network(inputs: 3, hidden: [6], outputs: outputs, try parametric("parametric_tanh", .unit)),
        loss: loss, batchSize: 60, seed: 2, optimizer: optimizer)
      for step in 0..<100 { model.step(sample, step) }
      return model.evaluate(sample)
    }
    let adam = try [0.003, 0.03].map { try fit(OptimizerSpecification(learningRate: $0)) }
    let found = try fit(Self.lbfgs)
    #expect(found < 0.9 * min(adam[0], adam[1]), "\(found), \(adam)")
  }

  @Test func `linear regression reaches the least squares solution`() {
    var sample = Sample(.meanSquaredError, rows: 40, inputs: 4, outputs: 1)
    for row in 0..<40 {
      let x = sample.inputs[4 * row..<4 * row + 4].map { $0 }
      sample.targets[row] = 2 * x[0] - x[1] + 0.5 * x[2] + 3
    }
    let model = Model(
      ModelSpecification(inputs: 4, layers: [], outputs: 1), loss: .meanSquaredError, batchSize: 40, seed: 0,
      optimizer: Self.lbfgs)
    for step in 0..<15 { model.step(sample, step) }
    for (value, expected) in zip(model.parameters, [2, -1, 0.5, 0, 3] as [Float]) {
      #expect(abs(value - expected) < 1e-4)
    }
  }

  /// min λ/2·w² + mean (w·x + b − t)² has w = cov(x, t)/(var(x) + λ/2).
  @Test func `weight decay is part of what is minimised`() {
    var sample = Sample(.meanSquaredError, rows: 30, inputs: 1, outputs: 1)
    sample.targets = sample.inputs.map { 2 * $0 + 1 }
    var decayed = Self.lbfgs
    decayed.weightDecay = 0.6
    let model = Model(
      ModelSpecification(inputs: 1, layers: [], outputs: 1), loss: .meanSquaredError, batchSize: 30, seed: 0,
      optimizer: decayed)
    for step in 0..<20 { model.step(sample, step) }
    let mean = sample.inputs.reduce(0, +) / 30
    let variance = sample.inputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30
    let weight = 2 * variance / (variance + 0.3)
    #expect(abs(model.parameters[0] - weight) < 1e-4)
    #expect(abs(model.parameters[1] - (1 + (2 - weight) * mean)) < 1e-4)
  }

  @Test func `a multiplier of 0 freezes the activation, and others move it`() throws {
    let sample = Sample(.meanSquaredError, rows: 20, inputs: 2, outputs: 1)
    for multiplier in [0, 0.25] {
      var strategy = ParametricStrategy(function: "parametric_tanh")
      strategy.common.learningRateMultiplier = multiplier
      let model = Model(
        network(inputs: 2, hidden: [3], outputs: 1, try Strategy(strategy).specification(seed: 0)),
        loss: .meanSquaredError, batchSize: 20, seed: 0, optimizer: Self.lbfgs)
      let (slopes, weights) = (model.values("layers.1.activation.a"), model.values("layers.0.weight"))
      for step in 0..<10 { model.step(sample, step) }
      #expect((model.values("layers.1.activation.a") == slopes) == (multiplier == 0))
      #expect(model.values("layers.0.weight") != weights)
    }
  }

  @Test func `a penalty on bends counts in what is minimised`() throws {
    let sample = Sample(.meanSquaredError, rows: 64, inputs: 1, outputs: 1)
    let bends = try [0, 0.01].map { smoothness -> Float in
      let model = Model(
        ModelSpecification(
          inputs: 1, layers: [.activation(0)], outputs: 1, hasOutputLayer: false,
          activations: [try strategy("spline", ["initial": "sin", "smoothness": .number(smoothness)])]),
        loss: .meanSquaredError, batchSize: 64, seed: 0, optimizer: Self.lbfgs)
      for step in 0..<60 { model.step(sample, step) }
      let c = Array(model.parameters)
      return (1..<c.count - 1).reduce(0) { $0 + abs(c[$1 - 1] - 2 * c[$1] + c[$1 + 1]) }
    }
    #expect(bends[1] < 0.3 * bends[0], "\(bends)")
  }

  @Test func `running statistics take in one batch a step, however often it was evaluated`() {
    let model = Model(
      ModelSpecification(inputs: 4, layers: [.batchNorm, .dense(units: 4)], outputs: 1),
      loss: .meanSquaredError, batchSize: 32, seed: 0, optimizer: Self.lbfgs)
    let sample = Sample(.meanSquaredError, rows: 32, inputs: 4, outputs: 1)
    for step in 0..<5 { model.step(sample, step) }
    #expect(model.state().statistics[0] == 5)
  }

  @Test func `a loss that is not finite leaves the parameters as they are`() {
    let model = Model(
      ModelSpecification(inputs: 1, layers: [], outputs: 1), loss: .meanSquaredError, batchSize: 4, seed: 0,
      optimizer: Self.lbfgs)
    var sample = Sample(.meanSquaredError, rows: 4, inputs: 1, outputs: 1)
    sample.inputs[2] = .infinity
    let before = Array(model.parameters)
    let loss = model.step(sample)
    #expect(!loss.isFinite && !model.lastStepWasApplied && Array(model.parameters) == before)
  }

  @Test func `what draws at random is named`() throws {
    let specification = ModelSpecification(
      inputs: 2,
      layers: [
        .dense(units: 2), .activation(0), .dropout(rate: 0.1), .activation(1), .dropout(rate: 0.2),
        .activation(2), .activation(4),
      ], outputs: 1,
      activations: [
        try random(), try fixed("rrelu"), try fixed("tanh"), try mixture(), try hypernetwork(.sample),
      ])
    #expect(specification.randomParts == ["random", "dropout", "rrelu"])
  }
}
