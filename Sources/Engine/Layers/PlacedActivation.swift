// An activation with its place in a model: where its parameters are, and the layer that applies it to whole rows.

import Activations

/// One use of an activation by a layer.
struct PlacedActivation {
  let specification: ActivationSpecification
  /// How many parameter sets or draws there are where each unit has its own.
  let units: Int
  /// Where its parameters start in the flat vectors.
  let offset: Int
  /// The layer's own part of its noise's keys.
  let key: UInt64
  /// For a random choice, what it is drawn for.
  let random: RandomActivation?

  /// The layer that a random choice is drawn for.
  var drawn: RandomActivation {
    guard let random else { preconditionFailure("a random choice is drawn for its place") }
    return random
  }

  /// Whether each unit has a parameter set of its own.
  var isPerUnit: Bool { specification.granularity == .unit }

  /// The layer that applies it to every number of a row.
  func makeLayer(_ memory: LayerMemory, combinations: Int) -> any Layer {
    switch specification.kind {
    case .single(let function):
      SingleActivation(function, units: units, offset: offset, perUnit: isPerUnit, memory: memory, key: key)
    case .generated(let hypernetwork):
      GeneratedActivation(
        hypernetwork, units: units, offset: offset, memory: memory, combinations: combinations)
    case .mixture(let mixture):
      MixtureActivation(mixture, units: units, offset: offset, perUnit: isPerUnit, memory: memory)
    case .random: drawn
    }
  }
}

extension ActivationSpecification {
  /// Whether all layers that name the activation share its parameters.
  var isShared: Bool {
    switch kind {
    case .single, .mixture: granularity == .network
    case .random, .generated: false
    }
  }

  /// The tensors of its parameters, where a set for each unit has so many.
  func tensors(units: Int) -> [LayerTensor] {
    let sets = granularity == .unit ? [units] : []
    switch kind {
    case .random: return []
    case .single(let function):
      return function.parameters.map { LayerTensor($0.name, sets, .activation) }
    case .mixture(let mixture):
      return [LayerTensor("logits", [mixture.names.count] + sets, .activation)]
    case .generated(let hypernetwork):
      let widths = hypernetwork.generatorWidths(units: units)
      return zip(widths, widths.dropFirst()).enumerated().flatMap { depth, width in
        [
          LayerTensor("generator.\(depth).weight", [width.0, width.1], .activation),
          LayerTensor("generator.\(depth).bias", [width.1], .activation),
        ]
      }
    }
  }

  /// Multiply-adds that it takes for one row, whose positions it reads by their mean.
  func multiplyAdds(units: Int) -> Int {
    guard case .generated(let hypernetwork) = kind, hypernetwork.input == .sample else { return 0 }
    let widths = hypernetwork.generatorWidths(units: units)
    return zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// How many running statistics a layer of so many units keeps for it.
  func statisticsWidth(units: Int) -> Int? {
    guard case .generated(let hypernetwork) = kind else { return nil }
    return hypernetwork.statisticsWidth(units: units)
  }
}
