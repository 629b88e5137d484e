// The run itself: epochs of mini-batch steps, metrics after each, and every way in which it can end.

import Activations
import Data
import Engine

extension PreparedTraining {
  /// Trains on the caller's thread, and others where the model is large enough, until it ends; the same specification,
  /// data and seed give the same bits.
  ///
  /// - Parameters:
  ///   - threads: what `training.threads` is held against.
  ///   - isCancelled: polled before every mini-batch.
  ///   - report: called at the end of the first epoch, then at most ten times a second, and for the last epoch.
  ///   - now: seconds of a monotonic clock; it decides when to report and `max_seconds`, never a number.
  public func run(
    threads: ThreadAllowance = .one, isCancelled: @Sendable () -> Bool, report: (TrainingEvent) -> Void,
    now: () -> Double
  ) -> TrainingOutcome {
    var loop = TrainingLoop(self, threads: threads, startedAt: now())
    return loop.run(isCancelled: isCancelled, report: report, now: now)
  }
}

private struct TrainingLoop {
  /// Metrics of the training rows are taken on at most so many of them, evenly spaced, to bound what they cost.
  static let evaluatedTrainingRows = 500
  static let evaluatedValidationRows = 10_000
  static let secondsBetweenReports = 0.1
  static let secondsBetweenSnapshots = 1.0
  /// An epoch's mean loss above so many times the first loss (but at least this) is an explosion, finite or not.
  static let explosion = 1e4

  private enum Interruption {
    case cancelled, timeLimit
    case diverged(step: Int, String)
  }

  private let prepared: PreparedTraining
  private let training: TrainingSection
  private let steps: StepPlan
  private let schedule: Schedule
  private let threads: ThreadAllowance
  /// A new one for every stage of splines.
  private var model: Model
  private let evaluator: Evaluator
  private let evaluatedTraining: Examples
  private let evaluatedValidation: Examples
  private let startedAt: Double
  private var series: MetricSeries
  private var stopping: EarlyStopping
  private let monitored: Int
  private var order: [Int32]
  private var iteration = 0
  private var firstLoss: Double?
  private var best: (state: ModelState, epoch: Int)?
  private var lastReport = -Double.infinity
  private var lastSnapshot: Double

  init(_ prepared: PreparedTraining, threads: ThreadAllowance, startedAt: Double) {
    self.prepared = prepared
    self.threads = threads
    self.startedAt = startedAt
    let (dataset, training) = (prepared.dataset, prepared.specification.training)
    self.training = training
    lastSnapshot = startedAt
    steps = StepPlan(training, rows: dataset.training.rows)
    schedule = training.schedule.schedule(stepsPerEpoch: steps.stepsPerEpoch)
    let specification = prepared.assembly.specification
    model = Model(
      specification.at(stages: specification.stages(ofEpoch: 1, of: steps.epochs)), loss: dataset.task.loss,
      batchSize: steps.rowsPerStep,
      seed: prepared.seed,
      initializer: training.initializer, optimizer: training.optimizer,
      threads: training.threads.most(threads))
    evaluator = Evaluator(task: dataset.task, targets: dataset.targetEncoder)
    evaluatedTraining = dataset.training.sample(maximum: Self.evaluatedTrainingRows)
    evaluatedValidation = dataset.validation.sample(maximum: Self.evaluatedValidationRows)
    let names = MetricNames.names(of: dataset.task, hasValidation: dataset.validation.rows > 0)
    series = MetricSeries(names: names)
    let early = training.earlyStopping
    let metric = early?.metric ?? (dataset.validation.rows > 0 ? "validation_loss" : "training_loss")
    monitored = names.firstIndex(of: metric) ?? 0
    stopping = EarlyStopping(
      higherIsBetter: MetricNames.isBetterWhenHigher(metric), minimumDelta: early?.minimumDelta ?? 0,
      patience: early?.patience)
    order = (0..<Int32(dataset.training.rows)).map { $0 }
  }

  mutating func run(
    isCancelled: () -> Bool, report: (TrainingEvent) -> Void, now: () -> Double
  ) -> TrainingOutcome {
    var ending = TrainingOutcome.Ending.succeeded
    for epoch in 1...steps.epochs {
      model = model.refined(to: model.specification.stages(ofEpoch: epoch, of: steps.epochs))
      let before = model.state()
      if let interruption = trainEpoch(epoch, isCancelled: isCancelled, now: now) {
        ending = self.ending(interruption, epoch: epoch)
        // Parameters may be finite still, but so large that no answer is; and running statistics may be infinite.
        if case .diverged = interruption { model = model.restored(to: before) }
        break
      }
      selectBestCandidates()
      let row = metrics()
      series.append(epoch: epoch, row: row)
      let verdict = stopping.on(epoch: epoch, value: row[monitored])
      if verdict == .improved, training.earlyStopping != nil { best = (model.state(), epoch) }
      let isLast = epoch == steps.epochs || verdict == .stop
      reportEpoch(epoch, isLast: isLast, to: report, at: now())
      if verdict == .stop { break }
    }
    let seconds = now() - startedAt
    let trainedEpochs = series.epochs.last ?? 0
    if let best { model = model.restored(to: best.state) }
    let keptEpoch = best?.epoch ?? trainedEpochs
    let metrics = zip(series.names, series.values).compactMap { name, column in
      keptEpoch > 0 ? (name, column[keptEpoch - 1]) : nil
    }
    return TrainingOutcome(
      ending: ending, series: series, bestEpoch: stopping.bestEpoch, metrics: metrics,
      epochsTrained: trainedEpochs,
      iterations: iteration, trainingSeconds: seconds, trained: snapshot(epoch: keptEpoch))
  }

  private func ending(_ interruption: Interruption, epoch: Int) -> TrainingOutcome.Ending {
    switch interruption {
    case .cancelled: .cancelled
    case .timeLimit: .timeLimit(seconds: prepared.specification.maximumSeconds)
    case .diverged(let step, let message): .diverged(epoch: epoch, iteration: step + 1, message: message)
    }
  }

  // MARK: - Steps

  private mutating func trainEpoch(
    _ epoch: Int, isCancelled: () -> Bool, now: () -> Double
  ) -> Interruption? {
    if training.shuffle {
      var random = RandomStream(seed: prepared.seed, stream: .shuffle, step: UInt64(epoch))
      // From the same order every time, so that an epoch's order depends on nothing but its number.
      for position in order.indices { order[position] = Int32(position) }
      random.shuffle(&order)
    }
    var lossSum = 0.0
    let range = steps.steps(ofEpoch: epoch)
    for step in range {
      if isCancelled() { return .cancelled }
      if now() - startedAt > prepared.specification.maximumSeconds { return .timeLimit }
      finalizeChoices(step: step)
      model.threads = training.threads.now(threads)
      let factor = Float(schedule.factor(step: step, of: steps.total))
      let loss = trainStep(step, epoch: epoch, factor: factor)
      if !loss.isFinite { return .diverged(step: step, "the loss became \(name(of: loss))") }
      if !model.lastStepWasApplied {
        return .diverged(step: step, "the gradient's norm became \(name(of: model.lastGradientNorm))")
      }
      if firstLoss == nil { firstLoss = loss }
      lossSum += loss
      iteration = step + 1
    }
    let mean = lossSum / Double(range.count)
    if mean > Self.explosion * max(1, firstLoss ?? 1) {
      return .diverged(step: range.upperBound - 1, "the mean loss of the epoch exploded to \(mean)")
    }
    if !model.parameters.allSatisfy(\.isFinite) {
      return .diverged(step: range.upperBound - 1, "a parameter became infinite or NaN")
    }
    return nil
  }

  private func trainStep(_ step: Int, epoch: Int, factor: Float) -> Double {
    let examples = prepared.dataset.training
    return order.withUnsafeBufferPointer { order in
      examples.inputs.withUnsafeBufferPointer { inputs in
        examples.targets.withUnsafeBufferPointer { targets in
          guard let input = inputs.baseAddress, let target = targets.baseAddress else { return .nan }
          return model.trainStep(
            inputs: input, targets: target,
            rows: UnsafeBufferPointer(rebasing: order[steps.batch(step: step)]),
            step: step, epoch: epoch, learningRateFactor: factor,
            progress: Double(step) / Double(steps.total))
        }
      }
    }
  }

  private func name(of value: Double) -> String { value.isNaN ? "NaN" : "infinite" }

  // MARK: - Random activations

  /// The last tenth of training with inference `finalize` uses the most probable candidate.
  private func finalizeChoices(step: Int) {
    guard step == steps.total - max(1, steps.total / 10) else { return }
    for (index, activation) in model.specification.activations.enumerated() {
      if case .random(let choice) = activation.kind, choice.inference == .finalize {
        model.fixChoice(choice.mostProbable, ofActivation: index)
      }
    }
  }

  /// With inference `best` each activation in turn takes the candidate of the lowest validation loss (training loss
  /// without validation rows), the first of equal ones.
  private func selectBestCandidates() {
    let examples = evaluatedValidation.rows > 0 ? evaluatedValidation : evaluatedTraining
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

  // MARK: - Reports

  private func metrics() -> [Double] {
    let measured = evaluator.measure(model, evaluatedTraining)
    return evaluatedValidation.rows > 0 ? measured + evaluator.measure(model, evaluatedValidation) : measured
  }

  private mutating func reportEpoch(
    _ epoch: Int, isLast: Bool, to report: (TrainingEvent) -> Void, at time: Double
  ) {
    guard isLast || time - lastReport >= Self.secondsBetweenReports else { return }
    lastReport = time
    let elapsed = max(time - startedAt, 1e-9)
    let perStep = elapsed / Double(iteration)
    var current: TrainedModel?
    if time - lastSnapshot >= Self.secondsBetweenSnapshots {
      lastSnapshot = time
      current = snapshot(epoch: epoch)
    }
    report(
      .epoch(
        EpochReport(
          epoch: epoch, epochs: steps.epochs, iteration: iteration, iterations: steps.total,
          ratio: Double(iteration) / Double(steps.total), metrics: series.latest, series: series,
          rowsPerSecond: Double(epoch) * Double(steps.rows) / elapsed,
          remainingSeconds: perStep * Double(steps.total - iteration), snapshot: current)))
  }

  private func snapshot(epoch: Int) -> TrainedModel {
    TrainedModel(
      prepared, model: model, epoch: epoch,
      inputStatistics: InputStatistics.measure(model, evaluatedTraining),
      candidates: candidateReports())
  }

  /// How each random layer's candidates fared, in the order of the activation layers.
  private func candidateReports() -> [[CandidateReport]] {
    let layers = model.activationLayers
    let choices = layers.compactMap { layer in
      if case .random(let choice) = layer.specification.kind { choice } else { nil }
    }
    // One rule sets all random layers at once, so that a candidate can be judged only where every layer has it.
    let common = choices.map(\.candidates.count).min() ?? 0
    let losses = (0..<common).map { evaluator.loss(model, evaluatedValidation, rule: .candidate($0)) }
    return layers.map { layer in
      guard case .random(let choice) = layer.specification.kind else { return [] }
      return choice.names.indices.map { index in
        CandidateReport(
          function: choice.names[index], probability: choice.probabilities[index], draws: layer.draws[index],
          validationLoss: index < common ? losses[index] : .nan)
      }
    }
  }
}
