// Gradients of recurrent models against central differences: every cell, with every strategy at every granularity.

import Activations
import Engine
import Testing

@Suite struct RecurrentGradientTests {
  /// A kind of layer with two activations to choose: the candidate's and, where it has gates, theirs.
  struct Cell: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var layer: @Sendable (RecurrentOptions) -> LayerSpecification

    init(_ name: String, _ layer: @escaping @Sendable (RecurrentOptions) -> LayerSpecification) {
      testDescription = name
      self.layer = layer
    }
  }

  static let cells: [Cell] = [
    Cell("rnn") { .rnn(units: 3, activation: 0, $0) },
    Cell("lstm") { .lstm(units: 3, activation: 0, $0) },
    Cell("lstm, shared output") { .lstm(units: 3, activation: 0, output: .shared, $0) },
    Cell("lstm, learned everywhere") {
      .lstm(units: 3, activation: 0, gates: 1, output: .own(2), $0)
    },
    Cell("gru, reset after") { .gru(units: 3, activation: 0, gates: 1, $0) },
    Cell("gru, reset before") { .gru(units: 3, activation: 0, gates: 1, resetAfter: false, $0) },
    Cell("lstm, own output") { .lstm(units: 3, activation: 0, output: .own(2), $0) },
    Cell("gru, sigmoid gates") { .gru(units: 3, activation: 0, $0) },
    Cell("no activation") { .gru(units: 3, activation: nil, $0) },
  ]

  struct Function: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var specification: @Sendable () throws -> ActivationSpecification

    init(_ name: String, _ specification: @escaping @Sendable () throws -> ActivationSpecification) {
      testDescription = name
      self.specification = specification
    }
  }

  static let functions: [Function] =
    [
      Function("fixed") { try fixed("gelu") },
      Function("usual") { try fixed("tanh") },
      Function("stochastic") { try fixed("stochastic_silu") },
    ]
    + [Granularity.network, .layer, .unit].flatMap { granularity -> [Function] in
      let word = OptionValue.string("\(granularity)")
      return [
        Function("parametric, \(granularity)") { try parametric("parametric_tanh", granularity) },
        Function("constrained, \(granularity)") { try parametric("pelu", granularity) },
        Function("blend, \(granularity)") { try blend(granularity) },
        Function("inner network, \(granularity)") { try innerNetwork(granularity) },
        Function("spline, \(granularity)") {
          try strategy("spline", ["initial": "tanh", "granularity": word])
        },
        Function("rational, \(granularity)") {
          try strategy(
            "rational",
            ["initial": "tanh", "degrees": .list([.number(3), .number(2)]), "granularity": word])
        },
        Function("kernel, \(granularity)") { try strategy("kernel", ["granularity": word]) },
        Function("random, \(granularity)") { try random(scope: granularity) },
        Function("mixture, \(granularity)") { try mixture(granularity) },
      ]
    }

  @Test(arguments: cells, functions)
  func `the gradient is the slope of the loss`(cell: Cell, function: Function) throws {
    try check(cell, function, RecurrentOptions())
  }

  @Test(arguments: cells, RecurrentOptions.Merge.allCases)
  func `so it is both ways, for the outputs of all steps`(
    cell: Cell, merge: RecurrentOptions.Merge
  ) throws {
    let options = RecurrentOptions(returnsSequences: true, merge: merge)
    for function in [
      Function("unit") { try parametric("parametric_tanh", .unit) },
      Function("layer") { try parametric("parametric_tanh") },
      Function("usual") { try fixed("tanh") },
      Function("random") { try random(scope: .unit) },
      Function("mixture") { try mixture(.unit) },
    ] {
      try check(cell, function, options)
      try check(cell, function, options, lengths: [3, 1, 2, 3, 2, 1, 1, 3])
    }
  }

  @Test(arguments: cells)
  func `so it is for the last outputs of rows of different lengths`(cell: Cell) throws {
    for merge in [nil, RecurrentOptions.Merge.concat, .mul] {
      try check(
        cell, Function("unit") { try parametric("parametric_tanh", .unit) }, RecurrentOptions(merge: merge),
        lengths: [3, 1, 2, 3, 2, 1, 1, 3])
    }
  }

  @Test func `so it is through several layers, and without biases`() throws {
    let specification = ModelSpecification(
      input: .sequence(steps: 3, features: 2),
      layers: [
        .dense(units: 3), .activation(0), .layerNorm,
        .gru(units: 4, activation: 0, RecurrentOptions(returnsSequences: true, usesBias: false)), .batchNorm,
        .residual([
          .rnn(units: 4, activation: 1, RecurrentOptions(returnsSequences: true)), .dropout(rate: 0.2),
        ]),
        .lstm(units: 3, activation: 1, RecurrentOptions(usesBias: false)),
      ], outputs: 3,
      activations: [try parametric("swish", .unit), try parametric("parametric_tanh", .network)])
    try check(specification, lengths: nil)
    try check(specification, lengths: [3, 1, 2, 3, 2, 1, 1, 3])
  }

  private func check(
    _ cell: Cell, _ function: Function, _ options: RecurrentOptions, lengths: [Int32]? = nil
  ) throws {
    let specification = ModelSpecification(
      input: .sequence(steps: 3, features: 2), layers: [cell.layer(options)], outputs: 3,
      activations: [
        try function.specification(), try parametric("parametric_sigmoid", .unit), try parametric("swish"),
      ])
    try check(specification, lengths: lengths)
  }

  private func check(_ specification: ModelSpecification, lengths: [Int32]?) throws {
    let plan = ModelPlan(specification)
    var sample = Sample(
      .softmaxCrossEntropy, rows: 8, inputs: specification.inputs, outputs: specification.outputs,
      steps: plan.output.positions)
    sample.lengths = lengths
    let model = Model(specification, loss: .softmaxCrossEntropy, batchSize: 8, seed: 3)
    model.expectSlopes(sample)
  }
}
