// The run itself: epochs of mini-batch steps, metrics after each, and every way in which it can end.

import Data
import Engine

extension PreparedTraining {
  /// Trains on the caller's thread, and others where the model is large enough, until it ends; the same specification,
  /// data and seed give the same bits.
  ///
  /// - Parameters:
  ///   - threads: what `training.threads` is held against.
  ///   - isCancelled: polled before every mini-batch, and before every block of rows that an epoch's metrics are taken on.
  ///   - report: called at the end of the first epoch, then at most ten times a second, and for the last epoch.
  ///   - now: seconds of a monotonic clock; it decides when to report and `max_seconds`, never a number.
  ///   - keeper: is given states of the run while it goes on, and one when it is cancelled.
  public func run(
    threads: ThreadAllowance = .one, keeper: (any StateKeeper)? = nil, isCancelled: @Sendable () -> Bool,
    report: (TrainingEvent) -> Void, now: () -> Double
  ) -> TrainingOutcome {
    var loop = TrainingLoop(self, threads: threads, startedAt: now())
    return loop.run(keeper: keeper, isCancelled: isCancelled, report: report, now: now)
  }

  /// Goes on with a run that was put down, to the bits that it would have had: as
  /// ``run(threads:keeper:isCancelled:report:now:)``.
  ///
  /// - Parameter resumed: called once, before the first step, if the state is one of this training.
  /// - Returns: nil, at once, if the state is that of another training.
  public func resume(
    from state: RunState, threads: ThreadAllowance = .one, keeper: (any StateKeeper)? = nil,
    isCancelled: @Sendable () -> Bool, resumed: (ResumedState) -> Void = { _ in },
    report: (TrainingEvent) -> Void, now: () -> Double
  ) -> TrainingOutcome? {
    var loop = TrainingLoop(self, threads: threads, startedAt: now())
    guard loop.resume(from: state) else { return nil }
    resumed(loop.resumed)
    return loop.run(keeper: keeper, isCancelled: isCancelled, report: report, now: now)
  }
}

/// One run of a prepared training.
struct TrainingLoop {
  let prepared: PreparedTraining
  let training: TrainingSection
  let keep: KeptState
  let steps: StepPlan
  let schedule: Schedule
  let threads: ThreadAllowance
  /// A new one for every stage of splines.
  var model: Model
  let evaluator: Evaluator
  let evaluated: EvaluatedRows
  /// Earlier by what the run had taken before it was put down.
  var startedAt: Double
  /// The metric by which an epoch is the best, and its place among the names of the series.
  let monitored: (name: String, index: Int)
  var series: MetricSeries
  var patience: Patience
  var states: KeptStates
  var order: [Int32]
  /// Metrics before the first step; empty before they are taken.
  var untrained: [Double] = []
  /// Steps done.
  var iteration = 0
  var firstLoss: Double?
  /// Of the losses of the epoch that has begun.
  var lossSum = 0.0
  /// Of recurrent models, whose gradients are products over all steps of a row; nil of others.
  var gradientNorms: GradientNorms?
  var lastReport = -Double.infinity
  /// When the model was last copied for a report, and which epoch's state that was.
  var lastSnapshot: (time: Double, epoch: Int)

  init(_ prepared: PreparedTraining, threads: ThreadAllowance, startedAt: Double) {
    self.prepared = prepared
    self.threads = threads
    self.startedAt = startedAt
    let (dataset, training) = (prepared.dataset, prepared.specification.training)
    self.training = training
    let hasValidation = dataset.validation.rows > 0
    keep = training.keptState(hasValidation: hasValidation)
    lastSnapshot = (startedAt, 0)
    steps = prepared.steps
    schedule = training.schedule.schedule(stepsPerEpoch: steps.stepsPerEpoch)
    let specification = prepared.assembly.specification
    model = Model(
      specification.at(stages: specification.stages(ofEpoch: 1, of: steps.epochs)), loss: dataset.task.loss,
      batchSize: steps.mostRows,
      seed: prepared.seed,
      initializer: training.initializer, optimizer: training.optimizer,
      threads: training.threads.most(threads))
    states = KeptStates(model)
    if specification.layers.contains(where: { $0.flattened.contains(where: \.isRecurrent) }) {
      gradientNorms = GradientNorms(stepsPerEpoch: steps.stepsPerEpoch)
    }
    evaluator = Evaluator(task: dataset.task, targets: dataset.targetEncoder)
    evaluated = EvaluatedRows(dataset, seed: prepared.seed)
    let names = MetricNames.names(of: dataset.task, hasValidation: hasValidation)
    series = MetricSeries(names: names)
    let metric = training.monitoredMetric(hasValidation: hasValidation)
    monitored = (metric, names.firstIndex(of: metric) ?? 0)
    patience = Patience(
      higherIsBetter: MetricNames.isBetterWhenHigher(metric),
      minimumDelta: training.earlyStopping?.minimumDelta ?? 0, epochs: training.earlyStopping?.patience)
    order = (0..<Int32(dataset.training.rows)).map { $0 }
  }

  mutating func run(
    keeper: (any StateKeeper)?, isCancelled: () -> Bool, report: (TrainingEvent) -> Void, now: () -> Double
  ) -> TrainingOutcome {
    var ending = TrainingOutcome.Ending.succeeded
    if untrained.isEmpty {
      guard let untrained = metrics(unless: isCancelled) else {
        return outcome(.cancelled, seconds: now() - startedAt)
      }
      self.untrained = untrained
    }
    while series.epochs.count < steps.epochs {
      let epoch = series.epochs.count + 1
      model = model.refined(to: model.specification.stages(ofEpoch: epoch, of: steps.epochs))
      if let interruption = trainEpoch(epoch, keeper: keeper, isCancelled: isCancelled, now: now) {
        ending = self.ending(interruption, epoch: epoch)
        break
      }
      selectBestCandidates()
      guard let row = metrics(unless: isCancelled) else {
        ending = .cancelled
        break
      }
      lossSum = 0
      series.append(epoch: epoch, row: row)
      let verdict = patience.on(epoch: epoch, value: row[monitored.index])
      states.take(model, isBest: verdict == .improved && keep == .best)
      reportEpoch(epoch, isLast: epoch == steps.epochs || verdict == .stop, to: report, at: now())
      if verdict == .stop { break }
    }
    let time = now()
    if case .cancelled = ending { keeper?.take(state(at: time), isLast: true) }
    return outcome(ending, seconds: time - startedAt)
  }

  private func ending(_ interruption: Interruption, epoch: Int) -> TrainingOutcome.Ending {
    switch interruption {
    case .cancelled: .cancelled
    case .timeLimit: .timeLimit(seconds: prepared.specification.maximumSeconds)
    case .diverged(let step, let message): .diverged(epoch: epoch, iteration: step + 1, message: message)
    }
  }

  // MARK: - The end

  private mutating func outcome(_ ending: TrainingOutcome.Ending, seconds: Double) -> TrainingOutcome {
    let lastEpoch = series.epochs.last ?? 0
    let keptEpoch = restoreKeptState(ending, lastEpoch: lastEpoch)
    // Before the first whole epoch's end no metrics belong to the state.
    let unfinished = lastEpoch == 0 ? metrics(unless: { false }) ?? [] : []
    func measured(_ epoch: Int) -> TrainingOutcome.Measured {
      let values = epoch == 0 ? unfinished : series.values.map { $0[epoch - 1] }
      return .init(epoch: epoch, metrics: zip(series.names, values).map { ($0, $1) })
    }
    var kept = measured(keptEpoch)
    if evaluated.test.rows > 0, let values = evaluator.measure(model, evaluated.test, unless: { false }) {
      let names = MetricNames.measures(of: prepared.task).map(DataPart.test.name)
      kept.metrics += zip(names, values).map { ($0, $1) }
    }
    let judgement = RunJudgement(
      ending: ending, series: series, untrained: untrained, keep: keep, best: best,
      monitored: monitored.name, stopsEarly: training.earlyStopping != nil,
      gradientSpike: gradientNorms?.spike, clipNorm: training.optimizer.gradientClipNorm)
    return TrainingOutcome(
      ending: ending, series: series, keep: keep, best: best, kept: kept, last: measured(lastEpoch),
      evaluatedRows: .init(
        training: evaluated.training.rows, validation: evaluated.validation.rows,
        test: evaluated.test.rows),
      iterations: iteration, trainingSeconds: seconds, warnings: judgement.warnings,
      trained: snapshot(epoch: keptEpoch))
  }

  /// Makes the model the one to keep; returns the epoch of its state.
  private mutating func restoreKeptState(_ ending: TrainingOutcome.Ending, lastEpoch: Int) -> Int {
    if let state = states.best, let best {
      model = model.restored(to: state)
      return best.epoch
    }
    // An epoch that was broken off leaves a state that no metrics belong to. Where it diverged, the parameters may be finite
    // still, but so large that no answer is; and running statistics may be infinite. Only where the first epoch was broken
    // off for another reason, what it learned is all that there is.
    let isDiverged = if case .diverged = ending { true } else { false }
    if isDiverged || lastEpoch > 0 { model = model.restored(to: states.newest) }
    return lastEpoch
  }

  // MARK: - Metrics

  var best: BestEpoch? {
    patience.best.map { BestEpoch(metric: monitored.name, value: $0.value, epoch: $0.epoch) }
  }

  private func metrics(unless isStopped: () -> Bool) -> [Double]? {
    guard let training = evaluator.measure(model, evaluated.training, unless: isStopped) else { return nil }
    guard evaluated.validation.rows > 0 else { return training }
    return evaluator.measure(model, evaluated.validation, unless: isStopped).map { training + $0 }
  }
}
