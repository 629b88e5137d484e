// Hypernetworks: where training starts, what generates the parameters, and what prediction uses.

import Activations
import Engine
import Testing

@Suite struct HypernetworkTests {
  static let sample = Sample(.meanSquaredError, rows: 12, inputs: 3, outputs: 1)

  static let sharing = [Granularity.layer, .unit]

  static func model(_ input: Hypernetwork.Input, _ granularity: Granularity = .layer) throws -> Model {
    Model(
      network(
        inputs: 3, hidden: [6], outputs: 1,
        try hypernetwork(input, granularity, generates: "parametric_tanh")),
      loss: .meanSquaredError, batchSize: 12, seed: 1,
      optimizer: OptimizerSpecification(learningRate: 0.02))
  }

  @Test(arguments: Hypernetwork.Input.allCases, sharing)
  func `training starts near the named function`(input: Hypernetwork.Input, granularity: Granularity) throws {
    let model = try Self.model(input, granularity)
    let plain = Model(
      network(inputs: 3, hidden: [6], outputs: 1, try parametric("parametric_tanh")), loss: .meanSquaredError,
      batchSize: 12, seed: 1)
    for name in ["layers.0.weight", "layers.0.bias", "output.weight", "output.bias"] {
      let (from, to) = (try #require(model.block(name)), try #require(plain.block(name)))
      for (source, target) in zip(from.range, to.range) {
        plain.parameters[target] = model.parameters[source]
      }
    }
    let gaps = zip(model.predictions(Self.sample), plain.predictions(Self.sample)).map { abs($0 - $1) }
    #expect(gaps.allSatisfy { $0 < 0.05 } && gaps.contains { $0 > 0 })
  }

  @Test(
    arguments: Hypernetwork.Input.allCases,
    sharing)
  func `training changes the generated parameters and lowers the loss`(
    input: Hypernetwork.Input, granularity: Granularity
  ) throws {
    let model = try Self.model(input, granularity)
    let before = model.evaluate(Self.sample)
    for step in 0..<200 { model.step(Self.sample, step) }
    #expect(model.evaluate(Self.sample) < 0.5 * before)
    let parameters = model.activationLayers[0].parameters
    let sets = granularity == .unit ? 6 : 1
    #expect(parameters.map(\.name) == ["a", "b"])
    #expect(parameters.map(\.initial) == [2, 0].map { Array(repeating: $0, count: sets) })
    #expect(parameters.allSatisfy { $0.current.count == sets })
    #expect(parameters.contains { abs($0.current[0] - $0.initial[0]) > 0.05 })
  }

  @Test(
    arguments: Hypernetwork.Input.allCases,
    sharing)
  func `a row's prediction does not depend on the rows beside it`(
    input: Hypernetwork.Input, granularity: Granularity
  ) throws {
    let model = try Self.model(input, granularity)
    for step in 0..<20 { model.step(Self.sample, step) }
    let together = model.predictions(Self.sample)
    for row in 0..<Self.sample.rows {
      var single: Float = .nan
      model.predict(inputs: Array(Self.sample.inputs[row * 3..<(row + 1) * 3]), rows: 1, into: &single)
      #expect(single == together[row])
    }
  }

  @Test
  func `prediction under statistics uses their running averages: of one repeated batch, the batch's own`()
    throws
  {
    let model = try Self.model(.statistics)
    #expect(model.state().statistics == [0, 0, 0])
    // With a factor of 0 nothing but the averages moves.
    var loss = 0.0
    for step in 0..<3 { loss = model.step(Self.sample, step, factor: 0) }
    #expect(model.state().statistics[0] == 3)
    var values: [Float] = []
    model.forEachActivationInput(inputs: Self.sample.inputs, rows: 12) { _, chunk, _, _ in values += chunk }
    let mean = values.reduce(0, +) / Float(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
    #expect(abs(model.state().statistics[1] - mean) < 1e-5)
    #expect(abs(model.state().statistics[2] - (variance + 1e-5).squareRoot()) < 1e-5)
    #expect(abs(model.evaluate(Self.sample) - loss) < 1e-6)
  }

  @Test
  func
    `each unit is described by its own statistics, and a generator shared by all gives it its own parameters`()
    throws
  {
    let model = try Self.model(.statistics, .unit)
    #expect(model.state().statistics == Array(repeating: 0, count: 13))
    for step in 0..<3 { model.step(Self.sample, step, factor: 0) }
    var columns = [[Float]](repeating: [], count: 6)
    model.forEachActivationInput(inputs: Self.sample.inputs, rows: 12) { _, chunk, rows, _ in
      for row in 0..<rows { for unit in 0..<6 { columns[unit].append(chunk[row * 6 + unit]) } }
    }
    for (unit, values) in columns.enumerated() {
      let mean = values.reduce(0, +) / 12
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 12
      #expect(abs(model.state().statistics[1 + 2 * unit] - mean) < 1e-5)
      #expect(abs(model.state().statistics[2 + 2 * unit] - (variance + 1e-5).squareRoot()) < 1e-5)
    }
    let view = model.activationLayers[0]
    #expect(view.blocks.map(\.shape) == [[2, 5], [5], [5, 2], [2]])
    #expect(Set(view.parameters[0].current).count == 6)
  }

  @Test func `under samples the generator has an output for each parameter of each unit`() throws {
    let model = try Self.model(.sample, .unit)
    let view = model.activationLayers[0]
    #expect(view.blocks.map(\.shape) == [[6, 5], [5], [5, 12], [12]])
    // With no weights at its end, its biases are the units' parameters, [parameter][unit].
    let (weight, bias) = (
      try #require(model.block("layers.1.activation.generator.1.weight")),
      try #require(model.block("layers.1.activation.generator.1.bias"))
    )
    for index in weight.range { model.parameters[index] = 0 }
    for (offset, index) in bias.range.enumerated() { model.parameters[index] = Float(offset) / 10 }
    let parameters = model.activationLayers[0].parameters
    #expect(parameters[0].current == (0..<6).map { 2 + Float($0) / 10 })
    #expect(parameters[1].current == (6..<12).map { Float($0) / 10 })
    let plain = Model(
      network(inputs: 3, hidden: [6], outputs: 1, try parametric("parametric_tanh", .unit)),
      loss: .meanSquaredError, batchSize: 12, seed: 1)
    for block in plain.blocks {
      for (offset, index) in block.range.enumerated() {
        if let source = model.block(block.name) {
          plain.parameters[index] = model.parameters[source.range.lowerBound + offset]
        } else {
          let parameter = try #require(parameters.first { block.name.hasSuffix(".\($0.name)") })
          plain.parameters[index] = parameter.current[offset]
        }
      }
    }
    #expect(
      zip(model.predictions(Self.sample), plain.predictions(Self.sample)).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `its weights are blocks of the activation`() throws {
    let view = try Self.model(.sample).activationLayers[0]
    #expect(
      view.blocks.map(\.name)
        == (0..<2).flatMap {
          ["layers.1.activation.generator.\($0).weight", "layers.1.activation.generator.\($0).bias"]
        })
    #expect(view.blocks.map(\.shape) == [[6, 5], [5], [5, 2], [2]])
    #expect(view.blocks.allSatisfy { $0.role == .activation })
  }
}
