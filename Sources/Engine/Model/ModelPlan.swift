// The outline of a model: the widths of its layers and the place of every parameter, without any memory.

import Activations

/// What a specification amounts to; cheap to compute, so that a job can be priced before it is queued.
public struct ModelPlan: Sendable {
  /// A layer with its widths and the place of its parameters. A residual layer stands behind the layers inside it, and is
  /// the sum alone.
  package struct Entry: Sendable {
    /// What it computes.
    package var layer: LayerSpecification
    /// `layers.2`, inside a residual layer `layers.2.layers.0`; `output`.
    package var name: String
    /// What it reads.
    package var input: RowShape
    /// What it gives.
    package var output: RowShape
    /// Where its own first parameter lies in the flat vectors.
    package var offset: Int
    /// Its activations.
    package var sites: [Site] = []
    /// For a residual layer, the entry of the first layer inside it: what that reads is added.
    package var first: Int?

    /// Numbers that it reads for a row.
    package var inputs: Int { input.count }
    /// Numbers that it gives for a row.
    package var outputs: Int { output.count }
    /// A quarter of about how many numbers it keeps for a row in prediction: a recurrent layer those of every step.
    var kept: Int { layer.isRecurrent ? max(outputs, layer.values(from: input) / 4) : outputs }
  }

  /// A place in a layer that has an activation.
  package struct Site: Sendable {
    /// The index in ``ModelSpecification/activations``.
    package var activation: Int
    /// `layers.2.activation`.
    package var name: String
    /// The layer's member that names it.
    package var member: String
    /// Which of the layer's activations it is.
    package var position: Int
    /// How many parameter sets or draws there are where each unit has its own.
    package var units: Int
    /// Where its first parameter lies in the flat vectors.
    package var offset: Int
    /// What is drawn for it is drawn by this key, which no other place has.
    package var key: UInt64
  }

  /// What was planned.
  public let specification: ModelSpecification
  /// Every tensor, in the order of the flat vectors.
  public private(set) var blocks: [ParameterBlock] = []
  /// Length of the flat vectors.
  public private(set) var parameterCount = 0
  /// Multiply-adds of one forward pass over one row, in matrix products.
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
  public var predictionValues: Int { Predictor.capacity(self) * entries.reduce(0) { $0 + 4 * $1.kept } }

  /// The most numbers that a layer gives for a row, or a quarter of what its cells keep of one.
  var widestOutput: Int { entries.map(\.kept).max() ?? 1 }

  /// What the model gives for a row.
  public var output: RowShape { entries[entries.count - 1].output }

  /// Whether the first layer takes 0 for padding, so that the inputs tell how long rows are.
  var masksZero: Bool { entries[0].layer.description.masksZero }

  /// Every activation of every layer, with its layer's entry.
  var sites: [(entry: Int, site: Site)] {
    entries.enumerated().flatMap { index, entry in entry.sites.map { (index, $0) } }
  }

  /// Plans a sound specification.
  ///
  /// - Complexity: O(layers + tensors).
  public init(_ specification: ModelSpecification) {
    self.specification = specification
    var shared: [Int: Int] = [:]
    var shape = add(specification.layers, "layers", from: specification.input, shared: &shared)
    if specification.hasOutputLayer {
      let layer = LayerSpecification.dense(units: specification.outputs)
      shape = add(layer, "output", from: shape, top: specification.layers.count, shared: &shared)
    }
    precondition(!entries.isEmpty, "a model has at least one layer")
    statisticCount = countStatistics()
    precondition(shape.channels == specification.outputs, "the last layer must be as wide as the outputs")
  }

  /// Plans layers one after the other.
  ///
  /// - Parameters:
  ///   - path: what the layers' names begin with.
  ///   - top: the index in the specification of the layer that these are inside; nil: their own.
  ///   - shared: where the parameters start that all layers of an activation share, by the activation's index.
  /// - Returns: what the last gives.
  private mutating func add(
    _ layers: [LayerSpecification], _ path: String, in top: Int? = nil, from input: RowShape,
    shared: inout [Int: Int]
  ) -> RowShape {
    var shape = input
    for (position, layer) in layers.enumerated() {
      shape = add(layer, "\(path).\(position)", from: shape, top: top ?? position, shared: &shared)
    }
    return shape
  }

  private mutating func add(
    _ layer: LayerSpecification, _ name: String, from input: RowShape, top: Int, shared: inout [Int: Int]
  ) -> RowShape {
    guard let output = try? layer.output(from: input) else {
      preconditionFailure("\(name) cannot read rows of \(input)")
    }
    let description = layer.description
    var entry = Entry(layer: layer, name: name, input: input, output: output, offset: 0)
    if !description.inner.isEmpty {
      entry.first = entries.count
      _ = add(description.inner, "\(name).layers", in: top, from: input, shared: &shared)
    }
    entry.offset = parameterCount
    for tensor in description.tensors(from: input) { add(tensor, "\(name).\(tensor.name)", layer: top) }
    multiplyAddsPerRow += description.multiplyAdds(from: input)
    for (position, use) in description.activations(from: input).enumerated() {
      // The first place of a layer has the layer's number alone.
      var site = Site(
        activation: use.index, name: "\(name).\(use.member)", member: use.member, position: position,
        units: use.units, offset: parameterCount, key: UInt64(position) << 24 | UInt64(entries.count))
      let activation = specification.activations[use.index]
      if activation.isShared, let offset = shared[use.index] {
        site.offset = offset
      } else {
        if activation.isShared { shared[use.index] = parameterCount }
        let prefix = activation.isShared ? "activations.\(use.index)" : site.name
        for tensor in activation.tensors(units: use.units) {
          add(tensor, "\(prefix).\(tensor.name)", layer: top, of: activation)
        }
        multiplyAddsPerRow += activation.multiplyAdds(units: use.units)
      }
      entry.sites.append(site)
    }
    entries.append(entry)
    return output
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
      let own = entry.layer.description.statisticsWidth(from: entry.input)
      let widths =
        [own] + entry.sites.map { specification.activations[$0.activation].statisticsWidth(units: $0.units) }
      return widths.compactMap(\.self).reduce(count) {
        $0 + RunningStatistics.count(width: $1, combinations: combinations)
      }
    }
  }

  private mutating func add(
    _ tensor: LayerTensor, _ name: String, layer: Int, of activation: ActivationSpecification? = nil
  ) {
    let end = parameterCount + tensor.count
    blocks.append(
      ParameterBlock(
        name: name, shape: tensor.shape, range: parameterCount..<end, role: tensor.role, layer: layer,
        learningRateMultiplier: activation?.learningRateMultiplier ?? 1,
        weightDecay: activation?.weightDecay ?? 0))
    parameterCount = end
  }
}
