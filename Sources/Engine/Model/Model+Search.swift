// The training step of a rule that looks at several places before it settles for one.

extension Model {
  /// One iteration of a line search on a batch; the running statistics take in the batch once, as it was at the start.
  ///
  /// - Returns: the mean loss before the step.
  func search(
    _ rule: LBFGSState, _ batch: TrainingBatch, step: Int, epoch: Int, progress: Double
  ) -> Double {
    var norm = 0.0
    let outcome = rule.step(parameters: parameterBuffer.base, gradients: gradientBuffer.base) { isFirst in
      let loss = run(batch, step: step, epoch: epoch, progress: progress, recordsStatistics: isFirst)
      if isFirst { norm = lastGradientNorm }
      var penalty = 0.0
      for bends in bendPenalties { penalty += bends.value(parameters: parameterBuffer.base) }
      return (loss, penalty)
    }
    lastGradientNorm = norm
    lastStepWasApplied = outcome.isFinite
    return outcome.loss
  }
}
