// The penalty on a spline's bends: its gradient, that it counts once, and that it straightens.

import Activations
import Engine
import Testing

@Suite struct BendPenaltyTests {
  private func model(smoothness: Double, granularity: String = "layer", hidden: [Int] = [4]) throws -> Model {
    Model(
      network(
        inputs: 3, hidden: hidden, outputs: 2,
        try strategy(
          "spline",
          ["initial": "sin", "smoothness": .number(smoothness), "granularity": .string(granularity)])),
      loss: .meanSquaredError, batchSize: 16, seed: 3)
  }

  private let sample = Sample(.meanSquaredError, rows: 16, inputs: 3, outputs: 2)

  /// Σ |cₖ₋₁ − 2cₖ + cₖ₊₁| / h of every parameter set.
  private func bends(_ model: Model) -> Double {
    var total = 0.0
    for layer in model.activationLayers {
      for set in layer.parameters[0].current.indices {
        let c = layer.parameters.map { Double($0.current[set]) }
        for k in 1..<c.count - 1 {
          total += abs(c[k - 1] - 2 * c[k] + c[k + 1]) / 0.4
        }
      }
    }
    return total
  }

  @Test(arguments: ["network", "layer", "unit"])
  func `the gradient is that of the penalty`(_ granularity: String) throws {
    let (plain, smooth) = (
      try model(smoothness: 0, granularity: granularity, hidden: [4, 4]),
      try model(smoothness: 0.5, granularity: granularity, hidden: [4, 4])
    )
    #expect(plain.differentiate(sample) == smooth.differentiate(sample), "the loss is that of the data")
    // Shared by the network the coefficients are one vector, which both layers show.
    let copies = granularity == "network" ? 2.0 : 1
    var found = 0
    for (index, (with, without)) in zip(smooth.gradients, plain.gradients).enumerated() where with != without
    {
      found += 1
      let value = smooth.parameters[index]
      smooth.parameters[index] = value + 1e-3
      let above = bends(smooth)
      smooth.parameters[index] = value - 1e-3
      let below = bends(smooth)
      smooth.parameters[index] = value
      #expect(abs(Double(with - without) - 0.5 * (above - below) / copies / 2e-3) < 2e-2)
    }
    #expect(found > 5)
  }

  @Test func `smoothness straightens`() throws {
    let (plain, smooth) = (try model(smoothness: 0), try model(smoothness: 0.01))
    for step in 0..<300 {
      plain.step(sample, step)
      smooth.step(sample, step)
    }
    #expect(bends(smooth) < 0.7 * bends(plain))
  }
}
