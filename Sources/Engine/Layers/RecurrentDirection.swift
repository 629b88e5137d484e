// One direction of a recurrent layer: its place in the flat vectors, and what it keeps of every step.

import CKernels

/// The memory of one direction.
///
/// What belongs to steps is laid out [block of rows][step][row of the block][unit], so that a step of a block is one matrix,
/// and all steps of all rows are one too, whoever computes which blocks.
final class RecurrentDirection {
  /// 0 forward, 1 backward.
  let index: Int
  /// Where its tensors start in the flat vectors.
  let weight: Int
  let recurrentWeight: Int
  let bias: Int?
  let recurrentBias: Int?

  /// Pre-activations and values of the gates and of the candidate.
  let gates: FloatBuffer
  let gateValues: FloatBuffer
  let candidate: FloatBuffer
  let candidateValue: FloatBuffer
  /// The output before every step.
  let before: FloatBuffer
  /// The cell state after every step, and its function's value.
  let state: FloatBuffer
  let stateValue: FloatBuffer
  let aside: FloatBuffer
  /// The output after the last step, of every row.
  let last: FloatBuffer
  /// Gradients, as above.
  let gateGradient: FloatBuffer
  let candidateGradient: FloatBuffer
  let asideGradient: FloatBuffer
  /// The recurrent weights' columns as rows, those of the gates first: every step back multiplies by them, which is faster
  /// than by weights whose rows have to be turned for each.
  let transposedWeights: FloatBuffer

  init(
    index: Int, offsets: (weight: Int, recurrentWeight: Int, bias: Int?, recurrentBias: Int?),
    _ cell: any RecurrentCell,
    _ layout: CellLayout, steps: Int, memory: LayerMemory
  ) {
    self.index = index
    (weight, recurrentWeight, bias, recurrentBias) = offsets
    let (places, training) = (memory.rows * steps, memory.trainingRows * steps)
    let units = layout.units
    func buffer(_ rows: Int, _ width: Int, if isNeeded: Bool = true) -> FloatBuffer {
      FloatBuffer(count: isNeeded ? rows * width : 0)
    }
    gates = buffer(places, layout.gateWidth)
    gateValues = buffer(places, layout.gateWidth)
    candidate = buffer(places, units)
    candidateValue = buffer(places, units, if: layout.gateWidth > 0)
    before = buffer(places, units)
    state = buffer(places, units, if: cell.hasState)
    stateValue = buffer(places, units, if: cell.hasState)
    aside = buffer(places, units, if: cell.hasAside)
    last = buffer(memory.rows, units)
    gateGradient = buffer(training, layout.gateWidth)
    candidateGradient = buffer(training, units)
    asideGradient = buffer(training, units, if: cell.hasOwnRecurrentGradient)
    transposedWeights = buffer(layout.width, units, if: training > 0)
  }

  /// Called by one thread before a forward pass of training.
  func transposeWeights(_ parameters: UnsafePointer<Float>, _ layout: CellLayout) {
    let weights = parameters + recurrentWeight
    let units = layout.units
    for run in layout.runs {
      let first = run.column + (run.isCandidate ? layout.gateWidth : 0)
      for column in 0..<run.width {
        let row = transposedWeights.base + (first + column) * units
        for unit in 0..<units { row[unit] = weights[unit * layout.width + run.stored + column] }
      }
    }
  }
}

/// Rows of a pass that go through all steps together.
struct RecurrentBlock {
  /// The first of them in the batch.
  var first: Int
  var rows: Int
  /// Where their first step lies among all rows and steps.
  var place: Int
  /// Steps of the longest of them.
  var steps: Int
  var pass: Pass

  /// Where a step lies among all rows and steps.
  func place(of step: Int) -> Int { place + step * rows }

  /// The steps in the order in which a direction reads them.
  func step(_ number: Int, of direction: RecurrentDirection) -> Int {
    direction.index == 0 ? number : steps - 1 - number
  }

  /// Whether a row has a step.
  func has(_ step: Int, row: Int) -> Bool {
    pass.lengths.map { step < Int($0[first + row]) } ?? true
  }
}

extension RecurrentDirection {
  /// The output after a step: what stands before the next one that is read.
  func output(after step: Int, _ block: RecurrentBlock, units: Int) -> UnsafeMutablePointer<Float> {
    let next = index == 0 ? step + 1 : step - 1
    return next >= 0 && next < block.steps
      ? before.base + block.place(of: next) * units : last.base + block.first * units
  }
}
