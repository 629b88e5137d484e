// Gradients of convolutions and poolings against central differences: random shapes, and every strategy behind them.

import Activations
import Engine
import Testing

/// Windows of these sizes.
func windows(_ sizes: [Int], strides: [Int]? = nil, dilations: [Int]? = nil) -> [Window] {
  sizes.indices.map {
    Window(size: sizes[$0], stride: strides?[$0] ?? sizes[$0], dilation: dilations?[$0] ?? 1)
  }
}

func convolution(
  _ sizes: [Int], filters: Int, _ padding: Padding = .valid, strides: [Int]? = nil, dilations: [Int]? = nil,
  usesBias: Bool = true
) -> LayerSpecification {
  let strides = strides ?? sizes.map { _ in 1 }
  return .convolution(
    filters: filters, kernel: windows(sizes, strides: strides, dilations: dilations), padding: padding,
    usesBias: usesBias)
}

@Suite struct ConvolutionGradientTests {
  /// A convolution and a pooling of random geometry over a random row that they fit.
  struct Geometry: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var input: RowShape
    var layers: [LayerSpecification]
    var rows: Int

    init(_ seed: UInt64) {
      var stream = RandomStream(seed: seed, stream: .synthetic)
      func pick(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + min(range.count - 1, Int(stream.uniformFloat() * Float(range.count)))
      }
      let axes = Int(seed % 2) + 1
      let isSame = pick(0...1) == 1
      let padding: Padding = isSame ? .same : .valid
      let sizes = (0..<axes).map { _ in pick(1...4) }
      let strides = (0..<axes).map { _ in pick(1...3) }
      let dilations = (0..<axes).map { _ in pick(1...3) }
      let spans = zip(sizes, dilations).map { ($0 - 1) * $1 + 1 }
      let input = spans.map { isSame ? pick(1...7) : $0 + pick(0...4) } + [pick(1...3)]
      let usesBias = pick(0...2) > 0
      let pool: LayerSpecification.Pool = pick(0...1) == 0 ? .max : .average
      let pooled = (0..<axes).map { _ in pick(1...3) }
      let filters = pick(1...9)
      rows = [1, 3, 8][pick(0...2)]
      self.input = RowShape(dimensions: input) ?? .features(1)
      layers = [
        convolution(
          sizes, filters: filters, padding, strides: strides, dilations: dilations, usesBias: usesBias),
        .activation(0),
        .pooling(
          pool, window: windows(pooled, strides: (0..<axes).map { _ in pick(1...3) }), padding: .same),
        convolution([Int](repeating: 2, count: axes), filters: 2, .same), .flatten,
      ]
      testDescription =
        "\(input), kernel \(sizes), strides \(strides), dilation \(dilations), \(padding), \(filters) filters, "
        + "\(pool) \(pooled), \(rows) rows"
    }
  }

  @Test(arguments: (0..<60).map { Geometry(UInt64($0)) })
  func `the gradient is the slope of the loss`(geometry: Geometry) throws {
    let specification = ModelSpecification(
      input: geometry.input, layers: geometry.layers, outputs: 3,
      activations: [try parametric("parametric_tanh", .unit)])
    try check(specification, rows: geometry.rows)
  }

  static let functions =
    RecurrentGradientTests.functions
    + Hypernetwork.Input.allCases.flatMap { input in
      [Granularity.layer, .unit].map { granularity in
        RecurrentGradientTests.Function("hypernetwork of \(input), \(granularity)") {
          try hypernetwork(input, granularity, generates: "parametric_tanh")
        }
      }
    }

  @Test(arguments: functions)
  func `so it is with every strategy, over images and sequences`(
    function: RecurrentGradientTests.Function
  ) throws {
    try check(
      ModelSpecification(
        input: .image(height: 4, width: 3, channels: 2),
        layers: [
          convolution([3, 2], filters: 3, .same), .activation(0),
          .pooling(.max, window: windows([2, 2])), convolution([2, 1], filters: 2), .activation(0),
          .flatten,
        ], outputs: 3, activations: [try function.specification()]), rows: 8)
    let sequence = ModelSpecification(
      input: .sequence(steps: 6, features: 2),
      layers: [
        convolution([2], filters: 3, .same, dilations: [2]), .activation(0), .globalPooling(.average),
      ],
      outputs: 3, activations: [try function.specification()])
    try check(sequence, rows: 8)
    try check(sequence, rows: 8, lengths: [3, 1, 6, 5, 2, 4, 6, 1])
  }

  @Test(arguments: LayerSpecification.Pool.allCases, [Padding.valid, .same])
  func `so it is for rows of different lengths`(pool: LayerSpecification.Pool, padding: Padding) throws {
    try check(
      ModelSpecification(
        input: .sequence(steps: 9, features: 2),
        layers: [
          convolution([3], filters: 3, padding, strides: [2]), .activation(0), .layerNorm,
          .pooling(pool, window: windows([2]), padding: padding), .batchNorm,
          .residual([convolution([3], filters: 3, .same), .activation(0), .spatialDropout(rate: 0.3)]),
          .globalPooling(pool),
        ], outputs: 3, activations: [try parametric("parametric_tanh", .unit)]), rows: 8,
      lengths: [3, 1, 9, 5, 2, 4, 7, 8])
  }

  @Test func `so it is through reshaping, dropout and normalisation`() throws {
    try check(
      ModelSpecification(
        inputs: 24,
        layers: [
          .reshape(.image(height: 4, width: 3, channels: 2)),
          convolution([2, 2], filters: 4, usesBias: false),
          .batchNorm, .activation(0), .spatialDropout(rate: 0.3), .layerNorm, .dropout(rate: 0.2),
          .reshape(.sequence(steps: 6, features: 4)), convolution([2], filters: 3, strides: [2]),
          .gru(units: 3, activation: 0, RecurrentOptions(returnsSequences: true)), .globalPooling(.max),
        ], outputs: 3, activations: [try parametric("parametric_tanh", .unit)]), rows: 8)
  }

  private func check(_ specification: ModelSpecification, rows: Int, lengths: [Int32]? = nil) throws {
    var sample = Sample(
      .softmaxCrossEntropy, rows: rows, inputs: specification.inputs, outputs: specification.outputs)
    sample.lengths = lengths
    if let lengths, let steps = specification.input.steps {
      // What lies behind the end of a row is zero.
      for (row, length) in lengths.enumerated() {
        for step in Int(length)..<steps {
          for channel in 0..<specification.input.channels {
            sample.inputs[(row * steps + step) * specification.input.channels + channel] = 0
          }
        }
      }
    }
    let model = Model(specification, loss: .softmaxCrossEntropy, batchSize: rows, seed: 3)
    // In single precision the losses of so many positions give no closer slopes.
    model.expectSlopes(sample, within: 2e-3, allowsTurns: true)
  }
}
