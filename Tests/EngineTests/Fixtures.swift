// What the engine's tests share: small data sets, models of one activation, and shorthand for strategies.

import Activations
import Engine

/// Rows of inputs and targets, row-major, reproducible.
struct Sample {
  var inputs: [Float]
  var targets: [Float]
  var rows: Int
  /// Steps of each row, where rows differ.
  var lengths: [Int32]?

  /// Standard normal inputs with targets that depend on them; `shift` moves the inputs.
  init(
    _ loss: Loss, rows: Int, inputs width: Int, outputs: Int, steps: Int = 1, seed: UInt64 = 11,
    shift: Float = 0
  ) {
    var stream = RandomStream(seed: seed, stream: .synthetic)
    self.rows = rows
    inputs = (0..<rows * width).map { _ in Float(stream.normal()) + shift }
    targets = []
    for row in 0..<rows {
      for step in 0..<steps {
        let sum = inputs[row * width..<(row + 1) * width].reduce(Float(step), +)
        switch loss {
        case .meanSquaredError: targets += (0..<outputs).map { 0.3 * sum - Float($0) }
        case .binaryCrossEntropy: targets += (0..<outputs).map { _ in sum > 0 ? 1 : 0 }
        case .softmaxCrossEntropy: targets.append(Float(min(outputs - 1, Int(abs(sum)))))
        }
      }
    }
  }

  var order: [Int32] { (0..<Int32(rows)).map { $0 } }

  func withLengths<Value>(_ body: (UnsafePointer<Int32>?) -> Value) -> Value {
    guard let lengths else { return body(nil) }
    return lengths.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

/// A hidden-layer network: dense and activation for each width, then the output layer.
func network(
  inputs: Int, hidden: [Int], outputs: Int, _ activation: ActivationSpecification,
  after extra: [ModelSpecification.Layer] = []
) -> ModelSpecification {
  ModelSpecification(
    inputs: inputs, layers: hidden.flatMap { [.dense(units: $0)] + extra + [.activation(0)] },
    outputs: outputs,
    activations: [activation])
}

extension Model {
  /// One step on all rows of a sample.
  @discardableResult
  func step(_ sample: Sample, _ step: Int = 0, epoch: Int = 0, factor: Float = 1) -> Double {
    sample.order.withUnsafeBufferPointer { rows in
      sample.withLengths { lengths in
        trainStep(
          inputs: sample.inputs, targets: sample.targets, rows: rows, lengths: lengths, step: step,
          epoch: epoch, learningRateFactor: factor)
      }
    }
  }

  /// The training loss of all rows, with its gradient left in `gradients`.
  @discardableResult
  func differentiate(_ sample: Sample, step: Int = 0, progress: Double = 0) -> Double {
    sample.order.withUnsafeBufferPointer { rows in
      sample.withLengths { lengths in
        computeGradients(
          inputs: sample.inputs, targets: sample.targets, rows: rows, lengths: lengths, step: step, epoch: 0,
          progress: progress)
      }
    }
  }

  func predictions(_ sample: Sample, rule: InferenceRule? = nil) -> [Float] {
    let width = ModelPlan(specification).output.count
    var outputs = [Float](repeating: .nan, count: sample.rows * width)
    sample.withLengths {
      predict(inputs: sample.inputs, rows: sample.rows, lengths: $0, into: &outputs, rule: rule)
    }
    return outputs
  }

  func evaluate(_ sample: Sample, rule: InferenceRule? = nil) -> Double {
    sample.withLengths {
      evaluateLoss(
        inputs: sample.inputs, targets: sample.targets, rows: sample.rows, lengths: $0, rule: rule)
    }
  }

  /// What every activation reads, with its layer's place among all layers.
  func forEachActivationInput(
    inputs: UnsafePointer<Float>, rows: Int,
    _ body: (_ layer: Int, _ values: UnsafeBufferPointer<Float>, _ rows: Int, _ units: Int) -> Void
  ) {
    let layers = activationLayers.map(\.layer)
    forEachActivation(inputs: inputs, rows: rows) { body(layers[$0], $1, $2, $3) }
  }

  func block(_ name: String) -> ParameterBlock? { blocks.first { $0.name == name } }

  /// The numbers of a block.
  func values(_ name: String) -> [Float] {
    block(name).map { Array(parameters[$0.range]) } ?? []
  }
}

func fixed(_ function: String) throws -> ActivationSpecification {
  try Strategy(FixedStrategy(function: function)).specification(seed: 0)
}

func parametric(_ function: String, _ granularity: Granularity = .layer) throws -> ActivationSpecification {
  var strategy = ParametricStrategy(function: function)
  strategy.granularity = granularity
  return try Strategy(strategy).specification(seed: 0)
}

func blend(_ granularity: Granularity = .layer) throws -> ActivationSpecification {
  var strategy = BlendStrategy(candidates: ["sigmoid", "tanh", "silu"])
  strategy.granularity = granularity
  return try Strategy(strategy).specification(seed: 0)
}

func innerNetwork(_ granularity: Granularity = .layer) throws -> ActivationSpecification {
  var strategy = NetworkStrategy()
  strategy.hidden = [3]
  strategy.granularity = granularity
  return try Strategy(strategy).specification(seed: 5)
}

func random(
  _ candidates: [String] = ["sigmoid", "tanh", "silu"], _ probabilities: [Double]? = nil,
  scope: Granularity = .network, every: RandomChoice.Every = .iteration,
  inference: RandomChoice.Inference = .average
) throws -> ActivationSpecification {
  var strategy = RandomStrategy()
  strategy.candidates = candidates
  strategy.probabilities = probabilities
  strategy.scope = scope
  strategy.every = every
  strategy.inference = inference
  return try Strategy(strategy).specification(seed: 0)
}

func mixture(
  _ granularity: Granularity = .layer, _ candidates: [String] = ["sigmoid", "tanh", "silu"],
  inference: StochasticMixture.Inference = .expected, temperatures: (Double, Double) = (5, 0.1)
) throws -> ActivationSpecification {
  var strategy = MixtureStrategy(candidates: candidates)
  strategy.granularity = granularity
  strategy.inference = inference
  (strategy.initialTemperature, strategy.finalTemperature) = temperatures
  return try Strategy(strategy).specification(seed: 0)
}

func hypernetwork(
  _ input: Hypernetwork.Input, _ granularity: Granularity = .layer, hidden: [Int] = [5],
  generates: String = "parametric_sigmoid"
) throws -> ActivationSpecification {
  var strategy = HypernetworkStrategy()
  strategy.input = input
  strategy.granularity = granularity
  strategy.hidden = hidden
  strategy.generates = generates
  return try Strategy(strategy).specification(seed: 0)
}

/// Any strategy by its document.
func strategy(_ name: String, _ options: [String: OptionValue]) throws -> ActivationSpecification {
  let members = options.sorted { $0.key < $1.key }.map { OptionMember($0.key, $0.value) }
  return try Strategy(.object([OptionMember("strategy", .string(name))] + members)).specification(seed: 0)
}
