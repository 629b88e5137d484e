// One compiled activation: value, d/dx and d/dparameter over matrices, tile by tile.

/// An activation compiled to straight-line programs over tiles held in first-level cache.
///
/// Matrices are row-major, rows × units, contiguous. Subexpressions of parameters alone are computed once per
/// parameter set. Sums run in a fixed order: the same input gives the same bits. Time is linear in the number of
/// elements times the number of instructions; ``forward`` and ``backward`` allocate nothing.
public final class CompiledActivation: Sendable {
  /// The function of prediction, over x and the parameters.
  public let expression: Expression
  /// The trainable parameters, in the order of their raw values in memory.
  public let parameters: [Parameter]
  /// The parameters that are not trained: constants of the programs, reported all the same.
  public let constants: [Parameter]
  /// What a training step computes instead of this function, from one random number for each element and with the same
  /// parameters; nil where training and prediction are the same.
  public let training: CompiledActivation?
  /// The distribution of the random numbers that the function itself takes.
  public var noise: Noise? { expression.noise }
  /// How many numbers for each element a pass forward can leave for the pass back, which is then faster.
  public var recordedCount: Int { programs.recording?.count ?? 0 }
  let programs: ActivationPrograms
  /// Computes in place of the programs, to the same effect.
  let spline: Spline?
  private let network: TanhNetwork?

  /// Compiles an expression. Parameters must have distinct names and cover those of the expressions.
  ///
  /// - Parameters:
  ///   - training: what training computes instead, with noise.
  ///   - spline: the spline that the expression spells out; its parameters are the coefficients, in order.
  public init(
    _ expression: Expression, parameters: [Parameter], training: Expression? = nil, spline: Spline? = nil
  ) {
    precondition(
      expression.parameterNames.isSubset(of: parameters.map(\.name)), "a parameter is not declared")
    self.expression = expression
    self.parameters = parameters.filter(\.isTrainable)
    constants = parameters.filter { !$0.isTrainable }
    self.training = training.map { CompiledActivation($0, parameters: parameters) }
    self.spline = constants.isEmpty ? spline : nil
    network = TanhNetwork(expression, parameters: parameters)
    // A spline's formula is long and its programs would never run.
    programs = ActivationPrograms(
      self.spline == nil ? expression : .x, parameters: self.parameters, constants: constants)
  }

  /// Who shares a parameter set. Raw values are laid out `[parameter][set]`: value k of set s at `k * sets + s`.
  public enum Sharing: Sendable, CaseIterable {
    /// One set.
    case all
    /// One set per column: `sets == units`.
    case unit
    /// One set per row: `sets == rows`.
    case row
  }

  /// Memory for calls with at most `maximumRows` rows and just `units` units.
  public func makeWorkspace(maximumRows: Int, units: Int) -> ActivationWorkspace {
    ActivationWorkspace(programs, maximumSets: max(maximumRows, units, 1), spline: spline)
  }

  /// y = f(x). `parameters` are raw values; `y` may be `x`; `noise` has a number for each element, if the function
  /// takes any. `record`, if it is given, has room for ``recordedCount`` numbers for each element, and shares memory
  /// with nothing.
  public func forward(
    x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, rows: Int, units: Int,
    parameters: UnsafePointer<Float>?, sharing: Sharing, workspace: ActivationWorkspace,
    noise: UnsafePointer<Float>? = nil, record: UnsafeMutablePointer<Float>? = nil
  ) {
    let tiling = tiling(rows: rows, units: units, sharing: sharing)
    if let spline, let parameters {
      spline.forward(x: x, y: y, coefficients: parameters, tiling: tiling, workspace)
      return
    }
    hoist(parameters, sets: tiling.setCount, workspace)
    let (program, recordedCount) =
      if let recording = programs.recording, record != nil { (recording.value, recording.count) } else {
        (programs.value, 0)
      }
    let frame = recordedCount > 0 ? workspace.recordingValue : workspace.value
    let slots = frame.slots
    for index in 0..<tiling.groupCount {
      let group = tiling.group(index)
      spread(group, sets: tiling.setCount, workspace)
      for tile in 0..<group.tileCount {
        let offset = group.tileOffset(tile)
        slots[0] = UnsafeMutablePointer(mutating: x + offset)
        let count = group.count(at: offset)
        slots[program.firstOutput] = y + offset
        if let record {
          frame.point(
            program.firstOutput + 1, count: recordedCount, to: record + offset * recordedCount, stride: count)
        }
        if let noise { slots[1 + programs.hoistedCount] = UnsafeMutablePointer(mutating: noise + offset) }
        if let network {
          network.forward(x: x + offset, y: y + offset, count: count, workspace)
        } else {
          program.run(slots, count: count, kernels: workspace.kernels)
        }
      }
    }
  }

  /// dx = dy ⊙ f′(x), assigned; `dx` may be `dy`. dparameters[k · sets + s] += Σ dy · ∂f/∂raw_k over the elements
  /// that share set s.
  ///
  /// `record` is what ``forward`` left for the same x, rows, units, parameters and sharing; the function itself need
  /// not be computed again then.
  public func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, rows: Int, units: Int,
    parameters: UnsafePointer<Float>?, dparameters: UnsafeMutablePointer<Float>?, sharing: Sharing,
    workspace: ActivationWorkspace, noise: UnsafePointer<Float>? = nil, record: UnsafePointer<Float>? = nil
  ) {
    let tiling = tiling(rows: rows, units: units, sharing: sharing)
    let sets = tiling.setCount
    if let spline, let parameters {
      spline.backward(
        x: x, dy: dy, dx: dx, coefficients: parameters, gradients: dparameters, tiling: tiling, workspace)
      return
    }
    hoist(parameters, sets: sets, workspace)
    let (program, recordedCount) =
      if let recording = programs.recording, record != nil { (recording.gradient, recording.count) } else {
        (programs.gradient, 0)
      }
    let frame = recordedCount > 0 ? workspace.replayingGradient : workspace.gradient
    let slots = frame.slots
    let sumCount = programs.hoistedCount * Tiling.width
    for index in 0..<tiling.groupCount {
      let group = tiling.group(index)
      spread(group, sets: sets, workspace)
      workspace.sums.update(repeating: 0, count: sumCount)
      for tile in 0..<group.tileCount {
        let offset = group.tileOffset(tile)
        slots[0] = UnsafeMutablePointer(mutating: x + offset)
        slots[1] = UnsafeMutablePointer(mutating: dy + offset)
        let count = group.count(at: offset)
        slots[program.firstOutput + programs.differentiated.count] = dx + offset
        if let record {
          frame.point(
            program.inputCount - recordedCount, count: recordedCount,
            to: UnsafeMutablePointer(mutating: record + offset * recordedCount), stride: count)
        }
        if let noise { slots[2 + programs.hoistedCount] = UnsafeMutablePointer(mutating: noise + offset) }
        if let network {
          network.backward(x: x + offset, dy: dy + offset, dx: dx + offset, count: count, workspace)
        } else {
          program.run(slots, count: count, kernels: workspace.kernels)
        }
      }
      for (adjoint, node) in programs.differentiated.enumerated() {
        group.reduce(
          workspace.sums + node * Tiling.width, into: workspace.reduced + adjoint * sets,
          kernels: workspace.sumKernels)
      }
    }
    if let parameters, let dparameters, tiling.groupCount > 0 {
      unhoist(parameters, dparameters, sets: sets, workspace)
    }
  }

  /// How the matrix is cut. Without parameters it makes no difference who shares them.
  private func tiling(rows: Int, units: Int, sharing: Sharing) -> Tiling {
    Tiling(rows: rows, units: units, sharing: parameters.isEmpty ? .all : sharing)
  }

  /// The prologue: hoisted values of every set from its raw parameters.
  private func hoist(
    _ parameters: UnsafePointer<Float>?, sets: Int, _ workspace: ActivationWorkspace
  ) {
    guard programs.hoistedCount > 0 else { return }
    guard let parameters, sets <= workspace.maximumSets else {
      preconditionFailure("parameters are missing, or the workspace was made for fewer rows or units")
    }
    let program = programs.prologue
    var first = 0
    while first < sets {
      workspace.prologue.point(
        0, count: program.inputCount, to: UnsafeMutablePointer(mutating: parameters + first), stride: sets)
      workspace.prologue.point(
        program.firstOutput, count: program.outputCount, to: workspace.hoisted + first, stride: sets)
      program.run(
        workspace.prologue.slots, count: min(Tiling.width, sets - first), kernels: workspace.kernels)
      first += Tiling.width
    }
  }

  private func spread(_ group: TileGroup, sets: Int, _ workspace: ActivationWorkspace) {
    for node in 0..<programs.hoistedCount {
      group.spread(workspace.hoisted + node * sets, over: workspace.spread + node * Tiling.width)
    }
  }

  /// The epilogue: raw-parameter gradients of every set from the reduced adjoints.
  private func unhoist(
    _ parameters: UnsafePointer<Float>, _ dparameters: UnsafeMutablePointer<Float>, sets: Int,
    _ workspace: ActivationWorkspace
  ) {
    let program = programs.epilogue
    let frame = workspace.epilogue
    var first = 0
    while first < sets {
      frame.point(
        0, count: self.parameters.count, to: UnsafeMutablePointer(mutating: parameters + first), stride: sets)
      frame.point(
        self.parameters.count, count: programs.differentiated.count, to: workspace.reduced + first,
        stride: sets)
      frame.point(program.firstOutput, count: program.outputCount, to: dparameters + first, stride: sets)
      program.run(frame.slots, count: min(Tiling.width, sets - first), kernels: workspace.kernels)
      first += Tiling.width
    }
  }
}
