// Batch and layer normalisation, and dropout: what they do to values and how training differs from prediction.

import Activations
import Engine
import Testing

@Suite struct NormalizationTests {
  static let sample = Sample(.meanSquaredError, rows: 32, inputs: 4, outputs: 4, shift: 3)

  /// A model of one layer and nothing else.
  static func bare(_ layer: ModelSpecification.Layer, seed: UInt64 = 0, rows: Int = 32) -> Model {
    Model(
      ModelSpecification(inputs: 4, layers: [layer], outputs: 4, hasOutputLayer: false),
      loss: .meanSquaredError,
      batchSize: rows, seed: seed)
  }

  static func moments(_ values: [Float]) -> (mean: Float, variance: Float) {
    let mean = values.reduce(0, +) / Float(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count))
  }

  static func column(_ values: [Float], _ unit: Int) -> [Float] {
    stride(from: unit, to: values.count, by: 4).map { values[$0] }
  }

  @Test func `layer norm brings every row to mean 0 and variance 1, then scales and shifts`() {
    let model = Self.bare(.layerNorm)
    let outputs = model.predictions(Self.sample)
    for row in 0..<32 {
      let (mean, variance) = Self.moments(Array(outputs[row * 4..<row * 4 + 4]))
      #expect(abs(mean) < 1e-5 && abs(variance - 1) < 1e-3)
    }
    for unit in 0..<4 {
      model.parameters[unit] = 2
      model.parameters[4 + unit] = Float(unit)
    }
    let shifted = model.predictions(Self.sample)
    #expect(shifted.indices.allSatisfy { abs(shifted[$0] - 2 * outputs[$0] - Float($0 % 4)) < 1e-5 })
  }

  @Test func `batch norm predicts with the running statistics, which start as the first batch's`() {
    let model = Self.bare(.batchNorm)
    #expect(
      zip(model.predictions(Self.sample), Self.sample.inputs).allSatisfy { abs($0 - $1) < 1e-4 },
      "before training")
    model.step(Self.sample, factor: 0)
    let outputs = model.predictions(Self.sample)
    for unit in 0..<4 {
      let (mean, variance) = Self.moments(Self.column(outputs, unit))
      #expect(abs(mean) < 1e-5 && abs(variance - 31.0 / 32) < 1e-3)
    }
  }

  @Test func `running statistics are a plain mean at first and forget by a tenth later`() {
    let model = Self.bare(.batchNorm)
    var expected: Float = 0
    for step in 1...15 {
      let sample = Sample(
        .meanSquaredError, rows: 32, inputs: 4, outputs: 4, seed: UInt64(step), shift: Float(step))
      model.step(sample, step, factor: 0)
      expected += max(1 / Float(step), 0.1) * (Self.moments(Self.column(sample.inputs, 0)).mean - expected)
    }
    #expect(model.state().statistics[0] == 15)
    #expect(abs(model.state().statistics[1] - expected) < 1e-4)
  }

  @Test func `under a random activation each candidate predicts with the statistics of its own draws`() throws
  {
    let specification = ModelSpecification(
      inputs: 4, layers: [.activation(0), .batchNorm], outputs: 4, hasOutputLayer: false,
      activations: [try random(["identity", "sigmoid"])])
    let model = Model(specification, loss: .meanSquaredError, batchSize: 32, seed: 0)
    for step in 0..<20 { model.step(Self.sample, step, factor: 0) }
    for candidate in 0..<2 {
      let outputs = model.predictions(Self.sample, rule: .candidate(candidate))
      for unit in 0..<4 {
        let (mean, variance) = Self.moments(Self.column(outputs, unit))
        #expect(abs(mean) < 1e-3 && abs(variance - 31.0 / 32) < 0.01)
      }
    }
    // The mixture has statistics of its own: between the two.
    let mixed = Self.moments(Self.column(model.predictions(Self.sample, rule: .expected), 0))
    #expect(abs(mixed.mean) < 1 && mixed.variance < 1)
  }

  @Test func `a candidate that was never drawn falls back to the statistics of all draws`() throws {
    let specification = ModelSpecification(
      inputs: 4, layers: [.activation(0), .batchNorm], outputs: 4, hasOutputLayer: false,
      activations: [try random(["identity", "sigmoid"], [1, 0])])
    let model = Model(specification, loss: .meanSquaredError, batchSize: 32, seed: 0)
    model.step(Self.sample, factor: 0)
    let mean = Self.moments(Self.column(Self.sample.inputs, 0)).mean
    let outputs = model.predictions(Self.sample, rule: .candidate(1))
    // Sigmoids of inputs near 3, centred by the mean of the inputs themselves.
    #expect(Self.moments(Self.column(outputs, 0)).mean < 1 - mean)
  }

  @Test func `a batch of one row is normalised by the running statistics and does not enter them`() {
    let model = Self.bare(.batchNorm)
    let row = Sample(.meanSquaredError, rows: 1, inputs: 4, outputs: 4, seed: 5, shift: 40)
    for unit in 0..<4 { model.parameters[unit] = 2 }
    // Before any batch, by mean 0 and variance 1.
    for step in 0..<3 {
      let predicted = model.evaluate(row)
      let before = model.state()
      #expect(abs(model.step(row, step, factor: 0) - predicted) <= 1e-6 * predicted)
      #expect(model.state() == before)
      model.step(Self.sample, step, factor: 0)
      #expect(model.state() != before)
    }
  }

  @Test func `the gradient of a batch of one row is that of fixed statistics`() throws {
    let model = Model(
      network(inputs: 4, hidden: [5], outputs: 2, try fixed("tanh"), after: [.batchNorm]),
      loss: .meanSquaredError, batchSize: 32, seed: 1)
    model.step(Sample(.meanSquaredError, rows: 32, inputs: 4, outputs: 2), factor: 0)
    let row = Sample(.meanSquaredError, rows: 1, inputs: 4, outputs: 2, seed: 3)
    model.perturb()
    model.differentiate(row)
    let gradient = Array(model.gradients)
    #expect(model.values("layers.0.weight").count == 20 && gradient.prefix(20).contains { $0 != 0 })
    for index in gradient.indices {
      #expect(abs(model.slope(at: index, row, step: 0, progress: 0) - gradient[index]) < 1e-3)
    }
  }

  @Test func `rows by 32 with one left over end as near as rows by 11`() throws {
    let sample = Sample(.meanSquaredError, rows: 33, inputs: 2, outputs: 1)
    func loss(by count: Int) throws -> Double {
      let model = Model(
        network(inputs: 2, hidden: [8], outputs: 1, try fixed("relu"), after: [.batchNorm]),
        loss: .meanSquaredError, batchSize: count, seed: 0,
        optimizer: OptimizerSpecification(learningRate: 0.01))
      for epoch in 0..<300 {
        for start in stride(from: 0, to: 33, by: count) {
          _ = sample.order.withUnsafeBufferPointer {
            model.trainStep(
              inputs: sample.inputs, targets: sample.targets,
              rows: UnsafeBufferPointer(rebasing: $0[start..<min(33, start + count)]),
              step: epoch * 33 + start, epoch: epoch)
          }
        }
      }
      return model.evaluate(sample)
    }
    #expect(try loss(by: 32) < 0.05 && loss(by: 11) < 0.05)
  }

  @Test func `a hypernetwork's statistics of a unit are no more made of one row`() throws {
    let model = Model(
      network(inputs: 3, hidden: [4], outputs: 2, try hypernetwork(.statistics, .unit)),
      loss: .meanSquaredError, batchSize: 16, seed: 1)
    model.step(Sample(.meanSquaredError, rows: 16, inputs: 3, outputs: 2), factor: 0)
    let row = Sample(.meanSquaredError, rows: 1, inputs: 3, outputs: 2, seed: 3)
    let before = model.state()
    model.perturb()
    model.differentiate(row)
    #expect(model.state().statistics == before.statistics)
    let gradient = Array(model.gradients)
    for index in gradient.indices {
      #expect(abs(model.slope(at: index, row, step: 0, progress: 0) - gradient[index]) < 1e-3)
    }
  }

  // MARK: Dropout

  /// The mean square of what a training step lets through of inputs of 1: its loss with targets of 0.
  static func kept(_ model: Model, step: Int, rows: Int) -> Double {
    var sample = Sample(.meanSquaredError, rows: rows, inputs: 4, outputs: 4)
    sample.inputs = sample.inputs.map { _ in 1 }
    sample.targets = sample.targets.map { _ in 0 }
    return model.differentiate(sample, step: step)
  }

  @Test(arguments: [0.0, 0.2, 0.5, 0.9])
  func `dropout keeps the share it should and scales it up, and predicts unchanged`(rate: Double) {
    let rows = 1000
    let model = Self.bare(.dropout(rate: rate), rows: rows)
    // With inputs of 1 the squared error is (kept share)/(1 − rate)².
    let share = Self.kept(model, step: 0, rows: rows) * (1 - rate) * (1 - rate)
    #expect(abs(share - (1 - rate)) < 4 * (rate * (1 - rate) / Double(4 * rows)).squareRoot() + 1e-6)
    #expect(model.predictions(Self.sample) == Self.sample.inputs)
  }

  @Test func `masks differ between steps and seeds, and repeat for the same`() {
    let (model, other) = (Self.bare(.dropout(rate: 0.5)), Self.bare(.dropout(rate: 0.5), seed: 1))
    let first = model.differentiate(Self.sample, step: 0)
    #expect(first != model.differentiate(Self.sample, step: 1))
    #expect(first != other.differentiate(Self.sample, step: 0))
    #expect(first == model.differentiate(Self.sample, step: 0))
  }
}
