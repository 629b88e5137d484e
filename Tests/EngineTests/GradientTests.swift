// Gradients of whole models against central differences, for every layer, strategy and loss.

import Activations
import Engine
import Testing

@Suite struct GradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var loss = Loss.softmaxCrossEntropy
    var specification: @Sendable () throws -> ModelSpecification

    init(
      _ name: String, _ loss: Loss = .softmaxCrossEntropy,
      _ specification: @escaping @Sendable () throws -> ModelSpecification
    ) {
      testDescription = name
      self.loss = loss
      self.specification = specification
    }
  }

  static let cases: [Case] = [
    Case("squared error", .meanSquaredError) {
      network(inputs: 3, hidden: [4], outputs: 2, try fixed("tanh"))
    },
    Case("binary cross-entropy", .binaryCrossEntropy) {
      network(inputs: 3, hidden: [4], outputs: 1, try fixed("tanh"))
    },
    Case("fixed") { network(inputs: 3, hidden: [4, 5], outputs: 3, try fixed("gelu")) },
    Case("parametric, layer") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try parametric("parametric_tanh"))
    },
    Case("parametric, unit") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try parametric("parametric_sigmoid", .unit))
    },
    Case("parametric, network") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try parametric("swish", .network))
    },
    Case("constrained parameters") {
      network(inputs: 3, hidden: [4], outputs: 3, try parametric("pelu", .unit))
    },
    Case("blend, layer") { network(inputs: 3, hidden: [4, 5], outputs: 3, try blend()) },
    Case("blend, unit") { network(inputs: 3, hidden: [4], outputs: 3, try blend(.unit)) },
    Case("inner network, network") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try innerNetwork(.network))
    },
    Case("inner network, unit") { network(inputs: 3, hidden: [4], outputs: 3, try innerNetwork(.unit)) },
    Case("convex blend, unit") {
      network(
        inputs: 3, hidden: [4], outputs: 3,
        try strategy(
          "blend", ["candidates": ["tanh", "silu", "sin"], "weights": "convex", "granularity": "unit"])
      )
    },
    Case("cubic spline, network") {
      network(
        inputs: 3, hidden: [4, 5], outputs: 3,
        try strategy("spline", ["initial": "silu", "granularity": "network"]))
    },
    Case("cubic spline, unit") {
      network(
        inputs: 3, hidden: [4], outputs: 3,
        try strategy("spline", ["initial": "tanh", "granularity": "unit"]))
    },
    Case("rational") {
      network(
        inputs: 3, hidden: [4], outputs: 3,
        try strategy("rational", ["initial": "tanh", "degrees": .list([.number(3), .number(2)])]))
    },
    Case("kernel sum, unit") {
      network(inputs: 3, hidden: [4], outputs: 3, try strategy("kernel", ["granularity": "unit"]))
    },
    Case("stochastic") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try fixed("stochastic_silu"))
    },
    Case("random, network") { network(inputs: 3, hidden: [4, 5], outputs: 3, try random(scope: .network)) },
    Case("random, layer") { network(inputs: 3, hidden: [4, 5], outputs: 3, try random(scope: .layer)) },
    Case("random, unit") { network(inputs: 3, hidden: [7, 5], outputs: 3, try random(scope: .unit)) },
    Case("mixture, network") { network(inputs: 3, hidden: [4, 5], outputs: 3, try mixture(.network)) },
    Case("mixture, layer") { network(inputs: 3, hidden: [4, 5], outputs: 3, try mixture()) },
    Case("mixture, unit") { network(inputs: 3, hidden: [4, 5], outputs: 3, try mixture(.unit)) },
    Case("hypernetwork, statistics") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try hypernetwork(.statistics))
    },
    Case("hypernetwork, sample") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try hypernetwork(.sample))
    },
    Case("hypernetwork, two hidden layers, constrained") {
      network(
        inputs: 3, hidden: [4], outputs: 3, try hypernetwork(.sample, hidden: [3, 4], generates: "pelu"))
    },
    Case("hypernetwork, statistics, unit") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try hypernetwork(.statistics, .unit))
    },
    Case("hypernetwork, sample, unit") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try hypernetwork(.sample, .unit, generates: "swish"))
    },
    Case("hypernetwork, sample, unit, two hidden layers, constrained") {
      network(
        inputs: 3, hidden: [4], outputs: 3,
        try hypernetwork(.sample, .unit, hidden: [3, 4], generates: "pelu"))
    },
    Case("hypernetwork on the inputs, unit") {
      ModelSpecification(
        inputs: 3, layers: [.activation(0)], outputs: 2, activations: [try hypernetwork(.statistics, .unit)])
    },
    Case("gate, hypernetwork, sample, unit") { gated(try hypernetwork(.sample, .unit)) },
    Case("hypernetwork on the inputs") {
      ModelSpecification(
        inputs: 3, layers: [.activation(0)], outputs: 2, activations: [try hypernetwork(.statistics)])
    },
    Case("batch norm") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try fixed("tanh"), after: [.batchNorm])
    },
    Case("layer norm") {
      network(inputs: 3, hidden: [4, 5], outputs: 3, try fixed("tanh"), after: [.layerNorm])
    },
    Case("dropout") {
      network(inputs: 3, hidden: [6, 5], outputs: 3, try fixed("tanh"), after: [.dropout(rate: 0.3)])
    },
    Case("gate, fixed") { gated(try fixed("silu")) },
    Case("gate, parametric, unit") { gated(try parametric("parametric_sigmoid", .unit)) },
    Case("gate, parametric, network") { gated(try parametric("swish", .network)) },
    Case("gate, random, unit") { gated(try random(scope: .unit)) },
    Case("gate, random, network") { gated(try random(scope: .network)) },
    Case("gate, hypernetwork, statistics") { gated(try hypernetwork(.statistics)) },
    Case("gate, hypernetwork, sample") { gated(try hypernetwork(.sample)) },
    Case("gate, mixture, unit") { gated(try mixture(.unit)) },
    Case("gate on the inputs") {
      ModelSpecification(
        inputs: 4, layers: [.gate(0)], outputs: 2, activations: [try parametric("swish")])
    },
    Case("maxout") {
      ModelSpecification(
        inputs: 3, layers: [.dense(units: 12), .maxout(pieces: 3), .dense(units: 8), .maxout(pieces: 2)],
        outputs: 3)
    },
    Case("maxout and an activation") {
      ModelSpecification(
        inputs: 3, layers: [.dense(units: 8), .maxout(pieces: 2), .activation(0)], outputs: 3,
        activations: [try parametric("parametric_tanh", .unit)])
    },
    Case("everything at once") {
      ModelSpecification(
        inputs: 4,
        layers: [
          .layerNorm, .dense(units: 5), .batchNorm, .activation(0), .dropout(rate: 0.2), .dense(units: 4),
          .activation(1), .activation(2), .activation(0), .dense(units: 3), .activation(3),
        ], outputs: 3,
        activations: [
          try parametric("swish", .network), try random(scope: .unit), try hypernetwork(.statistics),
          try blend(),
        ])
    },
    Case("residual") {
      ModelSpecification(
        inputs: 3,
        layers: [.dense(units: 4), .residual([.dense(units: 6), .activation(0), .dense(units: 4)])],
        outputs: 3, activations: [try fixed("tanh")])
    },
    Case("residual on the inputs") {
      ModelSpecification(
        inputs: 3, layers: [.residual([.dense(units: 3), .activation(0)])], outputs: 2,
        activations: [try parametric("swish", .unit)])
    },
    Case("residual layers one after the other, ended and begun in place") {
      ModelSpecification(
        inputs: 3,
        layers: [
          .dense(units: 4), .residual([.activation(0), .dense(units: 4), .activation(0)]),
          .residual([.activation(0)]), .activation(0), .residual([.layerNorm]),
        ], outputs: 3, activations: [try parametric("parametric_tanh", .network)])
    },
    Case("residual layers inside one another, from the same start to the same end") {
      ModelSpecification(
        inputs: 4,
        layers: [
          .residual([
            .residual([.residual([.dense(units: 4), .activation(0)]), .dense(units: 4)]),
            .residual([.activation(1), .dense(units: 4)]),
          ])
        ], outputs: 3, activations: [try fixed("sin"), try blend(.unit)])
    },
    Case("residual around layers of all rows") {
      ModelSpecification(
        inputs: 3,
        layers: [
          .dense(units: 4),
          .residual([.batchNorm, .activation(0), .dense(units: 8), .gate(1), .dropout(rate: 0.2)]),
          .residual([.dense(units: 8), .maxout(pieces: 2), .batchNorm]),
        ], outputs: 3, activations: [try hypernetwork(.statistics), try random(scope: .unit)])
    },
    Case("bare residual", .meanSquaredError) {
      ModelSpecification(
        inputs: 2, layers: [.residual([.activation(0)])], outputs: 2, hasOutputLayer: false,
        activations: [try strategy("spline", ["granularity": "unit", "initial": "tanh"])])
    },
    Case("bare model", .meanSquaredError) {
      ModelSpecification(
        inputs: 1, layers: [.activation(0)], outputs: 1, hasOutputLayer: false,
        activations: [try parametric("parametric_sigmoid")])
    },
  ]

  /// Progress matters to temperatures alone; 0.7 is one of 0.32.
  @Test(arguments: cases, [0, 0.7])
  func `the gradient is the slope of the loss`(test: Case, progress: Double) throws {
    let specification = try test.specification()
    let sample = Sample(
      test.loss, rows: 8, inputs: specification.inputs, outputs: specification.outputs)
    let model = Model(specification, loss: test.loss, batchSize: 8, seed: 3)
    model.expectSlopes(sample, progress: progress)
  }

  @Test func `parameters that layers share get the sum of their gradients`() throws {
    let sample = Sample(.softmaxCrossEntropy, rows: 8, inputs: 3, outputs: 3)
    func model(_ granularity: Granularity) throws -> Model {
      Model(
        network(inputs: 3, hidden: [4, 4], outputs: 3, try parametric("parametric_tanh", granularity)),
        loss: .softmaxCrossEntropy, batchSize: 8, seed: 1)
    }
    let (shared, separate) = (try model(.network), try model(.layer))
    #expect(shared.block("activations.0.a")?.range.count == 1)
    shared.differentiate(sample)
    separate.differentiate(sample)
    for name in ["a", "b"] {
      let parts = try [1, 3].map { layer in
        separate.gradients[
          try #require(separate.block("layers.\(layer).activation.\(name)")).range.lowerBound]
      }
      let sum = shared.gradients[try #require(shared.block("activations.0.\(name)")).range.lowerBound]
      #expect(abs(sum - parts[0] - parts[1]) < 1e-6)
    }
  }
}

/// Two gated layers with one activation.
private func gated(_ activation: ActivationSpecification) -> ModelSpecification {
  ModelSpecification(
    inputs: 3, layers: [.dense(units: 8), .gate(0), .dense(units: 10), .gate(0)], outputs: 3,
    activations: [activation])
}

extension Model {
  /// Moves every parameter off its initial value, so that zeros and symmetries hide no error.
  func perturb() {
    var stream = RandomStream(seed: 21, stream: .synthetic)
    for index in parameters.indices { parameters[index] += Float(0.3 * stream.normal()) }
  }

  /// ∂loss/∂parameter by central differences.
  func slope(at index: Int, _ sample: Sample, step: Int, progress: Double) -> Float {
    measuredSlope(at: index, sample, step: step, progress: progress).value
  }

  /// Expects each gradient to be the loss's slope, off the initial parameters.
  ///
  /// - Parameters:
  ///   - tolerance: relative to the largest gradient.
  ///   - allowsTurns: whether a slope beside a kink may be off by what the gradient turns there.
  func expectSlopes(
    _ sample: Sample, progress: Double = 0.7, within tolerance: Float = 1e-3, allowsTurns: Bool = false
  ) {
    perturb()
    differentiate(sample, step: 2, progress: progress)
    let gradient = Array(gradients)
    let scale = gradient.map(abs).max() ?? 0
    #expect(scale > 0)
    var worst: (error: Float, name: String) = (0, "")
    for block in blocks {
      for index in block.range {
        let slope = measuredSlope(at: index, sample, step: 2, progress: progress)
        let error = abs(slope.value - gradient[index]) - (allowsTurns ? slope.turn : 0)
        if error > worst.error { worst = (error, "\(block.name)[\(index - block.range.lowerBound)]") }
      }
    }
    #expect(worst.error <= tolerance * max(scale, 0.1), "\(worst.name), scale \(scale)")
  }

  /// ∂loss/∂parameter by Richardson's extrapolation of two central differences, as wide as they may be without a kink, a tie
  /// or a jump between their ends: there the two disagree, or the loss does not bend half as much over half the width. Where
  /// none is wide enough, of those that agree best; it may then be off by as much as the gradient turns between their ends,
  /// which is 0 for the others.
  func measuredSlope(
    at index: Int, _ sample: Sample, step: Int, progress: Double
  ) -> (value: Float, turn: Float) {
    let value = parameters[index]
    let base = differentiate(sample, step: step, progress: progress)
    func difference(_ width: Float) -> (slope: Double, bend: Double, turn: Float) {
      parameters[index] = value + width
      let above = (loss: differentiate(sample, step: step, progress: progress), slope: gradients[index])
      parameters[index] = value - width
      let below = (loss: differentiate(sample, step: step, progress: progress), slope: gradients[index])
      parameters[index] = value
      return (
        (above.loss - below.loss) / Double(2 * width), (above.loss - 2 * base + below.loss) / Double(width),
        abs(above.slope - below.slope)
      )
    }
    var best = (disagreement: Double.infinity, slope: 0.0, turn: Float(0))
    for width: Float in [1.0 / 128, 1.0 / 512, 1.0 / 2048] {
      let (narrow, wide) = (difference(width / 2), difference(width))
      let disagreement = max(abs(narrow.slope - wide.slope), abs(2 * narrow.bend - wide.bend))
      if disagreement < best.disagreement {
        best = (disagreement, (4 * narrow.slope - wide.slope) / 3, wide.turn)
      }
      if disagreement <= 1e-3 * max(abs(best.slope), 0.05) { return (Float(best.slope), 0) }
    }
    return (Float(best.slope), best.turn)
  }
}
