// The steps of an epoch, and the random activations that are decided between them.

import Activations
import Data
import Engine

extension TrainingLoop {
  /// An epoch's mean loss above so many times the first loss (but at least this) is an explosion, finite or not.
  private static let explosion = 1e4

  /// Why an epoch was broken off.
  enum Interruption {
    case cancelled, timeLimit
    case diverged(step: Int, String)
  }

  /// Trains what is left of an epoch, counted from 1; nil where it came to its end.
  mutating func trainEpoch(
    _ epoch: Int, keeper: (any StateKeeper)?, isCancelled: () -> Bool, now: () -> Double
  ) -> Interruption? {
    if training.shuffle {
      var random = RandomStream(seed: prepared.seed, stream: .shuffle, step: UInt64(epoch))
      // From the same order every time, so that an epoch's order depends on nothing but its number.
      for position in order.indices { order[position] = Int32(position) }
      random.shuffle(&order)
    }
    let range = steps.steps(ofEpoch: epoch)
    for step in iteration..<range.upperBound {
      if isCancelled() { return .cancelled }
      let time = now()
      if time - startedAt > prepared.specification.maximumSeconds { return .timeLimit }
      if let keeper, iteration > 0, keeper.wantsState(at: time) {
        keeper.take(state(at: time), isLast: false)
      }
      finalizeChoices(step: step)
      model.threads = training.threads.now(threads)
      let factor = Float(schedule.factor(step: step, of: steps.total))
      let loss = trainStep(step, epoch: epoch, factor: factor)
      if !loss.isFinite { return diverged(step, "the loss became \(name(of: loss))") }
      if !model.lastStepWasApplied {
        return diverged(step, "the gradient's norm became \(name(of: model.lastGradientNorm))")
      }
      gradientNorms?.append(model.lastGradientNorm)
      if firstLoss == nil { firstLoss = loss }
      lossSum += loss
      iteration = step + 1
    }
    let mean = lossSum / Double(range.count)
    if mean > Self.explosion * max(1, firstLoss ?? 1) {
      return diverged(range.upperBound - 1, "the mean loss of the epoch exploded to \(mean)")
    }
    if !model.parameters.allSatisfy(\.isFinite) {
      return diverged(range.upperBound - 1, "a parameter became infinite or NaN")
    }
    gradientNorms?.endEpoch(epoch)
    return nil
  }

  /// With what recurrent layers held in the step that was the last.
  private func diverged(_ step: Int, _ message: String) -> Interruption {
    let origins = prepared.assembly.layers.flatMap(\.origins)
    let states = model.recurrentStateSizes.map { size in
      let (layer, symbol) = (origins[size.layer], size.isCellState ? "|c|" : "|h|")
      let found =
        "in \(layer.name) (`\(layer.type)`) the largest \(symbol) was \(size.largest), at step \(size.step + 1) of a row"
      return found
        + (size.firstNotFinite.map { ", and from step \($0 + 1) on it was no longer finite" } ?? "")
    }
    return .diverged(step: step, ([message] + states).joined(separator: "; "))
  }

  private func trainStep(_ step: Int, epoch: Int, factor: Float) -> Double {
    let examples = prepared.dataset.training
    return order.withUnsafeBufferPointer { order in
      examples.withPointers { inputs, targets, lengths in
        model.trainStep(
          inputs: inputs, targets: targets,
          rows: UnsafeBufferPointer(rebasing: order[steps.batch(step: step)]), lengths: lengths,
          step: step, epoch: epoch, learningRateFactor: factor,
          progress: Double(step) / Double(steps.total))
      }
    } ?? .nan
  }

  private func name(of value: Double) -> String { value.isNaN ? "NaN" : "infinite" }

  // MARK: - Random activations

  /// The last tenth of training with inference `finalize` uses the most probable candidate.
  private func finalizeChoices(step: Int) {
    guard step >= steps.total - max(1, steps.total / 10) else { return }
    for (index, activation) in model.specification.activations.enumerated() {
      if case .random(let choice) = activation.kind, choice.inference == .finalize {
        model.fixChoice(choice.mostProbable, ofActivation: index)
      }
    }
  }

  /// With inference `best` each activation in turn takes the candidate of the lowest validation loss (training loss
  /// without validation rows), the first of equal ones.
  func selectBestCandidates() {
    let examples = evaluated.validation.rows > 0 ? evaluated.validation : evaluated.training
    for (index, activation) in model.specification.activations.enumerated() {
      guard case .random(let choice) = activation.kind, choice.inference == .best else { continue }
      var best = (candidate: 0, loss: Double.infinity)
      for candidate in choice.candidates.indices {
        model.select(candidate, ofActivation: index)
        let loss = evaluator.loss(model, examples)
        if loss < best.loss { best = (candidate, loss) }
      }
      model.select(best.candidate, ofActivation: index)
    }
  }
}
