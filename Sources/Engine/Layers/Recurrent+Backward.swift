// The way back through a recurrent layer, and what its functions read.

import CKernels

extension Recurrent {
  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    sums.forEachBlock(pass) { start, rows, sums in
      let block = block(pass, start: start, rows: rows)
      let dy = dy + start * outputSteps * outputs
      for direction in directions {
        back(direction, block, dy: dy, sums)
        if dx != nil { project(back: direction, block) }
      }
      if let dx { give(dx + start * steps * features, block) }
    }
  }

  private func back(
    _ direction: RecurrentDirection, _ block: RecurrentBlock, dy: UnsafePointer<Float>,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    let count = block.rows * units
    let (dh, dc) = (
      outputGradient.base + block.first * units, stateGradient.base + block.first * units
    )
    dh.update(repeating: 0, count: count)
    dc.update(repeating: 0, count: count)
    if !options.returnsSequences { add(dy, 0, direction, block, to: dh) }
    for step in block.steps..<steps {
      let place = block.place(of: step)
      (direction.gateGradient.base + place * layout.gateWidth).update(
        repeating: 0, count: block.rows * layout.gateWidth)
      (direction.candidateGradient.base + place * units).update(repeating: 0, count: count)
      if cell.hasOwnRecurrentGradient {
        (direction.asideGradient.base + place * units).update(repeating: 0, count: count)
      }
    }
    for number in (0..<block.steps).reversed() {
      let time = block.step(number, of: direction)
      if options.returnsSequences { add(dy, time, direction, block, to: dh) }
      let step = memory(of: number, direction, block, sums: sums)
      guard block.pass.lengths != nil else {
        cell.backward(step)
        continue
      }
      // What comes to a row behind its end goes past the step to the one before.
      let kept = (
        output: keptGradients.output.base + block.first * units,
        state: keptGradients.state.base + block.first * units
      )
      for row in 0..<block.rows where !block.has(time, row: row) {
        let place = row * units
        (kept.output + place).update(from: dh + place, count: units)
        (kept.state + place).update(from: dc + place, count: units)
        (dh + place).update(repeating: 0, count: units)
        (dc + place).update(repeating: 0, count: units)
      }
      cell.backward(step)
      for row in 0..<block.rows where !block.has(time, row: row) {
        let place = row * units
        (dh + place).update(from: kept.output + place, count: units)
        (dc + place).update(from: kept.state + place, count: units)
      }
    }
  }

  /// Adds the gradient by a direction's outputs of a step, or by its last ones.
  private func add(
    _ dy: UnsafePointer<Float>, _ step: Int, _ direction: RecurrentDirection, _ block: RecurrentBlock,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<block.rows where !options.returnsSequences || block.has(step, row: row) {
      let dy = dy + (row * outputSteps + step) * outputs
      let gradient = gradient + row * units
      switch options.merge {
      case .concat:
        for unit in 0..<units { gradient[unit] += dy[direction.index * units + unit] }
      case .sum, nil: for unit in 0..<units { gradient[unit] += dy[unit] }
      case .ave: for unit in 0..<units { gradient[unit] += 0.5 * dy[unit] }
      case .mul:
        let other = output(directions[1 - direction.index], step, row, block)
        for unit in 0..<units { gradient[unit] += dy[unit] * other[unit] }
      }
    }
  }

  /// The gradient by the inputs of a block: written by the first direction, added to by the second.
  private func project(back direction: RecurrentDirection, _ block: RecurrentBlock) {
    var beta: Float = direction.index == 0 ? 0 : 1
    for run in layout.runs {
      let width = layout.width(of: run)
      let gradient = run.isCandidate ? direction.candidateGradient : direction.gateGradient
      kernels.pointee.gemm_nt(
        block.rows * block.steps, features, run.width,
        gradient.base + block.place * width + run.column, width,
        block.pass.parameters + direction.weight + run.stored, layout.width, beta, nil,
        inputGradient.base + block.place * features, features)
      beta = 1
    }
  }

  private func give(_ dx: UnsafeMutablePointer<Float>, _ block: RecurrentBlock) {
    for row in 0..<block.rows {
      for step in 0..<steps {
        let dx = dx + (row * steps + step) * features
        guard step < block.steps else {
          dx.update(repeating: 0, count: features)
          continue
        }
        dx.update(
          from: inputGradient.base + (block.place(of: step) + row) * features, count: features)
      }
    }
  }

  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    for direction in directions { differentiate(direction, pass, member) }
    var first = 0
    for function in functions.all {
      function.differentiate(pass, sums, from: first, member)
      first += function.sumCount
    }
  }

  /// A member takes some rows of W and of R; every number is summed over all rows and steps in their order in memory.
  private func differentiate(_ direction: RecurrentDirection, _ pass: Pass, _ member: Member) {
    let places = pass.rows * steps
    let (own, recurrent) = (member.share(of: features, unit: 8), member.share(of: units, unit: 8))
    for run in layout.runs {
      let width = layout.width(of: run)
      let gradient =
        (run.isCandidate ? direction.candidateGradient : direction.gateGradient).base + run.column
      if !own.isEmpty {
        kernels.pointee.gemm_tn(
          own.count, run.width, places, inputs.base + own.lowerBound, features, gradient, width, 0, nil,
          pass.gradients + direction.weight + own.lowerBound * layout.width + run.stored, layout.width)
      }
      let byRecurrent =
        run.isCandidate && cell.hasOwnRecurrentGradient ? direction.asideGradient.base : gradient
      let read =
        run.isCandidate && cell.hasAside && !cell.hasOwnRecurrentGradient ? direction.aside : direction.before
      if !recurrent.isEmpty {
        kernels.pointee.gemm_tn(
          recurrent.count, run.width, places, read.base + recurrent.lowerBound, units, byRecurrent, width, 0,
          nil,
          pass.gradients + direction.recurrentWeight + recurrent.lowerBound * layout.width + run.stored,
          layout.width)
      }
      guard member.index == 0 else { continue }
      if let bias = direction.bias {
        sum(gradient, rows: places, columns: run.width, of: width, to: pass.gradients + bias + run.stored)
      }
      if run.isCandidate, let bias = direction.recurrentBias {
        sum(byRecurrent, rows: places, columns: units, of: units, to: pass.gradients + bias)
      }
    }
  }

  private func sum(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int, of width: Int,
    to sums: UnsafeMutablePointer<Float>
  ) {
    sums.update(repeating: 0, count: columns)
    kernels.pointee.add_columns(rows, columns, values, width, sums)
  }

  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) {
    for direction in directions {
      switch functions.sites[site] {
      case .candidate:
        show(direction.candidate, width: units, pass, body)
        if functions.isShared { show(direction.state, width: units, pass, body) }
      case .gates: show(direction.gates, width: layout.gateWidth, pass, body)
      case .output: show(direction.state, width: units, pass, body)
      }
    }
  }

  private func show(_ values: FloatBuffer, width: Int, _ pass: Pass, _ body: ActivationInputs) {
    guard pass.lengths != nil else { return body(values.base, pass.rows * steps, width) }
    forEachBlock(pass) { _, block in
      for step in 0..<block.steps {
        for row in 0..<block.rows where block.has(step, row: row) {
          body(values.base + (block.place(of: step) + row) * width, 1, width)
        }
      }
    }
  }
}
