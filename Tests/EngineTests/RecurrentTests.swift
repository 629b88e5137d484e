// What holds of recurrent layers whatever their numbers: lengths, directions, single steps, threads.

import Activations
import Engine
import Testing

@Suite struct RecurrentTests {
  private static let kinds: [@Sendable (RecurrentOptions) -> LayerSpecification] = [
    { .rnn(units: 3, activation: 0, $0) },
    { .lstm(units: 3, activation: 0, gates: 1, output: .shared, $0) },
    { .gru(units: 3, activation: 0, gates: 1, $0) },
    { .gru(units: 3, activation: 0, gates: 1, resetAfter: false, $0) },
  ]

  private func model(
    _ layers: [LayerSpecification], steps: Int, features: Int = 2, outputs: Int = 3, batchSize: Int = 8,
    threads: Int = 1
  ) throws -> Model {
    let model = Model(
      ModelSpecification(
        input: .sequence(steps: steps, features: features), layers: layers, outputs: outputs,
        activations: [try parametric("parametric_tanh", .unit), try parametric("parametric_sigmoid", .unit)]),
      loss: .meanSquaredError, batchSize: batchSize, seed: 3, threads: threads)
    model.perturb()
    return model
  }

  @Test(arguments: kinds.indices, [nil, RecurrentOptions.Merge.concat])
  func `a row with a length is the row without its rest`(kind: Int, merge: RecurrentOptions.Merge?) throws {
    let layers = [Self.kinds[kind](RecurrentOptions(merge: merge))]
    let whole = try model(layers, steps: 5)
    var sample = Sample(.meanSquaredError, rows: 5, inputs: 10, outputs: 3)
    sample.lengths = [1, 2, 3, 4, 5]
    let outputs = whole.predictions(sample)
    for length in 1...5 {
      let short = try model(layers, steps: length)
      let start = (length - 1) * 10
      let inputs = Array(sample.inputs[start..<start + 2 * length])
      #expect(
        short.predictions(inputs: inputs, rows: 1) == Array(outputs[(length - 1) * 3..<length * 3]),
        "length \(length)")
    }
  }

  @Test(arguments: kinds.indices)
  func `what stands behind the end of a row does not count`(kind: Int) throws {
    let layers = [
      Self.kinds[kind](RecurrentOptions(returnsSequences: true, merge: .concat)), .batchNorm,
      .dense(units: 3),
      Self.kinds[kind](RecurrentOptions(returnsSequences: true)),
    ]
    let (clean, dirty) = (try model(layers, steps: 4), try model(layers, steps: 4))
    var sample = Sample(.meanSquaredError, rows: 8, inputs: 8, outputs: 3, steps: 4)
    sample.lengths = [1, 2, 3, 4, 4, 3, 2, 1]
    var other = sample
    for row in 0..<8 {
      for step in Int(sample.lengths?[row] ?? 4)..<4 {
        for feature in 0..<2 { other.inputs[(row * 4 + step) * 2 + feature] += 100 }
        for output in 0..<3 { other.targets[(row * 4 + step) * 3 + output] -= 100 }
      }
    }
    for step in 0..<3 { #expect(clean.step(sample, step) == dirty.step(other, step)) }
    #expect(Array(clean.parameters) == Array(dirty.parameters))
    #expect(clean.evaluate(sample) == dirty.evaluate(other))
  }

  @Test(arguments: kinds.indices)
  func `a single step, row and unit`(kind: Int) throws {
    let layer: LayerSpecification =
      [
        .rnn(units: 1, activation: 0), .lstm(units: 1, activation: 0), .gru(units: 1, activation: 0),
        .gru(units: 1, activation: 0, resetAfter: false),
      ][kind]
    let model = try model([layer], steps: 1, features: 1, outputs: 1, batchSize: 1)
    let sample = Sample(.meanSquaredError, rows: 1, inputs: 1, outputs: 1)
    let losses = (0..<50).map { model.step(sample, $0) }
    #expect(losses.allSatisfy(\.isFinite) && losses[49] < losses[0])
  }

  @Test(arguments: kinds.indices)
  func `backwards is forwards on rows that are reversed`(kind: Int) throws {
    let both = try model([Self.kinds[kind](RecurrentOptions(merge: .concat))], steps: 4)
    for index in both.parameters.indices { both.parameters[index] = 0.3 }
    let rows = Sample(.meanSquaredError, rows: 6, inputs: 8, outputs: 3)
    var reversed = rows
    for row in 0..<6 {
      for step in 0..<4 {
        for feature in 0..<2 {
          reversed.inputs[(row * 4 + step) * 2 + feature] = rows.inputs[(row * 4 + 3 - step) * 2 + feature]
        }
      }
    }
    // Both directions have the same numbers, and the output layer takes their sum.
    for (a, b) in zip(both.predictions(rows), both.predictions(reversed)) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func `an LSTM with open gates sums up`() throws {
    let model = Model(
      ModelSpecification(
        input: .sequence(steps: 6, features: 1),
        layers: [
          .lstm(units: 1, activation: nil, output: .own(0), RecurrentOptions(returnsSequences: true))
        ], outputs: 1, hasOutputLayer: false, activations: [try fixed("identity")]),
      loss: .meanSquaredError, batchSize: 1, seed: 1)
    for index in model.parameters.indices { model.parameters[index] = 0 }
    let (weight, bias) = (
      try #require(model.block("layers.0.weight")), try #require(model.block("layers.0.bias"))
    )
    model.parameters[weight.range.lowerBound + 2] = 1
    for gate in [0, 1, 3] { model.parameters[bias.range.lowerBound + gate] = 50 }
    #expect(model.predictions(inputs: [1, 2, 3, -1, 0.5, 4], rows: 1) == [1, 3, 6, 5, 5.5, 9.5])
  }

  @Test(arguments: kinds.indices)
  func `the prediction of a row does not depend on those beside it`(kind: Int) throws {
    let model = try model(
      [Self.kinds[kind](RecurrentOptions(returnsSequences: true, merge: .sum))], steps: 4, batchSize: 32)
    let sample = Sample(.meanSquaredError, rows: 100, inputs: 8, outputs: 3)
    let all = model.predictions(sample)
    for row in [0, 7, 8, 63, 64, 99] {
      let own = model.predictions(inputs: Array(sample.inputs[row * 8..<row * 8 + 8]), rows: 1)
      #expect(own == Array(all[row * 12..<row * 12 + 12]), "row \(row)")
    }
  }

  @Test(arguments: kinds.indices)
  func `the bits do not depend on threads`(kind: Int) throws {
    var sample = Sample(.meanSquaredError, rows: 100, inputs: 40, outputs: 3, steps: 10)
    sample.lengths = (0..<100).map { Int32(1 + $0 * 7 % 10) }
    func trained(threads: Int) throws -> [UInt32] {
      let specification = ModelSpecification(
        input: .sequence(steps: 10, features: 4),
        layers: [
          .dense(units: 16), Self.kinds[kind](RecurrentOptions(returnsSequences: true, merge: .concat)),
          .batchNorm, .gru(units: 24, activation: 2, RecurrentOptions(returnsSequences: true)),
        ], outputs: 3,
        activations: [
          try parametric("parametric_tanh", .unit), try parametric("parametric_sigmoid", .unit),
          try mixture(.unit),
        ])
      let model = Model(specification, loss: .meanSquaredError, batchSize: 100, seed: 3, threads: threads)
      #expect(model.threads == threads)
      for step in 0..<6 { model.step(sample, step) }
      return model.parameters.map(\.bitPattern) + model.predictions(sample).map(\.bitPattern)
    }
    let alone = try trained(threads: 1)
    for threads in [2, 4] { #expect(try trained(threads: threads) == alone, "\(threads) threads") }
  }

  @Test func `the first weights are as the definition says`() throws {
    let specification = ModelSpecification(
      input: .sequence(steps: 3, features: 5), layers: [.lstm(units: 4, activation: nil)], outputs: 1)
    let model = Model(specification, loss: .meanSquaredError, batchSize: 4, seed: 9)
    #expect(
      model.values("layers.0.bias") == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    let recurrent = model.values("layers.0.recurrent_weight")
    for gate in 0..<4 {
      for first in 0..<4 {
        for second in 0..<4 {
          let product = (0..<4).reduce(Float(0)) {
            $0 + recurrent[first * 16 + gate * 4 + $1] * recurrent[second * 16 + gate * 4 + $1]
          }
          #expect(abs(product - (first == second ? 1 : 0)) < 1e-5)
        }
      }
    }
    let weights = model.values("layers.0.weight")
    #expect(
      weights.allSatisfy { abs($0) <= 1 / Float(5).squareRoot() } && Set(weights).count == weights.count)
  }

  @Test func `zeros at the end of a row of tokens are padding`() throws {
    let specification = ModelSpecification(
      inputs: 5,
      layers: [
        .embedding(tokens: 7, width: 3, masksZero: true),
        .gru(units: 3, activation: 0, RecurrentOptions(returnsSequences: true)),
      ], outputs: 2, activations: [try fixed("tanh")])
    var sample = Sample(.softmaxCrossEntropy, rows: 2, inputs: 5, outputs: 2, steps: 5)
    sample.inputs = [3, 1, 0, 2, 0, 6, 5, 4, 3, 2]
    func gradient(_ lengths: [Int32]?) -> [Float] {
      let model = Model(specification, loss: .softmaxCrossEntropy, batchSize: 2, seed: 3)
      var sample = sample
      sample.lengths = lengths
      model.differentiate(sample)
      return Array(model.gradients)
    }
    #expect(gradient(nil) == gradient([4, 5]) && gradient(nil) != gradient([5, 5]))
    // The row of token 0 is not trained, not even where it stands inside a row.
    #expect(gradient(nil).prefix(3).allSatisfy { $0 == 0 })
    #expect(gradient(nil)[3..<21].allSatisfy { $0 != 0 })
  }
}
