// What every layer of a planned model can do: one pass forward and one back over a block of rows.

/// Where a pass reads parameters, where it leaves gradients, and what it is for.
struct Pass {
  /// Why the model is run.
  enum Purpose {
    /// A training step at a share of training in [0, 1]: dropout drops, statistics are those of the batch and are added
    /// to the running ones.
    case training(seed: UInt64, step: UInt64, progress: Double)
    /// Prediction: nothing is drawn, running statistics are used.
    case prediction
  }

  /// How many rows a call is about: all those of the step, or the share of one member of a team.
  var rows: Int
  /// Where these rows start among those of the step, a multiple of `blockRows`.
  var first = 0
  /// Rows of a block, which are summed up by themselves (``BlockSums``).
  var blockRows: Int
  /// Which member of the team calls: memory that calls at the same time must not share is kept by member.
  var member = 0
  var purpose: Purpose
  /// The whole flat parameter vector; layers hold offsets into it.
  var parameters: UnsafeMutablePointer<Float>
  /// The whole flat gradient vector.
  var gradients: UnsafeMutablePointer<Float>
  /// Whether statistics of a batch are added to the running ones; not where a step tries parameters that it may give up.
  var recordsStatistics = true
  /// Steps of each row of the step that the layer reads, where rows differ; what lies behind them is padding.
  var lengths: UnsafePointer<Int32>?
  /// How many of the layer's rows a row of the step is: its positions, where each is computed for itself.
  var positions = 1
  /// Which combination of random draws is in force, for statistics that depend on it; nil when none is.
  var combination: Int?

  /// The rows of one member.
  func share(of member: Member) -> Pass {
    let range = member.share(of: rows, unit: blockRows)
    var part = self
    (part.first, part.rows, part.member) = (range.lowerBound, range.count, member.index)
    return part
  }

  /// The same pass as a layer sees it that has so many rows for each.
  func over(positions: Int) -> Pass {
    guard positions > 1 else { return self }
    var pass = self
    pass.positions = positions
    pass.rows *= positions
    pass.first *= positions
    pass.blockRows *= positions
    return pass
  }
}

/// One layer with its buffers and its place in the flat vectors; its widths are fixed when it is made.
///
/// The rows of a step are shared out to the members of a team where a layer computes each row for itself. x, y, dy and dx
/// begin at the first row of the call; what a layer keeps of a row is kept at its place in the step.
protocol Layer: AnyObject {
  /// Whether rows are computed each for itself, so that several threads may call for different ones. The others are
  /// called for all rows by one thread.
  var isRowwise: Bool { get }

  /// Whether dx may be dy.
  var isInPlace: Bool { get }

  /// What it keeps of the batches that it has seen.
  var statistics: [RunningStatistics] { get }

  /// Called by one thread for all rows before a forward pass: draws what is drawn.
  func prepare(_ pass: Pass)

  /// Writes y, rows × outputs, from x, rows × inputs. In training it keeps what its backward pass needs.
  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>)

  /// Writes dx unless it is nil. `x` and `y` are as the last forward pass, in training, saw and left them.
  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?)

  /// Called by every member after the backward pass over all rows, which `pass`, `x` and `dy` are about: the gradients of
  /// a member's share of the layer's parameters. Those of activations and normalisations are zero before and are added to; all
  /// others are assigned. A layer that is in place must not read `dy`.
  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member)

  /// Shows what one of its activations read in the last forward pass, which `pass` and `x` are about.
  func showActivationInput(_ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs)

  /// The raw parameters that it generates for typical data, [parameter][set]; nil where it generates none.
  func typicalRaw(_ pass: Pass) -> [Float]?
}

/// Takes numbers that an activation read, rows × units.
typealias ActivationInputs = (_ values: UnsafePointer<Float>, _ rows: Int, _ units: Int) -> Void

extension Layer {
  var isRowwise: Bool { true }
  var isInPlace: Bool { false }
  var statistics: [RunningStatistics] { [] }
  func prepare(_ pass: Pass) {}
  func typicalRaw(_ pass: Pass) -> [Float]? { nil }
  func showActivationInput(
    _ site: Int, _ pass: Pass, x: UnsafePointer<Float>, _ body: ActivationInputs
  ) {}
  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {}
}
