// The `optimizer` of the training section, a name or an object, with what applies to every optimiser beside it.

import Engine
import JSON

/// Reads `optimizer`, `weight_decay` and `gradient_clip_norm` into the engine's specification, and writes it back.
enum OptimizerSection {
  static func read(_ training: inout ObjectReader) -> OptimizerSpecification {
    var optimizer = OptimizerSpecification()
    let names = Optimizers.all.map { $0.name }
    if let named = training.named("optimizer", among: names, absent: names[0]),
      let type = Optimizers.all.first(where: { $0.name == named.name })
    {
      var options = named.options
      optimizer = read(type, &options)
      options.finish()
    }
    optimizer.weightDecay = training.number("weight_decay", in: 0...1e6) ?? 0
    optimizer.gradientClipNorm = training.number("gradient_clip_norm", above: 0)
    return optimizer
  }

  private static func read<Kind: Optimizer>(
    _ type: Kind.Type, _ options: inout ObjectReader
  ) -> OptimizerSpecification {
    var kind = Kind()
    for setting in Kind.settings {
      let name = setting.name
      switch setting.property {
      case .number(let path, let range):
        if let value = options.number(name, in: range) { kind[keyPath: path] = value }
      case .positive(let path):
        if let value = options.number(name, above: 0) { kind[keyPath: path] = value }
      case .integer(let path, let range):
        if let value = options.integer(name, in: range) { kind[keyPath: path] = value }
      case .flag(let path):
        if let value = options.bool(name) { kind[keyPath: path] = value }
      }
    }
    if let (setting, detail) = kind.contradiction { options.fault(setting, detail) }
    // A search that starts from no step at all finds nothing.
    let rate =
      Kind.searchesLine
      ? options.number("learning_rate", above: 0) : options.number("learning_rate", in: 0...1e12)
    return OptimizerSpecification(kind: kind, learningRate: rate)
  }

  /// What an optimiser that compares losses along a line asks of the model: nothing may be drawn, and what it keeps of every
  /// parameter must have room. The moments of the others are bounded by the limit on parameters.
  static func check(
    _ optimizer: OptimizerSpecification, _ model: ModelSpecification, _ plan: ModelPlan,
    faults: FaultCollector, limits: TrainingLimits
  ) {
    guard type(of: optimizer.kind).searchesLine else { return }
    let place = JSONPointer().appending("training").appending("optimizer")
    let name = type(of: optimizer.kind).name
    let parts = model.randomParts
    if !parts.isEmpty {
      let names = parts.map { "`\($0)`" }.joined(separator: ", ")
      faults.add(
        "`\(name)` needs a loss that is the same whenever it is computed, but \(names) "
          + "\(parts.count == 1 ? "draws" : "draw") at random; take another optimizer, such as `adam`",
        at: place)
    }
    let kept = Double(optimizer.kind.valuesPerParameter) * Double(plan.parameterCount)
    if kept > Double(limits.maximumStepValues) {
      faults.add(
        "`\(name)` keeps \(optimizer.kind.valuesPerParameter) values for each of the model's "
          + "\(plan.parameterCount) parameters, \(Int(kept)) together; at most \(limits.maximumStepValues) are allowed",
        at: place)
    }
  }

  static func resolved(_ optimizer: OptimizerSpecification) -> JSONValue {
    resolved(optimizer.kind, learningRate: optimizer.learningRate)
  }

  private static func resolved<Kind: Optimizer>(_ kind: Kind, learningRate: Double) -> JSONValue {
    var object: JSONObject = ["name": .string(Kind.name), "learning_rate": .number(learningRate)]
    for setting in Kind.settings {
      object[setting.name] =
        switch setting.property {
        case .number(let path, _), .positive(let path): .number(kind[keyPath: path])
        case .integer(let path, _): .integer(kind[keyPath: path])
        case .flag(let path): .bool(kind[keyPath: path])
        }
    }
    return .object(object)
  }
}
