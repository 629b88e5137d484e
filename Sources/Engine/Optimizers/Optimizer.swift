// What every update rule can do, and the stages that come before it.

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
protocol Optimizer: AnyObject {
  /// Everything that it keeps of each parameter, as long as the parameters or empty.
  var moments: [FloatBuffer] { get }
  /// Updates so far, where the rule depends on it.
  var updates: Double { get set }
  /// Called once before the groups of each update.
  func beginUpdate()
  /// Moves the parameters of one group.
  func apply(_ update: Update, to group: UpdateGroup)
}

extension Optimizer {
  var updates: Double {
    get { 0 }
    set {}
  }
}

/// How a model's steps are made.
enum StepRule {
  /// By the gradient of the step's rows, in shares of the members of the team.
  case gradient(any Optimizer)
  /// By several evaluations along a line.
  case search(LBFGS)
}

extension OptimizerSpecification {
  /// The rule with its moments at zero.
  func makeRule(blocks: [ParameterBlock], parameterCount: Int) -> StepRule {
    switch kind {
    case .sgd(let momentum, let nesterov):
      .gradient(SGD(momentum: momentum, nesterov: nesterov, parameterCount: parameterCount))
    case .adam(let beta1, let beta2, let epsilon):
      .gradient(Adam(beta1, beta2, epsilon: epsilon, decay: .coupled, parameterCount: parameterCount))
    case .adamw(let beta1, let beta2, let epsilon):
      .gradient(Adam(beta1, beta2, epsilon: epsilon, decay: .decoupled, parameterCount: parameterCount))
    case .rmsprop(let decay, let epsilon, let momentum):
      .gradient(
        RMSprop(decay: decay, epsilon: epsilon, momentum: momentum, parameterCount: parameterCount))
    case .lbfgs(let historySize): .search(LBFGS(self, historySize: historySize, blocks: blocks))
    }
  }

  /// Neighbouring blocks with the same rate, decay and age of moments, joined.
  func groups(of blocks: [ParameterBlock], momentStarts: [Double]) -> [UpdateGroup] {
    var groups: [UpdateGroup] = []
    for (block, start) in zip(blocks, momentStarts) where !block.range.isEmpty {
      let rate = Float(learningRate * block.learningRateMultiplier)
      let decay = Float(block.role == .weight ? weightDecay : block.weightDecay)
      if let last = groups.last, last.range.upperBound == block.range.lowerBound,
        last.learningRate == rate, last.weightDecay == decay, last.start == start
      {
        groups[groups.count - 1].range = last.range.lowerBound..<block.range.upperBound
      } else {
        groups.append(UpdateGroup(range: block.range, learningRate: rate, weightDecay: decay, start: start))
      }
    }
    return groups
  }
}
