// Turns the entries of a plan into layers with memory.

import Activations

/// What building gives: the layers, the draws that decide their random ones, and their running statistics.
struct LayerBuilder {
  let stack: LayerStack
  let draws: RandomDraws
  let statistics: [FloatBuffer]

  static func build(
    _ plan: ModelPlan, seed: UInt64, memory: LayerMemory
  ) -> LayerBuilder {
    let specification = plan.specification
    let draws = RandomDraws(seed: seed)
    // The random layers come first: how many combinations they have decides what running statistics keep apart.
    var random: [Int: RandomActivation] = [:]
    for (index, entry) in plan.entries.enumerated() {
      guard let activation = entry.layer.activation,
        case .random(let choice) = specification.activations[activation].kind
      else { continue }
      let layer = RandomActivation(choice, units: entry.outputs, memory: memory)
      draws.add(layer, activation: activation, index: index)
      random[index] = layer
    }
    let combinations = draws.combinations ?? 1
    var statistics: [FloatBuffer] = []
    func makeActivation(_ activation: Int, _ entry: ModelPlan.Entry, index: Int) -> any Layer {
      let description = specification.activations[activation]
      switch description.kind {
      case .single(let function):
        return SingleActivation(
          function, units: entry.outputs, offset: entry.offset, perUnit: description.granularity == .unit,
          memory: memory, key: UInt64(index))
      case .generated(let hypernetwork):
        let layer = GeneratedActivation(
          hypernetwork, units: entry.outputs, offset: entry.offset, memory: memory,
          combinations: combinations)
        statistics += layer.running.storage
        return layer
      case .mixture(let mixture):
        return MixtureActivation(
          mixture, units: entry.outputs, offset: entry.offset, perUnit: description.granularity == .unit,
          memory: memory)
      case .random(let choice):
        return random[index]
          ?? RandomActivation(choice, units: entry.outputs, memory: memory)
      }
    }
    var layers: [StackedLayer] = []
    for (index, entry) in plan.entries.enumerated() {
      let units = entry.outputs
      let layer: any Layer
      switch entry.layer {
      case .dense:
        layer = Dense(
          inputs: entry.inputs, outputs: units, weight: entry.offset,
          bias: entry.offset + entry.inputs * units)
      case .dropout(let rate):
        layer = Dropout(units: units, rate: rate, key: UInt64(index), memory: memory)
      case .layerNorm:
        layer = LayerNorm(
          units: units, gamma: entry.offset, beta: entry.offset + units, memory: memory)
      case .batchNorm:
        let norm = BatchNorm(
          units: units, gamma: entry.offset, beta: entry.offset + units, memory: memory,
          combinations: combinations)
        statistics += norm.running.storage
        layer = norm
      case .activation(let activation):
        layer = makeActivation(activation, entry, index: index)
      case .gate(let activation):
        layer = Gate(
          makeActivation(activation, entry, index: index), units: units, memory: memory)
      case .maxout(let pieces): layer = Maxout(pieces: pieces, units: units)
      case .residual: layer = Residual(units: units, memory: memory)
      }
      layers.append(StackedLayer(layer, outputs: units, first: entry.first))
    }
    let stack = LayerStack(
      inputs: specification.inputs, layers: layers, memory: memory,
      summed: plan.summedParameterCount)
    return LayerBuilder(stack: stack, draws: draws, statistics: statistics)
  }
}
