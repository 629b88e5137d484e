// Which optimiser a model is trained with, and the settings that all of them share.

/// The optimiser and the settings that do not depend on which one it is.
///
/// Stages of one update, in order: the gradient is clipped by its global norm, weight decay is applied, the rule makes
/// the step. Decay touches dense weights, and activation parameters that ask for their own; never biases or the
/// parameters of normalisation layers.
package struct OptimizerSpecification: Sendable {
  /// The optimiser with its own settings.
  package var kind: any Optimizer
  /// η, before the schedule's factor and a block's multiplier.
  package var learningRate: Double
  /// λ of the dense weights.
  package var weightDecay: Double
  /// The largest global norm of a gradient; a longer one is scaled down to it. None: no clipping.
  package var gradientClipNorm: Double?

  /// An optimiser by its parts, each as its property says; without a learning rate it has its own default.
  package init<Kind: Optimizer>(
    kind: Kind = Adam(), learningRate: Double? = nil, weightDecay: Double = 0, gradientClipNorm: Double? = nil
  ) {
    self.kind = kind
    self.learningRate = learningRate ?? Kind.defaultLearningRate
    self.weightDecay = weightDecay
    self.gradientClipNorm = gradientClipNorm
  }

  /// The optimiser's state before the first step.
  func makeRule(blocks: [ParameterBlock], parameterCount: Int) -> StepRule {
    kind.makeRule(self, blocks: blocks, parameterCount: parameterCount)
  }

  /// Neighbouring blocks with the same rate, decay and age of moments, joined.
  func groups(of blocks: [ParameterBlock], momentStarts: [Double]) -> [UpdateGroup] {
    var groups: [UpdateGroup] = []
    for (block, start) in zip(blocks, momentStarts) where !block.range.isEmpty {
      let rate = Float(learningRate * block.learningRateMultiplier)
      let decay = Float(block.role == .weight ? weightDecay : block.weightDecay)
      if let last = groups.last, last.range.upperBound == block.range.lowerBound,
        last.learningRate == rate, last.weightDecay == decay, last.start == start
      {
        groups[groups.count - 1].range = last.range.lowerBound..<block.range.upperBound
      } else {
        groups.append(UpdateGroup(range: block.range, learningRate: rate, weightDecay: decay, start: start))
      }
    }
    return groups
  }
}
