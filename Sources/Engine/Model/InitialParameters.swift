// What the parameters of a model are before training.

import Activations

extension ModelPlan {
  /// Writes every initial parameter that is not zero into a flat vector of zeros.
  ///
  /// - Parameter seed: decides the weights; each layer's are drawn from a stream of its own.
  func initialize(_ parameters: UnsafeMutablePointer<Float>, seed: UInt64, initializer: Initializer) {
    for (index, entry) in entries.enumerated() {
      entry.layer.description.initialize(
        parameters + entry.offset,
        LayerStart(
          input: entry.input, output: entry.output, seed: seed, key: UInt64(index), initializer: initializer,
          slopeGain: slopeGain(ofEntry: index), signalGain: signalGain(ofEntry: index)))
    }
    initializeActivations(parameters, seed: seed)
  }

  private func initializeActivations(_ parameters: UnsafeMutablePointer<Float>, seed: UInt64) {
    for (_, site) in sites {
      specification.activations[site.activation].initialize(
        parameters + site.offset, units: site.units, seed: seed, key: site.offset)
    }
  }

  /// A state whose activations are as before training, for pictures of how they began. Everything else is zero: no weight
  /// is drawn.
  public func initialActivations(seed: UInt64) -> ModelState {
    var parameters = [Float](repeating: 0, count: parameterCount)
    parameters.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { initializeActivations(base, seed: seed) }
    }
    return ModelState(
      parameters: parameters, statistics: [Float](repeating: 0, count: statisticCount),
      stages: specification.stages)
  }
}

extension ActivationSpecification {
  /// Writes the initial parameters: raw values, or a generator whose outputs are so small that training starts at the
  /// named function.
  fileprivate func initialize(_ start: UnsafeMutablePointer<Float>, units: Int, seed: UInt64, key: Int) {
    switch kind {
    // All logits start at 0: no function is preferred.
    case .random, .mixture: break
    case .single(let function):
      let sets = granularity == .unit ? units : 1
      for (index, raw) in function.parameters.initialRaw.enumerated() {
        (start + index * sets).update(repeating: Float(raw), count: sets)
      }
    case .generated(let hypernetwork):
      let widths = hypernetwork.generatorWidths(units: units)
      var weights = start
      var stream = RandomStream(seed: seed, stream: .hypernetwork, layer: UInt64(key))
      for (depth, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
        let isLast = depth == widths.count - 2
        let gain = isLast ? 0.01 : 1
        InitialDistribution.normal(variance: gain * gain / Double(inputs)).fill(
          weights, rows: inputs, columns: outputs, from: &stream)
        weights += (inputs + 1) * outputs
      }
    }
  }
}
