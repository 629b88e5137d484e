// What holds of convolutions and poolings whatever their numbers: sizes, edges, ties, lengths, threads.

import Activations
import Engine
import Testing

@Suite struct ConvolutionTests {
  /// A model that is these layers alone.
  private func model(
    _ layers: [LayerSpecification], _ input: RowShape, outputs: Int, threads: Int = 1
  ) throws -> Model {
    Model(
      ModelSpecification(
        input: input, layers: layers, outputs: outputs, hasOutputLayer: false,
        activations: [try parametric("parametric_tanh", .unit)]),
      loss: .meanSquaredError, batchSize: 8, seed: 3, threads: threads)
  }

  private func outputs(
    _ layers: [LayerSpecification], _ input: RowShape, outputs: Int, of rows: [Float], lengths: [Int32]? = nil
  ) throws -> [Float] {
    let model = try model(layers, input, outputs: outputs)
    return model.predictions(inputs: rows, rows: rows.count / input.count, lengths: lengths)
  }

  // MARK: Sizes

  @Test func `sizes are those of the definition`() {
    for count in 1...12 {
      for size in 1...5 {
        for stride in 1...3 {
          for dilation in 1...2 {
            let window = Window(size: size, stride: stride, dilation: dilation)
            let starts = (0..<count).filter { $0 % stride == 0 }
            let whole = starts.filter { $0 + dilation * (size - 1) < count }
            #expect(window.places(on: count, .valid) == whole.count)
            #expect(window.before(on: count, .valid) == 0)
            // As many places as there are strides, the padding before never more than that behind.
            let same = window.places(on: count, .same)
            #expect(same == starts.count)
            let before = window.before(on: count, .same)
            let after = (same - 1) * stride + window.span - count - before
            #expect(before >= 0 && (after == before || after == before + 1 || (before == 0 && after <= 1)))
          }
        }
      }
    }
  }

  @Test func `TensorFlow's and ONNX's examples of same padding`() {
    // Six elements, a window of three, stride two: one element behind, none before.
    #expect(Window(size: 3, stride: 2).before(on: 6, .same) == 0)
    #expect(Window(size: 4).before(on: 9, .same) == 1)
    #expect(Window(size: 3, dilation: 2).before(on: 5, .same) == 2)
  }

  @Test func `what is in no window is counted`() {
    #expect(Window(size: 2, stride: 2).dropped(on: 7, .valid) == 1)
    #expect(Window(size: 2, stride: 2).dropped(on: 7, .same) == 0)
    #expect(Window(size: 3, stride: 3).dropped(on: 8, .valid) == 2)
    #expect(Window(size: 2, stride: 3).dropped(on: 6, .valid) == 0)
    #expect(Window(size: 2, stride: 3).dropped(on: 7, .valid) == 1)
  }

  // MARK: Equalities

  @Test func `a kernel of one element is a dense layer at every position`() throws {
    let input = RowShape.image(height: 3, width: 5, channels: 7)
    let sample = Sample(.meanSquaredError, rows: 8, inputs: input.count, outputs: 1)
    var results: [[Float]] = []
    for layer in [convolution([1, 1], filters: 9), .dense(units: 9)] {
      let model = Model(
        ModelSpecification(
          input: input, layers: [layer, .activation(0), .flatten], outputs: 1,
          activations: [try fixed("tanh")]),
        loss: .meanSquaredError, batchSize: 8, seed: 3)
      for index in model.parameters.indices { model.parameters[index] = Float(index % 13) / 20 - 0.3 }
      model.differentiate(sample)
      results.append(Array(model.gradients) + model.predictions(sample))
    }
    let scale = results[0].map(abs).max() ?? 0
    #expect(zip(results[0], results[1]).allSatisfy { abs($0 - $1) <= 1e-5 * scale })
  }

  @Test func `a kernel over all steps is a dense layer over the row`() throws {
    let sample = Sample(.meanSquaredError, rows: 8, inputs: 12, outputs: 1)
    var results: [[Float]] = []
    for layers in [[convolution([6], filters: 5), .flatten], [.flatten, .dense(units: 5)]] {
      let model = Model(
        ModelSpecification(input: .sequence(steps: 6, features: 2), layers: layers, outputs: 1),
        loss: .meanSquaredError, batchSize: 8, seed: 3)
      for index in model.parameters.indices { model.parameters[index] = Float(index % 13) / 20 - 0.3 }
      model.differentiate(sample)
      results.append(Array(model.gradients) + model.predictions(sample))
    }
    let scale = results[0].map(abs).max() ?? 0
    #expect(zip(results[0], results[1]).allSatisfy { abs($0 - $1) <= 1e-5 * scale })
  }

  @Test func `a convolution does not flip its kernel`() throws {
    let model = try model(
      [convolution([3], filters: 1)], .sequence(steps: 3, features: 1), outputs: 1)
    for (index, value) in [1, 2, 3, 10].enumerated() { model.parameters[index] = Float(value) }
    #expect(model.predictions(inputs: [1, 10, 100], rows: 1) == [331])
  }

  // MARK: Pooling

  @Test func `padding is neither the largest nor counted`() throws {
    let row: [Float] = [-1, -2, -3]
    let input = RowShape.sequence(steps: 3, features: 1)
    let window = windows([3], strides: [1])
    #expect(
      try outputs([.pooling(.max, window: window, padding: .same)], input, outputs: 1, of: row) == [
        -1, -1, -2,
      ])
    #expect(
      try outputs([.pooling(.average, window: window, padding: .same)], input, outputs: 1, of: row)
        == [-1.5, -2, -2.5])
  }

  @Test func `a NaN is the largest, and minus infinity no exception`() throws {
    let input = RowShape.sequence(steps: 4, features: 1)
    let row: [Float] = [.nan, 5, -.infinity, -.infinity]
    let pooled = try outputs([.pooling(.max, window: windows([2]))], input, outputs: 1, of: row)
    #expect(pooled[0].isNaN && pooled[1] == -.infinity)
    let reversed = try outputs(
      [.pooling(.max, window: windows([2]))], input, outputs: 1, of: [5, .nan, 1, 2])
    #expect(reversed[0].isNaN && reversed[1] == 2)
    #expect(try outputs([.globalPooling(.max), .flatten], input, outputs: 1, of: row)[0].isNaN)
    #expect(
      try outputs(
        [.globalPooling(.max), .flatten], input, outputs: 1, of: [Float](repeating: -.infinity, count: 4))
        == [-.infinity])
  }

  @Test(arguments: [false, true])
  func `of equal elements the first takes the whole gradient`(isGlobal: Bool) throws {
    // The convolution's gradient tells which element's input it was multiplied by.
    let model = Model(
      ModelSpecification(
        input: .image(height: 2, width: 2, channels: 2),
        layers: [
          convolution([1, 1], filters: 1, usesBias: false),
          isGlobal ? .globalPooling(.max) : .pooling(.max, window: windows([2, 2])), .flatten,
        ], outputs: 1, hasOutputLayer: false),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    (model.parameters[0], model.parameters[1]) = (1, 1)
    var sample = Sample(.meanSquaredError, rows: 1, inputs: 8, outputs: 1)
    // Sums 2, 3, 3, 3 of different parts.
    (sample.inputs, sample.targets) = ([1, 1, 2, 1, 1, 2, 0, 3], [2])
    model.differentiate(sample)
    #expect(Array(model.gradients) == [4, 2])
  }

  // MARK: Lengths

  private static let tails: [[LayerSpecification]] = [
    [], [.pooling(.max, window: windows([2]), padding: .valid)],
    [.pooling(.average, window: windows([3], strides: [2]), padding: .valid)],
    [.pooling(.average, window: windows([3], strides: [1]), padding: .same)],
    [.pooling(.max, window: windows([3], strides: [1]), padding: .same)],
  ]

  @Test(
    arguments: tails.indices,
    [
      convolution([3], filters: 3), convolution([3], filters: 3, strides: [2]),
      convolution([3], filters: 3, .same),
    ])
  func `a row with a length is the row without its rest`(tail: Int, first: LayerSpecification) throws {
    for pool in LayerSpecification.Pool.allCases {
      let layers = [first, .activation(0)] + Self.tails[tail] + [.globalPooling(pool)]
      let whole = try model(layers, .sequence(steps: 12, features: 2), outputs: 3)
      var sample = Sample(.meanSquaredError, rows: 6, inputs: 24, outputs: 3)
      let lengths: [Int32] = [7, 8, 9, 10, 11, 12]
      for (row, length) in lengths.enumerated() {
        for index in row * 24 + Int(length) * 2..<(row + 1) * 24 { sample.inputs[index] = 0 }
      }
      let together = whole.predictions(inputs: sample.inputs, rows: 6, lengths: lengths)
      for (row, length) in lengths.enumerated() {
        let short = try model(layers, .sequence(steps: Int(length), features: 2), outputs: 3)
        let inputs = Array(sample.inputs[row * 24..<row * 24 + 2 * Int(length)])
        let alone = short.predictions(inputs: inputs, rows: 1)
        #expect(alone == Array(together[row * 3..<row * 3 + 3]), "length \(length)")
      }
    }
  }

  @Test func `a row that is shorter than every window is filled up`() throws {
    let layers = [
      convolution([5], filters: 3), .activation(0), .pooling(.max, window: windows([3])),
      .globalPooling(.average),
    ]
    let input = RowShape.sequence(steps: 12, features: 2)
    let rows = [1, 2] + [Float](repeating: 0, count: 22)
    let outputs = try outputs(layers, input, outputs: 3, of: rows, lengths: [1])
    #expect(outputs.allSatisfy { $0.isFinite && $0 != 0 })
  }

  // MARK: The same whatever is beside it

  @Test func `the prediction of a row does not depend on those beside it`() throws {
    let layers = [
      convolution([3, 3], filters: 6, .same), .activation(0), .pooling(.max, window: windows([2, 2])),
      convolution([2, 2], filters: 5, strides: [2, 1]), .flatten, .dense(units: 3),
    ]
    let input = RowShape.image(height: 7, width: 6, channels: 2)
    let sample = Sample(.meanSquaredError, rows: 100, inputs: input.count, outputs: 3)
    let model = try model(layers, input, outputs: 3)
    let all = model.predictions(inputs: sample.inputs, rows: 100)
    for row in [0, 7, 8, 63, 64, 99] {
      let inputs = Array(sample.inputs[row * input.count..<(row + 1) * input.count])
      #expect(model.predictions(inputs: inputs, rows: 1) == Array(all[row * 3..<row * 3 + 3]), "row \(row)")
    }
  }

  // MARK: First values

  @Test func `weights start as those of a dense layer of what is under a window`() throws {
    let model = Model(
      ModelSpecification(
        input: .image(height: 6, width: 6, channels: 3),
        layers: [convolution([5, 2], filters: 40), .flatten],
        outputs: 1), loss: .meanSquaredError, batchSize: 1, seed: 3, initializer: Initializer(.glorotUniform))
    let weights = model.values("layers.0.weight")
    #expect(weights.count == 10 * 3 * 40)
    // Variance 2/(fan-in + fan-out).
    let limit = (6 / Float(10 * 3 + 10 * 40)).squareRoot()
    #expect(weights.allSatisfy { abs($0) <= limit } && weights.contains { abs($0) > 0.95 * limit })
    #expect(model.values("layers.0.bias").allSatisfy { $0 == 0 })
  }

  @Test(
    arguments: [
      [.pooling(.max, window: windows([2, 2]))], [.globalPooling(.average)], [.flatten],
      [.spatialDropout(rate: 0.5)],
    ] as [[LayerSpecification]])
  func `the gain is read through what keeps sizes`(between: [LayerSpecification]) throws {
    func largest(_ between: [LayerSpecification]) throws -> Float {
      let layers =
        [convolution([2, 2], filters: 4), .activation(0)] + between + [.flatten, .dense(units: 400)]
      let model = Model(
        ModelSpecification(
          input: .image(height: 6, width: 6, channels: 1), layers: layers, outputs: 1,
          activations: [try fixed("sigmoid")]), loss: .meanSquaredError, batchSize: 1, seed: 3)
      let name = "layers.\(layers.count - 1).weight"
      let block = try #require(model.block(name))
      return (model.values(name).map(abs).max() ?? 0) * Float(block.shape[0]).squareRoot()
    }
    // Sigmoid is flat: what reads it, at whatever distance, has larger weights.
    #expect(try largest(between) > 3)
    #expect(try largest([.batchNorm]) < 1.01)
  }
}
