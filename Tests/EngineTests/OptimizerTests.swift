// The update rules against the textbook formulas in double precision, and the stages around them.

import Activations
import Engine
import Glibc
import Testing

/// One scalar parameter under an update rule, written out in double precision.
protocol ScalarRule {
  mutating func step(_ parameter: inout Double, gradient: Double, rate: Double, decay: Double)
}

struct ScalarSGD: ScalarRule {
  var momentum: Double
  var nesterov: Bool
  var velocity = 0.0

  mutating func step(_ parameter: inout Double, gradient: Double, rate: Double, decay: Double) {
    let gradient = gradient + decay * parameter
    velocity = momentum * velocity + gradient
    parameter -= rate * (nesterov ? gradient + momentum * velocity : velocity)
  }
}

struct ScalarAdam: ScalarRule {
  var decoupled: Bool
  var first = 0.0
  var second = 0.0
  var updates = 0.0

  mutating func step(_ parameter: inout Double, gradient: Double, rate: Double, decay: Double) {
    let gradient = gradient + (decoupled ? 0 : decay * parameter)
    updates += 1
    first = 0.9 * first + 0.1 * gradient
    second = 0.999 * second + 0.001 * gradient * gradient
    let (mean, square) = (first / (1 - pow(0.9, updates)), second / (1 - pow(0.999, updates)))
    if decoupled { parameter -= rate * decay * parameter }
    parameter -= rate * mean / (square.squareRoot() + 1e-8)
  }
}

struct ScalarRMSprop: ScalarRule {
  var momentum: Double
  var square = 0.0
  var velocity = 0.0

  mutating func step(_ parameter: inout Double, gradient: Double, rate: Double, decay: Double) {
    let gradient = gradient + decay * parameter
    square = 0.99 * square + 0.01 * gradient * gradient
    velocity = momentum * velocity + gradient / (square.squareRoot() + 1e-8)
    parameter -= rate * velocity
  }
}

@Suite struct OptimizerTests {
  /// Each rule with its reference, and whether the reference decays.
  static let rules: [(any Optimizer, @Sendable () -> any ScalarRule)] = [
    (SGD(), { ScalarSGD(momentum: 0, nesterov: false) }),
    (SGD(momentum: 0.9), { ScalarSGD(momentum: 0.9, nesterov: false) }),
    (SGD(momentum: 0.9, nesterov: true), { ScalarSGD(momentum: 0.9, nesterov: true) }),
    (Adam(), { ScalarAdam(decoupled: false) }),
    (AdamW(), { ScalarAdam(decoupled: true) }),
    (RMSprop(), { ScalarRMSprop(momentum: 0) }),
    (RMSprop(momentum: 0.5), { ScalarRMSprop(momentum: 0.5) }),
  ]

  /// ŷ = w·x + b on one row, with mean squared error.
  static func line(_ optimizer: OptimizerSpecification) -> Model {
    Model(
      ModelSpecification(inputs: 1, layers: [], outputs: 1), loss: .meanSquaredError, batchSize: 1, seed: 0,
      optimizer: optimizer)
  }

  @Test(arguments: rules.indices)
  func `ten steps follow the formula, decay on the weight alone`(index: Int) {
    let (kind, reference) = Self.rules[index]
    let model = Self.line(OptimizerSpecification(kind: kind, learningRate: 0.05, weightDecay: 0.1))
    var (weight, bias) = (reference(), reference())
    var (w, b) = (0.75, -0.5)
    model.parameters[0] = 0.75
    model.parameters[1] = -0.5
    var sample = Sample(.meanSquaredError, rows: 1, inputs: 1, outputs: 1)
    for step in 0..<10 {
      let (x, t) = (Double(step % 3) - 0.5, Double(step % 4) * 0.7)
      (sample.inputs, sample.targets) = ([Float(x)], [Float(t)])
      let slope = 2 * (w * x + b - t)
      weight.step(&w, gradient: slope * x, rate: 0.05, decay: 0.1)
      bias.step(&b, gradient: slope, rate: 0.05, decay: 0)
      model.step(sample, step)
      #expect(abs(Double(model.parameters[0]) - w) < 2e-5)
      #expect(abs(Double(model.parameters[1]) - b) < 2e-5)
    }
  }

  @Test func `a gradient longer than the limit is scaled to it, a shorter one is left alone`() {
    for limit in [0.1, 1e6] {
      let model = Self.line(
        OptimizerSpecification(kind: SGD(), learningRate: 1, gradientClipNorm: limit))
      model.parameters[0] = 1
      model.parameters[1] = 0
      var sample = Sample(.meanSquaredError, rows: 1, inputs: 1, outputs: 1)
      (sample.inputs, sample.targets) = ([3], [0])
      model.step(sample)
      // The gradient is (18, 6).
      let norm = (18.0 * 18 + 36).squareRoot()
      #expect(abs(model.lastGradientNorm - norm) < 1e-5)
      let factor = min(1, limit / norm)
      #expect(abs(Double(model.parameters[0]) - (1 - 18 * factor)) < 1e-5)
      #expect(abs(Double(model.parameters[1]) + 6 * factor) < 1e-5)
    }
  }

  @Test func `the schedule's factor multiplies the step`() {
    let model = Self.line(OptimizerSpecification(kind: SGD(), learningRate: 0.1))
    let before = Array(model.parameters)
    let sample = Sample(.meanSquaredError, rows: 1, inputs: 1, outputs: 1)
    model.step(sample, factor: 0)
    #expect(Array(model.parameters) == before)
    model.step(sample, factor: 0.5)
    #expect(abs(model.parameters[1] - before[1] + 0.05 * model.gradients[1]) < 1e-6)
  }

  @Test func `an activation has its own learning rate and decay; biases and norms never decay`() throws {
    var strategy = ParametricStrategy(function: "parametric_tanh")
    strategy.common.learningRateMultiplier = 0.5
    strategy.common.weightDecay = 0.25
    let specification = network(
      inputs: 2, hidden: [3], outputs: 1, try Strategy(strategy).specification(seed: 0),
      after: [.batchNorm])
    let model = Model(
      specification, loss: .meanSquaredError, batchSize: 4, seed: 0,
      optimizer: OptimizerSpecification(kind: SGD(), learningRate: 0.1, weightDecay: 0.5))
    for index in model.parameters.indices { model.parameters[index] += 0.5 }
    let before = Array(model.parameters)
    model.step(Sample(.meanSquaredError, rows: 4, inputs: 2, outputs: 1))
    for block in model.blocks {
      let decay: Float =
        switch block.role {
        case .weight: 0.5
        case .activation: 0.25
        case .bias, .normalization: 0
        }
      let rate: Float = block.role == .activation ? 0.05 : 0.1
      for index in block.range {
        let expected = before[index] - rate * (model.gradients[index] + decay * before[index])
        #expect(abs(model.parameters[index] - expected) < 1e-6, "\(block.name)")
      }
    }
  }
}

@Suite struct ScheduleTests {
  @Test func `the constant schedule is 1 throughout`() {
    #expect((0..<10).allSatisfy { Schedule().factor(step: $0, of: 10) == 1 })
  }

  @Test func `warm-up rises linearly to 1 and the shape starts after it`() {
    let schedule = Schedule(.linear(floor: 0.5), warmupSteps: 4)
    let factors = (0..<8).map { schedule.factor(step: $0, of: 8) }
    #expect(factors == [0.25, 0.5, 0.75, 1, 1, 0.875, 0.75, 0.625])
  }

  @Test func `steps multiply by the factor at every interval`() {
    let schedule = Schedule(.step(every: 3, factor: 0.5))
    #expect((0..<7).map { schedule.factor(step: $0, of: 7) } == [1, 1, 1, 0.5, 0.5, 0.5, 0.25])
  }

  @Test func `the cosine falls from 1 over the middle to its floor`() {
    let schedule = Schedule(.cosine(floor: 0.2))
    #expect(schedule.factor(step: 0, of: 100) == 1)
    #expect(abs(schedule.factor(step: 50, of: 100) - 0.6) < 1e-12)
    #expect(abs(schedule.factor(step: 99, of: 100) - 0.2) < 1e-3)
    #expect(schedule.factor(step: 500, of: 100) == 0.2)
  }
}
