// The outline of a model: the widths of its layers and the place of every parameter, without any memory.

import Activations

/// What a specification amounts to; cheap to compute, so that a job can be priced before it is queued.
public struct ModelPlan: Sendable {
  /// A layer with its widths and the place of its parameters. A residual layer stands behind the layers inside it, and is
  /// the sum alone.
  package struct Entry: Sendable {
    /// What it computes.
    package var layer: ModelSpecification.Layer
    /// `layers.2`, inside a residual layer `layers.2.layers.0`; `output`.
    package var name: String
    /// Numbers that it reads for a row.
    package var inputs: Int
    /// Numbers that it gives for a row.
    package var outputs: Int
    /// Where its first parameter lies in the flat vectors.
    package var offset: Int
    /// For a residual layer, the entry of the first layer inside it: what that reads is added.
    package var first: Int?
  }

  /// What was planned.
  public let specification: ModelSpecification
  /// Every tensor, in the order of the flat vectors.
  public private(set) var blocks: [ParameterBlock] = []
  /// Length of the flat vectors.
  public private(set) var parameterCount = 0
  /// Multiply-adds of one forward pass over one row, in dense layers.
  public private(set) var multiplyAddsPerRow = 0
  /// Length of the running statistics of all layers, as ``ModelState/statistics`` has them.
  public private(set) var statisticCount = 0
  /// The specification's layers as they are computed, then the output layer if there is one.
  package private(set) var entries: [Entry] = []

  /// How many of the parameters belong to activations.
  public var activationParameterCount: Int {
    blocks.reduce(0) { $0 + ($1.role == .activation ? $1.range.count : 0) }
  }

  /// The blocks whose gradients are sums over rows, not matrix products.
  var summedBlocks: [ParameterBlock] {
    blocks.filter { $0.role == .activation || $0.role == .normalization }
  }

  var summedParameterCount: Int { summedBlocks.reduce(0) { $0 + $1.range.count } }

  /// About how many numbers a ``Predictor`` has for the values of its layers.
  public var predictionValues: Int { Predictor.capacity(self) * entries.reduce(0) { $0 + 4 * $1.outputs } }

  /// The most numbers that a layer gives for a row.
  var widestOutput: Int { entries.map(\.outputs).max() ?? 1 }

  /// Plans a sound specification.
  ///
  /// - Complexity: O(layers + tensors).
  public init(_ specification: ModelSpecification) {
    self.specification = specification
    var shared: [Int: Int] = [:]
    var width = add(specification.layers, "layers", width: specification.inputs, shared: &shared)
    if specification.hasOutputLayer {
      let layer = ModelSpecification.Layer.dense(units: specification.outputs)
      entries.append(
        Entry(
          layer: layer, name: "output", inputs: width, outputs: specification.outputs, offset: parameterCount)
      )
      addDense("output", inputs: width, outputs: specification.outputs, layer: specification.layers.count)
      width = specification.outputs
    }
    precondition(!entries.isEmpty, "a model has at least one layer")
    statisticCount = countStatistics()
    precondition(width == specification.outputs, "the last layer must be as wide as the outputs")
  }

  /// Plans layers one after the other.
  ///
  /// - Parameters:
  ///   - path: what the layers' names begin with.
  ///   - top: the index in the specification of the layer that these are inside; nil: their own.
  ///   - shared: where the parameters start that all layers of an activation share, by the activation's index.
  /// - Returns: the width of the last.
  private mutating func add(
    _ layers: [ModelSpecification.Layer], _ path: String, in top: Int? = nil, width: Int,
    shared: inout [Int: Int]
  ) -> Int {
    var width = width
    for (position, layer) in layers.enumerated() {
      let index = top ?? position
      let name = "\(path).\(position)"
      var entry = Entry(layer: layer, name: name, inputs: width, outputs: width, offset: parameterCount)
      switch layer {
      case .dense(let units):
        entry.outputs = units
        addDense(name, inputs: width, outputs: units, layer: index)
      case .batchNorm, .layerNorm:
        add("\(name).gamma", [width], .normalization, layer: index)
        add("\(name).beta", [width], .normalization, layer: index)
      case .dropout: break
      case .residual(let inner):
        precondition(!inner.isEmpty, "a residual layer has layers inside")
        entry.first = entries.count
        let last = add(inner, "\(name).layers", in: index, width: width, shared: &shared)
        precondition(last == width, "a residual layer is as wide as what it reads")
        entry.offset = parameterCount
      case .maxout(let pieces):
        precondition(width.isMultiple(of: pieces), "the pieces of a maxout layer are equally wide")
        entry.outputs = width / pieces
      case .activation(let activation), .gate(let activation):
        if case .gate = layer {
          precondition(width.isMultiple(of: 2), "a gate has two halves")
          entry.outputs = width / 2
        }
        let description = specification.activations[activation]
        if description.isShared, let offset = shared[activation] {
          entry.offset = offset
        } else {
          shared[activation] = parameterCount
          let name = description.isShared ? "activations.\(activation)" : "\(name).activation"
          addActivation(description, name, units: entry.outputs, layer: index)
        }
      }
      entries.append(entry)
      width = entry.outputs
    }
    return width
  }

  /// Whether a state is one of this model's: as many parameters and statistics, and candidates that exist.
  public func accepts(_ state: ModelState) -> Bool {
    state.parameters.count == parameterCount && state.statistics.count == statisticCount
      && specification.isAt(stages: state.stages)
      && state.selected.allSatisfy { activation, candidate in
        guard specification.activations.indices.contains(activation),
          case .random(let choice) = specification.activations[activation].kind
        else { return false }
        return choice.candidates.indices.contains(candidate)
      }
  }

  private func countStatistics() -> Int {
    let combinations = RandomDraws.combinations(of: self) ?? 1
    return entries.reduce(0) { count, entry in
      guard let width = statisticsWidth(of: entry) else { return count }
      return count + RunningStatistics.count(width: width, combinations: combinations)
    }
  }

  /// How many running statistics a layer keeps for a combination of draws; nil where it keeps none.
  private func statisticsWidth(of entry: Entry) -> Int? {
    switch entry.layer {
    case .batchNorm: return BatchNorm.statisticsWidth(units: entry.outputs)
    case .activation(let index), .gate(let index):
      guard case .generated(let hypernetwork) = specification.activations[index].kind else { return nil }
      return hypernetwork.statisticsWidth(units: entry.outputs)
    case .dense, .dropout, .layerNorm, .maxout, .residual: return nil
    }
  }

  private mutating func addDense(_ name: String, inputs: Int, outputs: Int, layer: Int) {
    add("\(name).weight", [inputs, outputs], .weight, layer: layer)
    add("\(name).bias", [outputs], .bias, layer: layer)
    multiplyAddsPerRow += inputs * outputs
  }

  private mutating func addActivation(
    _ activation: ActivationSpecification, _ name: String, units: Int, layer: Int
  ) {
    switch activation.kind {
    case .random: break
    case .single(let function):
      for parameter in function.parameters {
        add(
          "\(name).\(parameter.name)", activation.granularity == .unit ? [units] : [], .activation,
          layer: layer, of: activation)
      }
    case .mixture(let mixture):
      add(
        "\(name).logits", [mixture.names.count] + (activation.granularity == .unit ? [units] : []),
        .activation, layer: layer, of: activation)
    case .generated(let hypernetwork):
      let widths = hypernetwork.generatorWidths(units: units)
      for (depth, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
        add(
          "\(name).generator.\(depth).weight", [inputs, outputs], .activation, layer: layer, of: activation)
        add("\(name).generator.\(depth).bias", [outputs], .activation, layer: layer, of: activation)
        if hypernetwork.input == .sample { multiplyAddsPerRow += inputs * outputs }
      }
    }
  }

  private mutating func add(
    _ name: String, _ shape: [Int], _ role: ParameterBlock.Role, layer: Int,
    of activation: ActivationSpecification? = nil
  ) {
    let end = parameterCount + shape.reduce(1, *)
    blocks.append(
      ParameterBlock(
        name: name, shape: shape, range: parameterCount..<end, role: role, layer: layer,
        learningRateMultiplier: activation?.learningRateMultiplier ?? 1,
        weightDecay: activation?.weightDecay ?? 0))
    parameterCount = end
  }
}

extension ActivationSpecification {
  /// Whether all layers that name the activation share its parameters.
  fileprivate var isShared: Bool {
    switch kind {
    case .single, .mixture: granularity == .network
    case .random, .generated: false
    }
  }
}
