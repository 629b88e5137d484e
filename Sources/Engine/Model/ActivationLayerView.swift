// What the activation layers of a model look like now: for reports, plots and exports.

public import Activations

/// One parameter of an activation function, by value (after its constraint).
public struct ActivationParameterView: Sendable, Hashable {
  /// What a constraint makes the values of.
  public struct Raw: Sendable, Hashable {
    /// One for each value, before training.
    public var initial: [Float]
    /// As many, as they are now.
    public var current: [Float]
  }

  /// As the formula names it.
  public var name: String
  /// One value, or one for each unit.
  public var initial: [Float]
  /// As many, as they are now.
  public var current: [Float]
  /// The free numbers that the optimiser moves, as many as `current`; nil where they are the values themselves, or where
  /// nothing is trained.
  public var raw: Raw?
  /// Whether gradients move it.
  public var isTrainable: Bool
}

/// One activation layer, or the activation of a gate.
public struct ActivationLayerView: Sendable {
  /// The layer's place among all layers as they are computed, those inside residual ones included.
  public var layer: Int
  /// The index in ``ModelSpecification/activations``.
  public var activation: Int
  /// `layers.N.activation`, inside a residual layer `layers.N.layers.M.activation`; a recurrent layer may have a
  /// `recurrent_activation` and an `output_activation` too.
  public var name: String
  /// Numbers for a row.
  public var units: Int
  /// The strategy, on the grid of the model's stage.
  public var specification: ActivationSpecification
  /// The function's parameters; none for a random choice. Under a hypernetwork the current ones are those it generates
  /// for typical data: the running averages of its statistics, or of the layer's input rows. Under a mixture they are
  /// the weights without noise, softmax(z).
  public var parameters: [ActivationParameterView]
  /// The trained tensors behind the layer: raw parameters, or the hypernetwork's weights.
  public var blocks: [ParameterBlock]
  /// For a random choice, how often training used each candidate: once a step, or once a unit and step.
  public var draws: [Int]
}

extension Predictor {
  /// The activation layers, first to last, as they are now.
  public var activationLayers: [ActivationLayerView] {
    plan.sites.map { index, site in
      let layer = layers.layers[index]
      let description = specification.activations[site.activation]
      var view = ActivationLayerView(
        layer: index, activation: site.activation, name: site.name, units: site.units,
        specification: description, parameters: [], blocks: [], draws: [])
      switch description.kind {
      case .single(let function):
        let count = function.parameters.count
        let sets = description.granularity == .unit ? site.units : 1
        let raw = (0..<sets).map { set in
          (0..<count).map { parameterBuffer.base[site.offset + $0 * sets + set] }
        }
        view.parameters = views(of: function, rawSets: raw)
        view.blocks = blocks(from: site.offset, count: count * sets)
      case .mixture(let mixture):
        let count = mixture.names.count
        let sets = description.granularity == .unit ? site.units : 1
        var weights = Array(parameterBuffer.all[site.offset..<site.offset + count * sets])
        weights.withUnsafeMutableBufferPointer { buffer in
          if let base = buffer.baseAddress { mixture.soften(base, sets: sets) }
        }
        view.parameters = views(
          of: mixture.target,
          rawSets: (0..<sets).map { set in (0..<count).map { weights[$0 * sets + set] } })
        for index in 0..<count {
          let logits = site.offset + index * sets..<site.offset + (index + 1) * sets
          view.parameters[index].raw = .init(
            initial: [Float](repeating: 0, count: sets), current: Array(parameterBuffer.all[logits]))
        }
        view.blocks = blocks(from: site.offset, count: count * sets)
      case .generated(let hypernetwork):
        let widths = hypernetwork.generatorWidths(units: site.units)
        let count = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
        view.blocks = blocks(from: site.offset, count: count)
        if let raw = layer.typicalRaw(makePass(rows: 1, .prediction)) {
          let sets = hypernetwork.perUnit ? site.units : 1
          view.parameters = views(
            of: hypernetwork.target,
            rawSets: (0..<sets).map { set in
              hypernetwork.target.parameters.indices.map { raw[$0 * sets + set] }
            })
        }
      case .random: view.draws = draws.draws(ofKey: site.key)
      }
      return view
    }
  }

  private func blocks(from offset: Int, count: Int) -> [ParameterBlock] {
    plan.blocks.filter { (offset..<offset + count).contains($0.range.lowerBound) && !$0.range.isEmpty }
  }

  /// - Parameter rawSets: the raw values of each set.
  private func views(of function: CompiledActivation, rawSets: [[Float]]) -> [ActivationParameterView] {
    let values = rawSets.map { function.parameters.values(fromRaw: $0.map(Double.init)) }
    let initialRaw = function.parameters.initialRaw
    let trained = function.parameters.enumerated().map { index, parameter in
      ActivationParameterView(
        name: parameter.name, initial: rawSets.map { _ in Float(parameter.initial) },
        current: values.map { Float($0[index]) },
        raw: parameter.constraint == .none
          ? nil
          : .init(initial: rawSets.map { _ in Float(initialRaw[index]) }, current: rawSets.map { $0[index] }),
        isTrainable: true)
    }
    let constants = function.constants.map {
      ActivationParameterView(
        name: $0.name, initial: [Float($0.initial)], current: [Float($0.initial)], isTrainable: false)
    }
    return trained + constants
  }
}
