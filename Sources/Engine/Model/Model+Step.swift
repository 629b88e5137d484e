// The training step and the forward pass, as every member of the model's team runs them.

import CKernels

/// What a model's team is working on.
enum TeamTask {
  case none
  case forward(Pass, input: UnsafePointer<Float>)
  case step(Pass, TrainingBatch)
}

/// One step's rows, and whether they move the parameters.
struct TrainingBatch {
  var inputs: UnsafePointer<Float>
  var targets: UnsafePointer<Float>
  var rows: UnsafeBufferPointer<Int32>
  /// Steps of every row of the data set; nil: all of them.
  var lengths: UnsafePointer<Int32>?
  /// The schedule's factor on the learning rate; nil: no update.
  var learningRateFactor: Float?
}

extension Model {
  /// One step: gather, draw, forward, loss, backward, clip, update; or all but the last two at several places, of which
  /// one is taken (``LBFGS``).
  ///
  /// Where the loss or the gradient's norm is not finite, the parameters stay as they are, so that the last finite ones
  /// survive; ``lastStepWasApplied`` tells.
  ///
  /// - Parameters:
  ///   - inputs: row-major, all rows of the data set.
  ///   - targets: row-major, ``Loss/targetsPerRow(outputs:)`` numbers per row, or for each step of a row where the model
  ///     gives sequences.
  ///   - rows: the rows of the batch, 1...``batchSize`` of them.
  ///   - lengths: how many steps of each row of the data set there are, at least 1; what follows them does not count. Nil:
  ///     all of them.
  ///   - step: the iteration, counted from 0; keys dropout, noise, and the draws of every iteration.
  ///   - epoch: keys the draws of every epoch.
  ///   - learningRateFactor: the schedule's.
  ///   - progress: the share of training that is done, in [0, 1]; decides temperatures.
  /// - Returns: the mean loss before the update, as the drawn functions and dropout masks gave it.
  public func trainStep(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>,
    lengths: UnsafePointer<Int32>? = nil, step: Int, epoch: Int, learningRateFactor: Float = 1,
    progress: Double = 0
  ) -> Double {
    var batch = TrainingBatch(inputs: inputs, targets: targets, rows: rows, lengths: lengths)
    switch rule.kind {
    case .gradient:
      batch.learningRateFactor = learningRateFactor
      return run(batch, step: step, epoch: epoch, progress: progress)
    case .search(let search): return self.search(search, batch, step: step, epoch: epoch, progress: progress)
    }
  }

  /// A step without its update: leaves the gradient in ``gradients``.
  package func computeGradients(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>,
    lengths: UnsafePointer<Int32>? = nil, step: Int, epoch: Int, progress: Double = 0
  ) -> Double {
    run(
      TrainingBatch(inputs: inputs, targets: targets, rows: rows, lengths: lengths), step: step,
      epoch: epoch, progress: progress)
  }

  func run(
    _ batch: TrainingBatch, step: Int, epoch: Int, progress: Double, recordsStatistics: Bool = true
  ) -> Double {
    precondition(
      batch.rows.count > 0 && batch.rows.count <= batchSize, "a step takes from one row to the batch size")
    draws.draw(step: UInt64(step), epoch: UInt64(epoch))
    var pass = predictor.makePass(
      rows: batch.rows.count, .training(seed: seed, step: UInt64(step), progress: progress))
    pass.recordsStatistics = recordsStatistics
    pass.lengths = predictor.measureLengths(
      batch.inputs, batch.lengths, rows: batch.rows.count, order: batch.rows)
    layers.prepare(pass)
    countLosses(pass)
    for range in accumulatedGradients {
      (gradientBuffer.base + range.lowerBound).update(repeating: 0, count: range.count)
    }
    task = .step(pass, batch)
    team.run(self, members: threads, units: pass.rows, pace: &stepPace)
    return meanLoss
  }

  /// Finds out how many steps of the rows count.
  private func countLosses(_ pass: Pass) {
    let positions = plan.output.positions
    losses = (pass.rows * positions, pass.rows * positions)
    guard let lengths = layers.outputLengths(pass) else { return }
    losses.valid = (0..<pass.rows).reduce(0) { $0 + min(positions, Int(lengths[$1])) }
  }

  /// A pass forward by the team.
  func forward(_ pass: Pass, input: UnsafePointer<Float>) {
    task = .forward(pass, input: input)
    team.run(self, members: threads, units: pass.rows, pace: &forwardPace)
  }

  /// The mean of the losses of a step's rows, or of those of their steps that count.
  private var meanLoss: Double {
    var sum = 0.0
    for index in 0..<losses.all { sum += terms[index] }
    return sum / Double(losses.valid)
  }
}

// MARK: - A member's part

extension Model: TeamWork {
  package func work(as member: Member) {
    switch task {
    case .none: break
    case .forward(let pass, let input): layers.forward(pass, input: input, member: member)
    case .step(let pass, let batch):
      differentiate(pass, batch, member)
      measure(member, isUpdating: batch.learningRateFactor != nil)
      if let factor = batch.learningRateFactor, lastStepWasApplied { update(factor, member) }
    }
  }

  /// The member's rows, gathered and taken forward and back; then its share of the gradient.
  private func differentiate(_ pass: Pass, _ step: TrainingBatch, _ member: Member) {
    let width = specification.inputs
    let targetWidth = plan.output.positions * loss.targetsPerRow(outputs: specification.outputs)
    let share = pass.share(of: member)
    for position in share.first..<share.first + share.rows {
      let row = Int(step.rows[position])
      (batch.inputs.base + position * width).update(from: step.inputs + row * width, count: width)
      (batch.targets.base + position * targetWidth).update(
        from: step.targets + row * targetWidth, count: targetWidth)
    }
    layers.forward(pass, input: batch.inputs.base, member: member)
    differentiateLoss(share, targetWidth: targetWidth, lengths: layers.outputLengths(pass))
    layers.backward(pass, input: batch.inputs.base, member: member)
    member.meet()
    guard !bendPenalties.isEmpty else { return }
    if member.index == 0 {
      for penalty in bendPenalties {
        penalty.addGradient(parameters: parameterBuffer.base, gradients: gradientBuffer.base)
      }
    }
    member.meet()
  }

  /// The losses of a member's rows and the gradient by what the layers gave; of padding both are 0.
  private func differentiateLoss(_ share: Pass, targetWidth: Int, lengths: UnsafePointer<Int32>?) {
    let (outputs, positions) = (specification.outputs, plan.output.positions)
    /// Rows of the loss, from one of them on.
    func differentiate(_ first: Int, _ rows: Int) {
      loss.differentiate(
        logits: layers.output + first * outputs,
        targets: batch.targets.base + first * (targetWidth / positions), rows: rows, outputs: outputs,
        batchRows: losses.valid, values: terms + first, gradient: layers.outputGradient + first * outputs)
    }
    guard let lengths else {
      return differentiate(share.first * positions, share.rows * positions)
    }
    for row in share.first..<share.first + share.rows {
      let length = min(positions, Int(lengths[row]))
      let end = row * positions + length
      differentiate(row * positions, length)
      (terms + end).update(repeating: 0, count: positions - length)
      (layers.outputGradient + end * outputs).update(repeating: 0, count: (positions - length) * outputs)
    }
  }

  /// The gradient's norm from the sums of its parts, and with it whether the step is to be applied.
  private func measure(_ member: Member, isUpdating: Bool) {
    let (parts, squares) = (Self.parts(of: parameterCount), terms + lossCount)
    for part in member.share(of: parts) {
      let start = part * Self.partLength
      squares[part] = sums.pointee.sum_of_squares(
        gradientBuffer.base + start, min(Self.partLength, parameterCount - start))
    }
    member.meet()
    if member.index == 0 {
      var sum = 0.0
      for part in 0..<parts { sum += squares[part] }
      if !sum.isFinite {
        // A square may be out of the range of single precision when the norm is not.
        sum = ck_reduce_reference().pointee.sum_of_squares(gradientBuffer.base, parameterCount)
      }
      lastGradientNorm = sum.squareRoot()
      if isUpdating {
        lastStepWasApplied = meanLoss.isFinite && lastGradientNorm.isFinite
        if lastStepWasApplied, case .gradient(let optimizer) = rule.kind { optimizer.beginUpdate() }
      }
    }
    member.meet()
  }

  /// Moves the member's share of the parameters.
  private func update(_ learningRateFactor: Float, _ member: Member) {
    guard case .gradient(let optimizer) = rule.kind else { return }
    var scale: Float = 1
    if let clipNorm, lastGradientNorm > clipNorm { scale = Float(clipNorm / lastGradientNorm) }
    let update = Update(parameters: parameterBuffer.base, gradients: gradientBuffer.base, scale: scale)
    let share = member.share(of: parameterCount, unit: 16)
    for var group in groups {
      group.range = group.range.clamped(to: share)
      if group.range.isEmpty { continue }
      group.learningRate *= learningRateFactor
      optimizer.apply(update, to: group)
    }
  }
}

// MARK: - Sizes

extension Model {
  /// Parameters of a part of the gradient whose squares are summed up by themselves.
  private static let partLength = 16_384

  static func parts(of parameterCount: Int) -> Int { (parameterCount + partLength - 1) / partLength }

  /// Multiply-adds of a step for which another thread is worth the microseconds that meeting takes: about 5 µs of work.
  private static let multiplyAddsPerThread = 250_000

  /// How many threads a step has work for: one for each 250,000 multiply-adds in matrix products, forward and back, and
  /// no more than it has blocks of rows.
  static func teamSize(_ plan: ModelPlan, batchSize: Int, threads: Int) -> Int {
    let widest = plan.entries.map { max($0.inputs, $0.outputs) }.max() ?? 1
    let blockRows = BlockSums.blockRows(
      rows: batchSize, widest: widest, summed: plan.summedParameterCount)
    return max(
      1,
      min(
        threads, 3 * plan.multiplyAddsPerRow * batchSize / multiplyAddsPerThread,
        (batchSize + blockRows - 1) / blockRows))
  }
}
