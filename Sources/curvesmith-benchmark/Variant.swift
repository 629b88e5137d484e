// The variants of a workload: which activation its hidden layers have, with the initial parameters of the file.

import Activations
import Engine
import JSON

/// `relu`; for a recurrent network the cell and its function: `lstm_parametric_tanh`, or `lstm` for tanh.
struct Variant {
  enum Cell: String, CaseIterable {
    case elman, lstm, gru
  }

  let cell: Cell?
  let function: String

  init(_ name: String) {
    cell = Cell.allCases.first { name == $0.rawValue || name.hasPrefix($0.rawValue + "_") }
    guard let cell else {
      function = name
      return
    }
    let rest = name.dropFirst(cell.rawValue.count + 1)
    function = rest.isEmpty ? "tanh" : String(rest)
  }

  /// The network of a workload with one activation, at the workload's initial weights.
  func model(of workload: Workload, threads: Int) throws -> Model {
    let activation = try strategy(workload.activations).specification(seed: 0)
    let network = workload.network
    // Each layer has an activation of its own, so that each may have its own draw.
    let specification = ModelSpecification(
      input: network.input, layers: network.layers, outputs: network.outputs,
      activations: (0..<network.activationCount).map { _ in activation })
    let model = Model(
      specification, loss: workload.loss, batchSize: min(workload.batchSize, workload.training.count),
      seed: 0,
      optimizer: OptimizerSpecification(learningRate: workload.learningRate),
      threads: threads)
    for (initial, values) in zip(network.initial, workload.initial) {
      try set(model, initial.tensor, to: values)
    }
    if function == "network" {
      for layer in network.activationLayers {
        for (name, values) in initialNetwork(workload.activations) {
          try set(model, "layers.\(layer).activation.\(name)", to: values)
        }
      }
    }
    return model
  }

  private func strategy(_ activations: JSONValue) throws -> Strategy {
    switch function {
    case "parametric_sigmoid", "parametric_tanh":
      var strategy = ParametricStrategy(function: function)
      for name in ["a", "b"] { strategy.initial[name] = activations[function]?["params"]?[name]?.doubleValue }
      if activations[function]?["sharing"]?.stringValue == "unit" { strategy.granularity = .unit }
      return Strategy(strategy)
    case "random_choice":
      var strategy = RandomStrategy()
      strategy.scope = .layer
      strategy.inference = .expected
      return Strategy(strategy)
    case "network": return Strategy(NetworkStrategy())
    case "spline": return Strategy(SplineStrategy())
    case "expression":
      let values = activations[function]?["params"]
      return Strategy(
        ExpressionStrategy(
          expression: "x*sigmoid(beta*x) + alpha*sin(gamma*x)",
          parameters: ["beta", "alpha", "gamma"].map {
            Parameter($0, initial: values?[$0]?.doubleValue ?? 1)
          }))
    default: return Strategy(FixedStrategy(function: function))
    }
  }

  /// The initial parameters of the network activation, by our names.
  private func initialNetwork(_ activations: JSONValue) -> [(String, [Float])] {
    let values = activations["network"]?["params"]
    var named = [("d", [Float(values?["d"]?.doubleValue ?? 0)])]
    for name in ["w", "c", "v"] {
      for (index, value) in (values?[name]?.arrayValue?.numbers ?? []).enumerated() {
        named.append(("\(name)_\(index + 1)", [Float(value)]))
      }
    }
    return named
  }

  private func set(_ model: Model, _ name: String, to values: [Float]) throws(BenchmarkError) {
    guard let block = model.blocks.first(where: { $0.name == name }), block.range.count == values.count else {
      throw BenchmarkError("the model has no block \(name) of \(values.count) numbers")
    }
    for (index, value) in zip(block.range, values) { model.parameters[index] = value }
  }
}
