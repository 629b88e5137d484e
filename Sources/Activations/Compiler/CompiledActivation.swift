// One compiled activation: value, d/dx and d/dparameter over matrices, tile by tile.

/// An activation compiled to straight-line programs over tiles held in first-level cache, or to a kernel of its own.
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
  public var recordedCount: Int { kernel.recordedCount }
  /// The spline that the expression spells out, if a kernel computes it.
  let spline: Spline?
  let kernel: any ActivationKernel

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
    // A spline's formula is long, and its programs would never run.
    if let spline = self.spline {
      kernel = SplineKernel(spline)
      return
    }
    let programs = ActivationPrograms(expression, parameters: self.parameters, constants: constants)
    if let network = TanhNetwork(expression, parameters: parameters) {
      kernel = NetworkKernel(network, programs)
    } else {
      kernel = ProgramKernel(programs)
    }
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
  package func makeWorkspace(maximumRows: Int, units: Int) -> ActivationWorkspace {
    kernel.makeWorkspace(maximumSets: max(maximumRows, units, 1))
  }

  /// y = f(x). `parameters` are raw values; `y` may be `x`; `noise` has a number for each element, if the function
  /// takes any. `record`, if it is given, has room for ``recordedCount`` numbers for each element, and shares memory
  /// with nothing.
  package func forward(
    x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, rows: Int, units: Int,
    parameters: UnsafePointer<Float>?, sharing: Sharing, workspace: ActivationWorkspace,
    noise: UnsafePointer<Float>? = nil, record: UnsafeMutablePointer<Float>? = nil
  ) {
    kernel.forward(
      ForwardPass(
        x: x, y: y, parameters: parameters, noise: noise, record: record,
        tiling: tiling(rows: rows, units: units, sharing: sharing)), workspace)
  }

  /// dx = dy ⊙ f′(x), assigned; `dx` may be `dy`. dparameters[k · sets + s] += Σ dy · ∂f/∂raw_k over the elements
  /// that share set s.
  ///
  /// `record` is what ``forward`` left for the same x, rows, units, parameters and sharing; the function itself need
  /// not be computed again then.
  package func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, rows: Int, units: Int,
    parameters: UnsafePointer<Float>?, dparameters: UnsafeMutablePointer<Float>?, sharing: Sharing,
    workspace: ActivationWorkspace, noise: UnsafePointer<Float>? = nil, record: UnsafePointer<Float>? = nil
  ) {
    kernel.backward(
      BackwardPass(
        x: x, dy: dy, dx: dx, parameters: parameters, dparameters: dparameters, noise: noise, record: record,
        tiling: tiling(rows: rows, units: units, sharing: sharing)), workspace)
  }

  /// How the matrix is cut. Without parameters it makes no difference who shares them.
  private func tiling(rows: Int, units: Int, sharing: Sharing) -> Tiling {
    Tiling(rows: rows, units: units, sharing: parameters.isEmpty ? .all : sharing)
  }
}
