// What a training will take, guessed before it starts.

import Engine

/// What training will take, before it starts.
public struct EstimatedCost: Equatable, Sendable {
  /// Forward and backward passes of the dense layers over all steps.
  public var multiplyAdds: Double
  /// At a nominal 10⁹ multiply-adds per second and 20 µs per step; a guess within an order of magnitude.
  public var seconds: Double

  init(plan: ModelPlan, steps: StepPlan) {
    // Backward takes two products for each of forward's: one for the weights' gradient, one for the inputs'.
    multiplyAdds = 3 * Double(plan.multiplyAddsPerRow) * Double(steps.rowsPerStep) * Double(steps.total)
    seconds = multiplyAdds / 1e9 + 20e-6 * Double(steps.total)
  }
}
