// A recurrent layer: one kind of cell that reads a sequence, forwards or both ways.

import CKernels

/// What recurrent layers of every kind may be told.
public struct RecurrentOptions: Sendable, Hashable {
  /// How the outputs of both directions become one.
  public enum Merge: String, Sendable, CaseIterable {
    /// Side by side, forward first.
    case concat
    case sum
    /// Their mean.
    case ave
    /// Their product.
    case mul
  }

  /// Whether the output of every step is given, or the last one alone.
  public var returnsSequences = false
  /// What a second set of weights, which reads from the end, is joined by; nil where there is none.
  public var merge: Merge?
  /// Whether there are biases.
  public var usesBias = true
  /// Whether the biases of an LSTM's forget gates start at 1.
  public var unitForgetBias = true

  /// Options by their names.
  public init(
    returnsSequences: Bool = false, merge: Merge? = nil, usesBias: Bool = true, unitForgetBias: Bool = true
  ) {
    self.returnsSequences = returnsSequences
    self.merge = merge
    self.usesBias = usesBias
    self.unitForgetBias = unitForgetBias
  }
}

/// The layer over rows of steps × features.
///
/// A member of the team takes its rows through all steps without meeting anybody; the products that all steps can share (by
/// the inputs, and all gradients of weights) are taken over all of them at once. A row that has ended keeps its state, gives
/// 0 and gets no gradient.
final class Recurrent: Layer {
  let cell: any RecurrentCell
  let layout: CellLayout
  let functions: CellFunctions
  let directions: [RecurrentDirection]
  let steps: Int
  let features: Int
  let options: RecurrentOptions
  let kernels = ck_matrix_current()
  private let cells = ck_kernels_current().pointee.cells
  /// The inputs and their gradients, laid out as what a direction keeps.
  let inputs: FloatBuffer
  let inputGradient: FloatBuffer
  /// δh and δc of the block's rows, what is kept of them for rows that have ended, and room for a step.
  let outputGradient: FloatBuffer
  let stateGradient: FloatBuffer
  let keptGradients: (output: FloatBuffer, state: FloatBuffer)
  let gateScratch: FloatBuffer
  let scratch: FloatBuffer
  /// Before the first step.
  let nothing: FloatBuffer
  let sums: BlockSums

  init(
    _ cell: any RecurrentCell, _ layout: CellLayout, _ functions: CellFunctions,
    _ directions: [RecurrentDirection], input: RowShape, options: RecurrentOptions, memory: LayerMemory
  ) {
    self.cell = cell
    self.layout = layout
    self.functions = functions
    self.directions = directions
    self.options = options
    steps = input.positions
    features = input.channels
    let (rows, units) = (memory.trainingRows, layout.units)
    inputs = FloatBuffer(count: memory.rows * steps * features)
    inputGradient = FloatBuffer(count: rows * steps * features)
    outputGradient = FloatBuffer(count: rows * units)
    stateGradient = FloatBuffer(count: rows * units)
    keptGradients = (FloatBuffer(count: rows * units), FloatBuffer(count: rows * units))
    gateScratch = FloatBuffer(count: rows * layout.gateWidth)
    scratch = FloatBuffer(count: rows * units)
    nothing = FloatBuffer(count: memory.rows * units)
    sums = BlockSums(count: functions.sumCount, maximumRows: rows)
  }

  var units: Int { layout.units }
  /// Numbers of a step's output.
  var outputs: Int { options.merge == .concat ? 2 * units : units }
  var outputSteps: Int { options.returnsSequences ? steps : 1 }

  func prepare(_ pass: Pass) {
    for function in functions.all { function.prepare(pass) }
    guard case .training = pass.purpose else { return }
    for direction in directions { direction.transposeWeights(pass.parameters, layout) }
  }

  /// Calls `body` for each block of a call's rows, with where it starts in the call.
  @inline(__always)
  func forEachBlock(_ pass: Pass, _ body: (_ start: Int, _ block: RecurrentBlock) -> Void) {
    for start in stride(from: 0, to: pass.rows, by: pass.blockRows) {
      body(start, block(pass, start: start, rows: min(pass.blockRows, pass.rows - start)))
    }
  }

  func block(_ pass: Pass, start: Int, rows: Int) -> RecurrentBlock {
    let first = pass.first + start
    var longest = steps
    if pass.lengths != nil {
      longest = 0
      for row in start..<start + rows { longest = max(longest, pass.length(ofRow: row, steps: steps)) }
    }
    return RecurrentBlock(first: first, rows: rows, place: first * steps, steps: longest, pass: pass)
  }

  // MARK: Forward

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let width = outputSteps * outputs
    forEachBlock(pass) { start, block in
      read(x + start * steps * features, block)
      for direction in directions {
        project(direction, block)
        run(direction, block)
      }
      write(y + start * width, block)
    }
  }

  /// Copies the inputs of a block step by step.
  private func read(_ x: UnsafePointer<Float>, _ block: RecurrentBlock) {
    for step in 0..<steps {
      let place = inputs.base + block.place(of: step) * features
      for row in 0..<block.rows {
        (place + row * features).update(from: x + (row * steps + step) * features, count: features)
      }
    }
  }

  /// The inputs' part of all pre-activations of a block.
  private func project(_ direction: RecurrentDirection, _ block: RecurrentBlock) {
    let parameters = block.pass.parameters
    for run in layout.runs {
      let width = layout.width(of: run)
      let target = run.isCandidate ? direction.candidate : direction.gates
      kernels.pointee.gemm_nn(
        block.steps * block.rows, run.width, features, inputs.base + block.place * features, features,
        parameters + direction.weight + run.stored, layout.width, 0,
        direction.bias.map { UnsafePointer(parameters + $0 + run.stored) },
        target.base + block.place * width + run.column, width)
    }
  }

  private func run(_ direction: RecurrentDirection, _ block: RecurrentBlock) {
    let count = block.rows * units
    for step in block.steps..<steps {
      // The products over all rows and steps read what stands here.
      let place = block.place(of: step) * units
      (direction.before.base + place).update(repeating: 0, count: count)
      if cell.hasAside { (direction.aside.base + place).update(repeating: 0, count: count) }
    }
    let first = block.place(of: block.step(0, of: direction)) * units
    (direction.before.base + first).update(repeating: 0, count: count)
    for number in 0..<block.steps {
      let step = memory(of: number, direction, block, sums: nil)
      cell.forward(step)
      guard block.pass.lengths != nil else { continue }
      let time = block.step(number, of: direction)
      for row in 0..<block.rows where !block.has(time, row: row) {
        (step.output + row * units).update(from: step.before + row * units, count: units)
        if cell.hasState {
          (step.state + row * units).update(from: step.stateBefore + row * units, count: units)
        }
      }
    }
  }

  /// A step's place in memory, by its number in the order of reading.
  func memory(
    of number: Int, _ direction: RecurrentDirection, _ block: RecurrentBlock,
    sums: UnsafeMutablePointer<Float>?
  ) -> RecurrentStep {
    let pass = block.pass
    let time = block.step(number, of: direction)
    let place = block.place(of: time)
    let isTraining = if case .training = pass.purpose { true } else { false }
    let stateBefore =
      number == 0 || !cell.hasState
      ? nothing.base + block.first * units
      : direction.state.base + block.place(of: block.step(number - 1, of: direction)) * units
    let row = block.first * units
    return RecurrentStep(
      layout: layout, functions: functions,
      call: CellStep(
        direction: direction.index, place: place, firstRow: block.first, rows: block.rows,
        member: pass.member, isTraining: isTraining),
      weights: UnsafePointer(pass.parameters + direction.recurrentWeight),
      transposedWeights: UnsafePointer(direction.transposedWeights.base),
      bias: direction.recurrentBias.map { UnsafePointer(pass.parameters + $0) }, sums: sums,
      before: UnsafePointer(direction.before.base + place * units),
      output: direction.output(after: time, block, units: units), stateBefore: UnsafePointer(stateBefore),
      state: direction.state.base + (cell.hasState ? place * units : 0),
      stateValue: direction.stateValue.base + (cell.hasState ? place * units : 0),
      gates: direction.gates.base + place * layout.gateWidth,
      gateValues: direction.gateValues.base + place * layout.gateWidth,
      candidate: direction.candidate.base + place * units,
      candidateValue: direction.candidateValue.base + (layout.gateWidth > 0 ? place * units : 0),
      aside: direction.aside.base + (cell.hasAside ? place * units : 0),
      outputGradient: outputGradient.base + (isTraining ? row : 0),
      stateGradient: stateGradient.base + (isTraining ? row : 0),
      gateGradient: direction.gateGradient.base + (isTraining ? place * layout.gateWidth : 0),
      candidateGradient: direction.candidateGradient.base + (isTraining ? place * units : 0),
      asideGradient: direction.asideGradient.base
        + (cell.hasOwnRecurrentGradient && isTraining ? place * units : 0),
      gateScratch: gateScratch.base + (isTraining ? block.first * layout.gateWidth : 0),
      scratch: scratch.base + (isTraining ? row : 0), kernels: kernels, cells: cells)
  }

  /// Merges the directions' outputs of a block.
  private func write(_ y: UnsafeMutablePointer<Float>, _ block: RecurrentBlock) {
    for row in 0..<block.rows {
      for step in 0..<outputSteps {
        let y = y + (row * outputSteps + step) * outputs
        guard !options.returnsSequences || step < block.steps && block.has(step, row: row) else {
          y.update(repeating: 0, count: outputs)
          continue
        }
        let forward = output(directions[0], step, row, block)
        y.update(from: forward, count: units)
        guard let merge = options.merge else { continue }
        let backward = output(directions[1], step, row, block)
        switch merge {
        case .concat: (y + units).update(from: backward, count: units)
        case .sum: for unit in 0..<units { y[unit] += backward[unit] }
        case .ave: for unit in 0..<units { y[unit] = 0.5 * (y[unit] + backward[unit]) }
        case .mul: for unit in 0..<units { y[unit] *= backward[unit] }
        }
      }
    }
  }

  /// A direction's output for a row at a step, or its last one.
  func output(
    _ direction: RecurrentDirection, _ step: Int, _ row: Int, _ block: RecurrentBlock
  ) -> UnsafePointer<Float> {
    let values =
      options.returnsSequences
      ? direction.output(after: step, block, units: units) : direction.last.base + block.first * units
    return UnsafePointer(values + row * units)
  }
}
