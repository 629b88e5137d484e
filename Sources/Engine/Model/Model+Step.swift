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
  ///   - targets: row-major, ``Loss/targetsPerRow(outputs:)`` numbers per row.
  ///   - rows: the rows of the batch, 1...``batchSize`` of them.
  ///   - step: the iteration, counted from 0; keys dropout, noise, and the draws of every iteration.
  ///   - epoch: keys the draws of every epoch.
  ///   - learningRateFactor: the schedule's.
  ///   - progress: the share of training that is done, in [0, 1]; decides temperatures.
  /// - Returns: the mean loss before the update, as the drawn functions and dropout masks gave it.
  public func trainStep(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>, step: Int,
    epoch: Int, learningRateFactor: Float = 1, progress: Double = 0
  ) -> Double {
    var batch = TrainingBatch(inputs: inputs, targets: targets, rows: rows)
    switch rule.kind {
    case .gradient:
      batch.learningRateFactor = learningRateFactor
      return run(batch, step: step, epoch: epoch, progress: progress)
    case .search(let search): return self.search(search, batch, step: step, epoch: epoch, progress: progress)
    }
  }

  /// A step without its update: leaves the gradient in ``gradients``.
  package func computeGradients(
    inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: UnsafeBufferPointer<Int32>, step: Int,
    epoch: Int, progress: Double = 0
  ) -> Double {
    run(
      TrainingBatch(inputs: inputs, targets: targets, rows: rows), step: step, epoch: epoch,
      progress: progress)
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
    layers.prepare(pass)
    for range in accumulatedGradients {
      (gradientBuffer.base + range.lowerBound).update(repeating: 0, count: range.count)
    }
    task = .step(pass, batch)
    team.run(self, members: threads, units: pass.rows, pace: &stepPace)
    return mean(of: batch.rows.count)
  }

  /// A pass forward by the team.
  func forward(_ pass: Pass, input: UnsafePointer<Float>) {
    task = .forward(pass, input: input)
    team.run(self, members: threads, units: pass.rows, pace: &forwardPace)
  }

  /// The mean of the losses of a step's rows.
  private func mean(of rows: Int) -> Double {
    var sum = 0.0
    for row in 0..<rows { sum += terms[row] }
    return sum / Double(rows)
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
      measure(member, rows: pass.rows, isUpdating: batch.learningRateFactor != nil)
      if let factor = batch.learningRateFactor, lastStepWasApplied { update(factor, member) }
    }
  }

  /// The member's rows, gathered and taken forward and back; then its share of the gradient.
  private func differentiate(_ pass: Pass, _ step: TrainingBatch, _ member: Member) {
    let (width, outputs) = (specification.inputs, specification.outputs)
    let targetWidth = loss.targetsPerRow(outputs: outputs)
    let share = pass.share(of: member)
    for position in share.first..<share.first + share.rows {
      let row = Int(step.rows[position])
      (batch.inputs.base + position * width).update(from: step.inputs + row * width, count: width)
      (batch.targets.base + position * targetWidth).update(
        from: step.targets + row * targetWidth, count: targetWidth)
    }
    layers.forward(pass, input: batch.inputs.base, member: member)
    loss.differentiate(
      logits: layers.output + share.first * outputs, targets: batch.targets.base + share.first * targetWidth,
      rows: share.rows, outputs: outputs, batchRows: pass.rows, values: terms + share.first,
      gradient: layers.outputGradient + share.first * outputs)
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

  /// The gradient's norm from the sums of its parts, and with it whether the step is to be applied.
  private func measure(_ member: Member, rows: Int, isUpdating: Bool) {
    let (parts, squares) = (Self.parts(of: parameterCount), terms + batchSize)
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
        lastStepWasApplied = mean(of: rows).isFinite && lastGradientNorm.isFinite
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

  /// How many threads a step has work for: one for each 250,000 multiply-adds of its dense layers, forward and back, and
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
