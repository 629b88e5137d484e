// The `optimizer` of the training section, a name or an object, with what applies to every optimiser beside it.

import Engine
import JSON

/// Reads `optimizer`, `weight_decay` and `gradient_clip_norm` into the engine's specification, and writes it back.
enum OptimizerSection {
  private enum Name: String, CaseIterable {
    case adam, adamw, sgd, rmsprop, lbfgs
  }

  static func read(_ training: inout ObjectReader) -> OptimizerSpecification {
    var optimizer = OptimizerSpecification()
    if let named = training.named("optimizer", of: Name.self, absent: .adam) {
      var options = named.options
      optimizer.kind = kind(named.name, &options)
      if named.name == .lbfgs {
        // A line search starts from the full quasi-Newton step, and from none at all it finds nothing.
        optimizer.learningRate = options.number("learning_rate", above: 0) ?? 1
      } else {
        optimizer.learningRate = options.number("learning_rate", in: 0...1e12) ?? optimizer.learningRate
      }
      options.finish()
    }
    optimizer.weightDecay = training.number("weight_decay", in: 0...1e6) ?? 0
    optimizer.gradientClipNorm = training.number("gradient_clip_norm", above: 0)
    return optimizer
  }

  private static func kind(_ name: Name, _ reader: inout ObjectReader) -> OptimizerSpecification.Kind {
    switch name {
    case .sgd:
      let momentum = reader.number("momentum", in: 0...0.9999) ?? 0
      let nesterov = reader.bool("nesterov") ?? false
      if nesterov, momentum == 0 { reader.fault("nesterov", "needs a momentum above 0") }
      return .sgd(momentum: momentum, nesterov: nesterov)
    case .adam, .adamw:
      let beta1 = reader.number("beta1", in: 0...0.999_999) ?? 0.9
      let beta2 = reader.number("beta2", in: 0...0.999_999) ?? 0.999
      let epsilon = reader.number("epsilon", above: 0) ?? 1e-8
      return name == .adam
        ? .adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
        : .adamw(beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .rmsprop:
      return .rmsprop(
        decay: reader.number("decay", in: 0...0.999_999) ?? 0.99,
        epsilon: reader.number("epsilon", above: 0) ?? 1e-8,
        momentum: reader.number("momentum", in: 0...0.9999) ?? 0)
    case .lbfgs: return .lbfgs(historySize: reader.integer("history_size", in: 1...100) ?? 10)
    }
  }

  /// What an optimiser asks of the model.
  ///
  /// L-BFGS compares losses along a line, so that nothing may be drawn; and it keeps two vectors of all parameters for every
  /// pair of its history and five besides.
  static func check(
    _ optimizer: OptimizerSpecification, _ model: ModelSpecification, _ plan: ModelPlan,
    faults: FaultCollector, limits: TrainingLimits
  ) {
    guard case .lbfgs(let historySize) = optimizer.kind else { return }
    let place = JSONPointer().appending("training").appending("optimizer")
    let parts = model.randomParts
    if !parts.isEmpty {
      let names = parts.map { "`\($0)`" }.joined(separator: ", ")
      faults.add(
        "`lbfgs` needs a loss that is the same whenever it is computed, but \(names) "
          + "\(parts.count == 1 ? "draws" : "draw") at random; take another optimizer, such as `adam`",
        at: place)
    }
    let kept = Double(2 * historySize + 5) * Double(plan.parameterCount)
    if kept > Double(limits.maximumStepValues) {
      faults.add(
        "a history of \(historySize) keeps \(Int(kept)) numbers for the model's \(plan.parameterCount) parameters; "
          + "at most \(limits.maximumStepValues) are allowed", at: place.appending("history_size"))
    }
  }

  static func resolved(_ optimizer: OptimizerSpecification) -> JSONValue {
    let rate = ("learning_rate", JSONValue.number(optimizer.learningRate))
    let members: [(String, JSONValue)] =
      switch optimizer.kind {
      case .sgd(let momentum, let nesterov):
        [("name", "sgd"), rate, ("momentum", .number(momentum)), ("nesterov", .bool(nesterov))]
      case .adam(let beta1, let beta2, let epsilon):
        [("name", "adam"), rate] + moments(beta1, beta2, epsilon)
      case .adamw(let beta1, let beta2, let epsilon):
        [("name", "adamw"), rate] + moments(beta1, beta2, epsilon)
      case .rmsprop(let decay, let epsilon, let momentum):
        [
          ("name", "rmsprop"), rate, ("decay", .number(decay)), ("epsilon", .number(epsilon)),
          ("momentum", .number(momentum)),
        ]
      case .lbfgs(let historySize): [("name", "lbfgs"), rate, ("history_size", .integer(historySize))]
      }
    return .object(JSONObject(members))
  }

  private static func moments(_ beta1: Double, _ beta2: Double, _ epsilon: Double) -> [(String, JSONValue)] {
    [("beta1", .number(beta1)), ("beta2", .number(beta2)), ("epsilon", .number(epsilon))]
  }
}
