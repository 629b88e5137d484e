// From one stage of a model's splines to another: a new model that goes on where the old one is.

import Activations

extension Model {
  /// The model with its splines on the grids of other stages; itself where it has those.
  ///
  /// A refined spline is the same curve where its knots are among the new ones, and takes its values at the new ones
  /// otherwise. All other parameters, running statistics, draws and the optimiser's moments are carried over; the moments
  /// of refined coefficients start anew, and so does all of the history of L-BFGS.
  public func refined(to stages: [Int]) -> Model {
    if stages == specification.stages { return self }
    let plan = ModelPlan(specification.at(stages: stages))
    let refinement = Refinement(from: self.plan, to: plan)
    var starts = plan.blocks.map { _ in 0.0 }
    let updates: Double = if case .gradient(let optimizer) = rule.kind { optimizer.updates } else { 0 }
    for (index, source) in refinement.sources.enumerated() {
      starts[index] = source.map { momentStarts[$0] } ?? updates
    }
    let next = Model(plan, like: self, momentStarts: starts)
    refinement.carry(parameterBuffer, to: next.parameterBuffer)
    refinement.refine(parameterBuffer, to: next.parameterBuffer)
    if case .gradient(let before) = rule.kind, case .gradient(let optimizer) = next.rule.kind {
      optimizer.updates = before.updates
      for (from, to) in zip(before.moments, optimizer.moments) { refinement.carry(from, to: to) }
    }
    next.predictor.takeOver(predictor)
    return next
  }

  /// A model in a state of any stage: itself where it is of its own, else one with moments of zero.
  public func restored(to state: ModelState) -> Model {
    let wanted = specification.at(stagesOf: state)
    var model = self
    if wanted.stages != specification.stages {
      let plan = ModelPlan(wanted)
      model = Model(plan, like: self, momentStarts: plan.blocks.map { _ in 0 })
      model.predictor.takeOver(predictor)
    }
    model.restore(state)
    return model
  }
}

/// How the parameters of one plan become those of another, which differs from it in the grids of splines alone.
private struct Refinement {
  /// A parameter vector of a spline in both plans, laid out [coefficient][set].
  private struct Curves {
    var from: CompiledActivation
    var to: CompiledActivation
    var fromOffset: Int
    var toOffset: Int
    var sets: Int

    var range: Range<Int> { toOffset..<toOffset + to.parameters.count * sets }
  }

  /// For each block of the new plan, the block of the old one that it is; nil for a coefficient of a refined spline.
  let sources: [Int?]
  private let kept: [(from: Range<Int>, to: Int)]
  private let curves: [Curves]

  init(from old: ModelPlan, to new: ModelPlan) {
    let curves = zip(old.sites, new.sites).compactMap { earlier, later -> Curves? in
      let (before, after) = (earlier.site, later.site)
      guard case .single(let from) = old.specification.activations[after.activation].kind,
        case .single(let to) = new.specification.activations[after.activation].kind,
        from.parameters.count != to.parameters.count
      else { return nil }
      let perUnit = new.specification.activations[after.activation].granularity == .unit
      return Curves(
        from: from, to: to, fromOffset: before.offset, toOffset: after.offset,
        sets: perUnit ? after.units : 1)
    }
    let places = Dictionary(
      old.blocks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    sources = new.blocks.map { block in
      curves.contains { $0.range.contains(block.range.lowerBound) } ? nil : places[block.name]
    }
    kept = zip(new.blocks, sources).compactMap { block, source in
      source.map { (old.blocks[$0].range, block.range.lowerBound) }
    }
    self.curves = curves
  }

  /// Copies what both have.
  func carry(_ old: FloatBuffer, to new: FloatBuffer) {
    // A rule without momentum has no velocities.
    guard old.count > 0, new.count > 0 else { return }
    for (from, to) in kept { (new.base + to).update(from: old.base + from.lowerBound, count: from.count) }
  }

  /// Puts the curves on their new grids.
  func refine(_ old: FloatBuffer, to new: FloatBuffer) {
    for curve in curves {
      for set in 0..<curve.sets {
        let raw = curve.from.parameters.indices.map {
          Double(old.base[curve.fromOffset + $0 * curve.sets + set])
        }
        guard let refined = curve.from.raw(raw, onGridOf: curve.to) else {
          preconditionFailure("the stages of a spline have one range and one order")
        }
        for (index, value) in refined.enumerated() {
          new.base[curve.toOffset + index * curve.sets + set] = Float(value)
        }
      }
    }
  }
}
