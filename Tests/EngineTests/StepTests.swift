// The training step itself: that it allocates nothing, and gives the same bits on any number of threads.

import Activations
import CTestSetup
import Engine
import Testing

/// A network that is worth several threads, with one activation, by name.
struct StepSubject: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let specification: ModelSpecification
  private let loss: Loss
  private let optimizer: OptimizerSpecification

  static let rows = 150
  private static let inputs = 20

  private init(
    _ name: String, _ specification: ModelSpecification, _ loss: Loss = .softmaxCrossEntropy,
    _ optimizer: OptimizerSpecification = OptimizerSpecification(learningRate: 0.01)
  ) {
    testDescription = name
    self.specification = specification
    self.loss = loss
    self.optimizer = optimizer
  }

  func model(threads: Int) -> Model {
    Model(specification, loss: loss, batchSize: Self.rows, seed: 3, optimizer: optimizer, threads: threads)
  }

  var sample: Sample {
    Sample(loss, rows: Self.rows, inputs: Self.inputs, outputs: specification.outputs)
  }

  private static func wide(_ activation: ActivationSpecification) -> ModelSpecification {
    network(inputs: inputs, hidden: [72, 130], outputs: 5, activation)
  }

  static let all: [StepSubject] = {
    do {
      let clipped = OptimizerSpecification(
        kind: SGD(momentum: 0.9), learningRate: 0.05, weightDecay: 1e-3, gradientClipNorm: 0.5)
      return [
        StepSubject("relu", wide(try fixed("relu"))),
        StepSubject("relu, clipped", wide(try fixed("relu")), .meanSquaredError, clipped),
        StepSubject("swish by layer", wide(try parametric("swish")), .binaryCrossEntropy),
        StepSubject("tanh by unit", wide(try parametric("parametric_tanh", .unit))),
        StepSubject("swish of the network", wide(try parametric("swish", .network))),
        StepSubject("spline by unit", wide(try strategy("spline", ["granularity": "unit"]))),
        StepSubject(
          "spline by unit, L-BFGS",
          wide(try strategy("spline", ["granularity": "unit", "smoothness": .number(1e-4)])),
          .softmaxCrossEntropy, OptimizerSpecification(kind: LBFGS(), learningRate: 1, weightDecay: 1e-3)),
        StepSubject("inner network", wide(try innerNetwork())),
        StepSubject("blend", wide(try blend())),
        StepSubject("mixture by unit", wide(try mixture(.unit))),
        StepSubject("random by unit", wide(try random(scope: .unit))),
        StepSubject("random by layer", wide(try random(scope: .layer))),
        StepSubject("stochastic", wide(try fixed("rrelu"))),
        StepSubject("hypernetwork of statistics", wide(try hypernetwork(.statistics))),
        StepSubject("hypernetwork of rows", wide(try hypernetwork(.sample, .unit))),
        StepSubject(
          "every layer",
          ModelSpecification(
            inputs: inputs,
            layers: [
              .dense(units: 128), .batchNorm, .activation(0), .dropout(rate: 0.2), .dense(units: 96),
              .layerNorm,
              .gate(0), .dense(units: 64), .maxout(pieces: 2), .layerNorm,
            ], outputs: 5, activations: [try parametric("swish", .unit)])),
        StepSubject(
          "recurrent layers, one function for all",
          ModelSpecification(
            input: .sequence(steps: 10, features: 2),
            layers: [
              .dense(units: 32), .activation(0),
              .gru(
                units: 48, activation: 0, gates: 1, RecurrentOptions(returnsSequences: true, merge: .concat)),
              .lstm(units: 32, activation: 0, output: .shared, RecurrentOptions(returnsSequences: true)),
              .activation(0), .globalPooling(.average),
            ], outputs: 5,
            activations: [
              try parametric("parametric_tanh", .network), try parametric("parametric_sigmoid", .unit),
            ])),
        StepSubject(
          "residual",
          ModelSpecification(
            inputs: inputs,
            layers: [
              .dense(units: 96),
              .residual([
                .activation(0), .dense(units: 96),
                .residual([.batchNorm, .activation(0), .dropout(rate: 0.1)]),
              ]),
              .residual([.activation(0), .dense(units: 96)]),
            ], outputs: 5, activations: [try parametric("swish", .unit)])),
        StepSubject(
          "convolutions over images",
          ModelSpecification(
            input: .image(height: 5, width: 4, channels: 1),
            layers: [
              convolution([3, 3], filters: 16, .same), .activation(0),
              .pooling(.max, window: windows([2, 2])),
              convolution([2, 2], filters: 32, .same, strides: [2, 1]), .activation(1), .batchNorm,
              .spatialDropout(rate: 0.2), .pooling(.average, window: windows([2, 2]), padding: .same),
              .flatten, .dense(units: 96), .activation(0),
            ], outputs: 5,
            activations: [try parametric("swish", .unit), try hypernetwork(.sample, .unit)])),
        StepSubject(
          "convolutions over sequences",
          ModelSpecification(
            input: .sequence(steps: 10, features: 2),
            layers: [
              convolution([3], filters: 32, .same, dilations: [2]), .activation(0), .layerNorm,
              convolution([3], filters: 24), .activation(1), .globalPooling(.max),
            ], outputs: 5, activations: [try parametric("swish", .unit), try mixture(.unit)])),
      ]
    } catch { preconditionFailure("the subjects are sound: \(error)") }
  }()
}

@Suite struct StepTests {
  @Test(arguments: StepSubject.all)
  func `a step allocates nothing`(subject: StepSubject) {
    let (model, sample) = (subject.model(threads: 1), subject.sample)
    let order = sample.order
    var counts: [Int] = []
    order.withUnsafeBufferPointer { rows in
      for step in 0..<5 {
        let before = ct_allocations()
        _ = model.trainStep(
          inputs: sample.inputs, targets: sample.targets, rows: rows, step: step, epoch: 0)
        counts.append(ct_allocations() - before)
      }
    }
    // The first step may set up what is made on first use.
    #expect(counts.dropFirst().allSatisfy { $0 == 0 }, "\(counts)")
  }

  @Test func `allocations are counted`() {
    let before = ct_allocations()
    let array = [Int](repeating: 1, count: 1000)
    #expect(ct_allocations() > before || before == -1)
    #expect(array.count == 1000)
  }

  @Test(arguments: StepSubject.all)
  func `any number of threads gives the same bits`(subject: StepSubject) {
    let sample = subject.sample
    func run(_ threads: Int) -> (losses: [Double], norms: [Double], state: ModelState, predictions: [Float]) {
      let model = subject.model(threads: threads)
      #expect(model.threads == threads)
      var (losses, norms): ([Double], [Double]) = ([], [])
      for step in 0..<6 {
        losses.append(model.step(sample, step))
        norms.append(model.lastGradientNorm)
      }
      return (losses, norms, model.state(), model.predictions(sample))
    }
    let alone = run(1)
    #expect(alone.losses.allSatisfy(\.isFinite) && Set(alone.losses).count == 6)
    for threads in [2, 3, 4] {
      let together = run(threads)
      #expect(together.losses == alone.losses && together.norms == alone.norms)
      #expect(together.state == alone.state)
      #expect(together.predictions == alone.predictions)
    }
  }

  @Test func `a short batch gives the same bits too, down to one row`() {
    let subject = StepSubject.all[3]
    let sample = subject.sample
    let (alone, together) = (subject.model(threads: 1), subject.model(threads: 4))
    for (step, count) in [1, 7, 33, 149, 64].enumerated() {
      let losses = [alone, together].map { model in
        sample.order.withUnsafeBufferPointer {
          model.trainStep(
            inputs: sample.inputs, targets: sample.targets,
            rows: UnsafeBufferPointer(rebasing: $0[..<count]), step: step, epoch: 0)
        }
      }
      #expect(losses[0] == losses[1])
    }
    #expect(alone.state() == together.state())
  }

  /// A million parameters of units: so many that their sums are kept for fewer blocks of rows than others are.
  @Test func `the gradient of very many activation parameters is the mean over the rows`() throws {
    let specification = ModelSpecification(
      inputs: 16_384, layers: [.activation(0)], outputs: 16_384, hasOutputLayer: false,
      activations: [try strategy("spline", ["granularity": "unit", "knots": .number(62)])])
    let model = Model(specification, loss: .meanSquaredError, batchSize: 104, seed: 1)
    #expect(model.parameterCount == 1_048_576)
    let sample = Sample(.meanSquaredError, rows: 104, inputs: 16_384, outputs: 16_384)
    func gradient(_ rows: Range<Int>) -> [Float] {
      sample.order.withUnsafeBufferPointer {
        _ = model.computeGradients(
          inputs: sample.inputs, targets: sample.targets, rows: UnsafeBufferPointer(rebasing: $0[rows]),
          step: 0, epoch: 0)
      }
      return Array(model.gradients)
    }
    let whole = gradient(0..<104)
    var mean = whole.map { _ in Float(0) }
    for start in stride(from: 0, to: 104, by: 8) {
      for (index, value) in gradient(start..<start + 8).enumerated() { mean[index] += value / 13 }
    }
    let scale = whole.reduce(0) { max($0, abs($1)) }
    #expect(scale > 0 && zip(whole, mean).allSatisfy { abs($0 - $1) <= 1e-5 * scale })
  }

  @Test func `the number of threads may change between steps`() {
    let subject = StepSubject.all[3]
    let sample = subject.sample
    let (alone, together) = (subject.model(threads: 1), subject.model(threads: 4))
    for (step, threads) in [4, 1, 3, 2, 9, 0, 4].enumerated() {
      together.threads = threads
      #expect(together.threads == min(max(1, threads), 4))
      #expect(together.step(sample, step) == alone.step(sample, step))
    }
    #expect(alone.state() == together.state())
  }

  @Test func `a step that is not finite is applied by no thread`() {
    let model = StepSubject.all[0].model(threads: 4)
    var sample = StepSubject.all[0].sample
    model.step(sample)
    let before = Array(model.parameters)
    sample.inputs[0] = .nan
    #expect(model.step(sample).isNaN && !model.lastStepWasApplied)
    #expect(Array(model.parameters) == before)
  }

  @Test func `a model that is too small stays on one thread`() throws {
    let small = Model(
      network(inputs: 2, hidden: [8], outputs: 1, try fixed("tanh")), loss: .binaryCrossEntropy, batchSize: 4,
      seed: 1, threads: 4)
    #expect(small.threads == 1)
  }
}
