// Turns the entries of a plan into layers with memory.

import Activations

/// What building gives: the layers, the draws that decide their random ones, and their running statistics.
struct LayerBuilder {
  let stack: LayerStack
  let draws: RandomDraws
  let statistics: [FloatBuffer]

  static func build(
    _ plan: ModelPlan, _ specification: ModelSpecification, seed: UInt64, maximumRows: Int
  ) -> LayerBuilder {
    let draws = RandomDraws(seed: seed)
    // The random layers come first: how many combinations they have decides what running statistics keep apart.
    var random: [Int: RandomActivation] = [:]
    for (index, entry) in plan.entries.enumerated() {
      guard case .activation(let activation) = entry.layer,
        case .random(let choice) = specification.activations[activation].kind
      else { continue }
      let layer = RandomActivation(choice, units: entry.outputs, maximumRows: maximumRows)
      draws.add(layer, activation: activation, index: index)
      random[index] = layer
    }
    let combinations = draws.combinations ?? 1
    var statistics: [FloatBuffer] = []
    var layers: [(layer: any Layer, outputs: Int)] = []
    for (index, entry) in plan.entries.enumerated() {
      let units = entry.outputs
      let layer: any Layer
      switch entry.layer {
      case .dense:
        layer = Dense(
          inputs: entry.inputs, outputs: units, weight: entry.offset,
          bias: entry.offset + entry.inputs * units)
      case .dropout(let rate):
        layer = Dropout(units: units, rate: rate, key: UInt64(index), maximumRows: maximumRows)
      case .layerNorm:
        layer = LayerNorm(
          units: units, gamma: entry.offset, beta: entry.offset + units, maximumRows: maximumRows)
      case .batchNorm:
        let norm = BatchNorm(
          units: units, gamma: entry.offset, beta: entry.offset + units, maximumRows: maximumRows,
          combinations: combinations)
        statistics += norm.running.storage
        layer = norm
      case .activation(let activation):
        let description = specification.activations[activation]
        switch description.kind {
        case .single(let function):
          layer = SingleActivation(
            function, units: units, offset: entry.offset, perUnit: description.granularity == .unit,
            maximumRows: maximumRows)
        case .generated(let hypernetwork):
          let generated = GeneratedActivation(
            hypernetwork, units: units, offset: entry.offset, maximumRows: maximumRows,
            combinations: combinations)
          statistics += generated.running.storage
          layer = generated
        case .random(let choice):
          layer = random[index] ?? RandomActivation(choice, units: units, maximumRows: maximumRows)
        }
      }
      layers.append((layer, units))
    }
    let stack = LayerStack(inputs: specification.inputs, layers: layers, maximumRows: maximumRows)
    return LayerBuilder(stack: stack, draws: draws, statistics: statistics)
  }
}
