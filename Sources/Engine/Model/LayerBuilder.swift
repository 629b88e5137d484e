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
    let sites = plan.entries.map { entry in
      entry.sites.map { site -> PlacedActivation in
        var random: RandomActivation?
        if case .random(let choice) = specification.activations[site.activation].kind {
          let layer = RandomActivation(
            choice, units: site.units, memory: Self.memory(memory, of: entry))
          draws.add(layer, activation: site.activation, key: site.key)
          random = layer
        }
        return PlacedActivation(
          specification: specification.activations[site.activation], units: site.units, offset: site.offset,
          key: site.key, random: random)
      }
    }
    let combinations = draws.combinations ?? 1
    let layers = plan.entries.enumerated().map { index, entry in
      let description = entry.layer.description
      let isPositionwise = description.isPositionwise
      let layer = description.make(
        LayerPlace(
          input: isPositionwise ? .features(entry.input.channels) : entry.input,
          output: isPositionwise ? .features(entry.output.channels) : entry.output, offset: entry.offset,
          key: UInt64(index), memory: Self.memory(memory, of: entry), combinations: combinations,
          activations: sites[index]))
      return StackedLayer(
        layer, outputs: entry.outputs, positions: isPositionwise ? entry.output.positions : 1,
        steps: entry.output.steps, length: { description.length(from: $0) },
        first: entry.first)
    }
    let stack = LayerStack(
      inputs: specification.inputs, layers: layers, memory: memory,
      summed: plan.summedParameterCount)
    return LayerBuilder(
      stack: stack, draws: draws, statistics: layers.flatMap { $0.layer.statistics.flatMap(\.storage) })
  }

  /// A layer that computes each position for itself sees as many rows.
  private static func memory(_ memory: LayerMemory, of entry: ModelPlan.Entry) -> LayerMemory {
    entry.layer.description.isPositionwise ? memory.over(positions: entry.output.positions) : memory
  }
}
