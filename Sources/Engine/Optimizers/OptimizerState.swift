// What every update rule can do, and the stretches of parameters it is applied to.

/// A stretch of the flat vectors that is updated with one learning rate and one weight decay.
struct UpdateGroup {
  var range: Range<Int>
  var learningRate: Float
  var weightDecay: Float
  /// How many updates there had been when its moments began: 0, but for what was refined since.
  var start = 0.0
}

/// The vectors of one update.
struct Update {
  var parameters: UnsafeMutablePointer<Float>
  var gradients: UnsafePointer<Float>
  /// What the gradients are to be multiplied by: the clipping.
  var scale: Float
}

/// An update rule with its moments.
protocol OptimizerState: AnyObject {
  /// Everything that it keeps of each parameter, as long as the parameters or empty.
  var moments: [FloatBuffer] { get }
  /// Updates so far, where the rule depends on it.
  var updates: Double { get set }
  /// Called once before the groups of each update.
  func beginUpdate()
  /// Moves the parameters of one group.
  func apply(_ update: Update, to group: UpdateGroup)
}

extension OptimizerState {
  var updates: Double {
    get { 0 }
    set {}
  }
}

/// How a model's steps are made.
package struct StepRule {
  enum Kind {
    /// By the gradient of the step's rows, in shares of the members of the team.
    case gradient(any OptimizerState)
    /// By several evaluations along a line.
    case search(LBFGSState)
  }

  let kind: Kind

  static func gradient(_ state: any OptimizerState) -> StepRule { StepRule(kind: .gradient(state)) }
  static func search(_ state: LBFGSState) -> StepRule { StepRule(kind: .search(state)) }

  /// What it has kept of its steps; only what it accepts may be set.
  var memory: OptimizerMemory {
    get {
      switch kind {
      case .gradient(let state):
        OptimizerMemory(updates: state.updates, single: state.moments.map { Array($0.all) })
      case .search(let state): OptimizerMemory(double: state.pairs)
      }
    }
    nonmutating set {
      switch kind {
      case .gradient(let state):
        state.updates = newValue.updates
        for (buffer, values) in zip(state.moments, newValue.single) {
          _ = buffer.all.update(fromContentsOf: values)
        }
      case .search(let state): state.pairs = newValue.double
      }
    }
  }

  /// Whether the memory may be that of such a rule.
  func accepts(_ memory: OptimizerMemory) -> Bool {
    switch kind {
    case .gradient(let state):
      memory.double.isEmpty && memory.updates >= 0 && memory.updates.isFinite
        && memory.single.map(\.count) == state.moments.map(\.count)
    case .search(let state): memory.single.isEmpty && memory.updates == 0 && state.accepts(memory.double)
    }
  }
}
