// What the cells of recurrent layers have in common: how their gates lie in memory, and one step of one of them.

import CKernels

/// How the columns of a cell's weights are shared out to two matrices of pre-activations: those of the gates, which have one
/// function, and those of the candidate, which has another.
struct CellLayout {
  /// Columns that lie together in both.
  struct Run {
    /// Whether they are the candidate's.
    var isCandidate: Bool
    /// Their first column among those of the gates, or of the candidate.
    var column: Int
    /// Their first column in the weights.
    var stored: Int
    var width: Int
  }

  let units: Int
  /// Gates and candidate together.
  let blocks: Int
  let runs: [Run]

  /// - Parameter candidate: which of the blocks of the weights is the candidate's; the others are gates, in their order.
  init(units: Int, blocks: Int, candidate: Int) {
    self.units = units
    self.blocks = blocks
    let before = candidate * units
    let behind = (blocks - candidate - 1) * units
    runs = [
      Run(isCandidate: false, column: 0, stored: 0, width: before),
      Run(isCandidate: true, column: 0, stored: before, width: units),
      Run(isCandidate: false, column: before, stored: before + units, width: behind),
    ].filter { $0.width > 0 }
  }

  /// Columns of the weights.
  var width: Int { blocks * units }
  /// Columns of the gates.
  var gateWidth: Int { width - units }

  func width(of run: Run) -> Int { run.isCandidate ? units : gateWidth }
}

/// A kind of cell: what it computes of a step, and the way back.
protocol RecurrentCell: Sendable, Hashable {
  /// Gates and candidate, and which of them the candidate is.
  static var blocks: Int { get }
  static var candidate: Int { get }
  /// Whether there is a cell state beside the output.
  var hasState: Bool { get }
  /// Whether the recurrent part of the candidate is a matrix of its own (``RecurrentStep/aside``).
  var hasAside: Bool { get }
  /// Whether the candidate's recurrent part has gradients other than those of its pre-activations.
  var hasOwnRecurrentGradient: Bool { get }

  /// From the step's inputs' part of the pre-activations and the state before it to the output.
  func forward(_ step: RecurrentStep)

  /// From δh and δc to those of the step before, and to the gradients by the pre-activations.
  func backward(_ step: RecurrentStep)
}

/// The places of a cell that have functions.
enum CellSite: String {
  case candidate = "activation"
  case gates = "recurrent_activation"
  case output = "output_activation"
}

/// The functions of a layer's cells and where their sums begin in those of the layer.
struct CellFunctions {
  let candidate: CellActivation
  let gates: CellActivation?
  /// From the cell state to the output; the candidate's where both are one.
  let output: CellActivation?
  var isShared: Bool { output === candidate }
  /// Those that a specification names, in the order in which it does.
  let sites: [CellSite]
  /// All of them, each once.
  let all: [CellActivation]

  init(
    candidate: CellActivation, gates: CellActivation?, output: CellActivation?, sites: [CellSite]
  ) {
    self.candidate = candidate
    self.gates = gates
    self.output = output
    self.sites = sites
    all = [candidate] + [gates, output === candidate ? nil : output].compactMap(\.self)
  }

  /// Which functions are the usual ones, which the kernels of cells compute.
  var hasSigmoidGates: Bool { gates?.isFused ?? false }
  var hasTanhCandidate: Bool { candidate.isFused }
  var hasTanhOutput: Bool { output?.isFused ?? false }

  var sumCount: Int { all.reduce(0) { $0 + $1.sumCount } }
}

/// Rows of one step of one direction: matrices of rows × units, rows × gates' columns where it says so.
struct RecurrentStep {
  let layout: CellLayout
  let functions: CellFunctions
  var call: CellStep
  /// The recurrent weights, [units][blocks · units], and the candidate's second bias.
  let weights: UnsafePointer<Float>
  /// The recurrent weights transposed, those of the gates and then the candidate's; only in training.
  let transposedWeights: UnsafePointer<Float>
  let bias: UnsafePointer<Float>?
  /// Of the rows' block, for all functions one after the other; only on the way back.
  let sums: UnsafeMutablePointer<Float>?

  /// The output of the step before, and of this one.
  let before: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  /// The cell state before, after, and its function's value.
  let stateBefore: UnsafePointer<Float>
  let state: UnsafeMutablePointer<Float>
  let stateValue: UnsafeMutablePointer<Float>
  /// Pre-activations and values of the gates, side by side.
  let gates: UnsafeMutablePointer<Float>
  let gateValues: UnsafeMutablePointer<Float>
  /// The same of the candidate.
  let candidate: UnsafeMutablePointer<Float>
  let candidateValue: UnsafeMutablePointer<Float>
  /// The recurrent part of the candidate, or what it is made of.
  let aside: UnsafeMutablePointer<Float>

  /// δh and δc, taken and left.
  let outputGradient: UnsafeMutablePointer<Float>
  let stateGradient: UnsafeMutablePointer<Float>
  /// Gradients by the pre-activations, and by the recurrent part of the candidate.
  let gateGradient: UnsafeMutablePointer<Float>
  let candidateGradient: UnsafeMutablePointer<Float>
  let asideGradient: UnsafeMutablePointer<Float>
  /// Room for the gates' columns, and for units.
  let gateScratch: UnsafeMutablePointer<Float>
  let scratch: UnsafeMutablePointer<Float>

  let kernels: UnsafePointer<ck_matrix>
  let cells: UnsafePointer<ck_cells>

  var rows: Int { call.rows }
  /// Numbers of a matrix of rows × units.
  var count: Int { call.rows * layout.units }

  /// Adds h·R to the gates' columns or the candidate's.
  func addRecurrent(_ h: UnsafePointer<Float>, toCandidate: Bool) {
    for run in layout.runs where run.isCandidate == toCandidate {
      kernels.pointee.gemm_nn(
        rows, run.width, layout.units, h, layout.units, weights + run.stored, layout.width, 1, nil,
        (toCandidate ? candidate : gates) + run.column, layout.width(of: run))
    }
  }

  /// Writes h·R + b of the candidate's columns.
  func writeRecurrent(_ h: UnsafePointer<Float>, to product: UnsafeMutablePointer<Float>) {
    for run in layout.runs where run.isCandidate {
      kernels.pointee.gemm_nn(
        rows, run.width, layout.units, h, layout.units, weights + run.stored, layout.width, 0, bias, product,
        layout.units)
    }
  }

  /// Writes, or adds with `beta` 1, g·Rᵀ of the gates' columns or the candidate's.
  func returnGradient(
    _ gradient: UnsafePointer<Float>, ofCandidate: Bool, beta: Float, to h: UnsafeMutablePointer<Float>
  ) {
    let width = ofCandidate ? layout.units : layout.gateWidth
    kernels.pointee.gemm_nn(
      rows, layout.units, width, gradient, width,
      transposedWeights + (ofCandidate ? layout.gateWidth * layout.units : 0), layout.units, beta, nil, h,
      layout.units)
  }

  // MARK: Functions that the kernels of cells do not compute

  func applyCandidate() {
    if functions.hasTanhCandidate { return }
    functions.candidate.forward(call, x: candidate, y: candidateValue)
  }

  func applyGates() {
    if functions.hasSigmoidGates { return }
    functions.gates?.forward(call, x: gates, y: gateValues)
  }

  /// From the cell state to its value.
  func applyOutput() { functions.output?.forward(outputCall, x: state, y: stateValue) }

  func differentiateCandidate(_ dy: UnsafePointer<Float>) {
    guard let sums, !functions.hasTanhCandidate else { return }
    functions.candidate.backward(call, x: candidate, dy: dy, dx: candidateGradient, sums: sums)
  }

  func differentiateGates(_ dy: UnsafePointer<Float>) {
    guard let sums, !functions.hasSigmoidGates else { return }
    functions.gates?.backward(
      call, x: gates, dy: dy, dx: gateGradient, sums: sums + functions.candidate.sumCount)
  }

  /// In place.
  func differentiateOutput(_ dy: UnsafeMutablePointer<Float>) {
    guard let sums else { return }
    let first = functions.isShared ? 0 : functions.candidate.sumCount + (functions.gates?.sumCount ?? 0)
    functions.output?.backward(outputCall, x: state, dy: dy, dx: dy, sums: sums + first)
  }

  /// A function that both places share is used twice in a step.
  private var outputCall: CellStep {
    var call = call
    call.use = functions.isShared ? 1 : 0
    return call
  }
}

// MARK: - As the kernels of cells see it

extension RecurrentStep {
  func shape(resetsAfter: Bool = false) -> ck_cell {
    ck_cell(
      rows: rows, units: layout.units, has_sigmoid_gates: functions.hasSigmoidGates,
      has_tanh_candidate: functions.hasTanhCandidate, has_tanh_output: functions.hasTanhOutput,
      resets_after: resetsAfter)
  }

  var values: ck_cell_values {
    ck_cell_values(
      gates: gates, gate_values: gateValues, candidate: candidate, candidate_value: candidateValue,
      before: before, output: output, state_before: stateBefore, state: state, state_value: stateValue,
      aside: aside)
  }

  /// With room for the gradients by values where the functions are not the kernels'.
  ///
  /// - Parameter isDifferentiated: whether the candidate's function has been gone back through.
  func gradients(isDifferentiated: Bool = false) -> ck_cell_gradients {
    ck_cell_gradients(
      output: outputGradient, state: stateGradient,
      gates: functions.hasSigmoidGates ? gateGradient : gateScratch,
      candidate: functions.hasTanhCandidate || isDifferentiated ? candidateGradient : scratch,
      aside: asideGradient, scratch: scratch)
  }
}
