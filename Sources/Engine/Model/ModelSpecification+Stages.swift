// Which grid of knots each spline of a model has, where they are refined while it trains.

import Activations

extension ModelSpecification {
  /// The stage of each activation, counted from 0 (``ActivationSpecification/stage``); what strategies make is the last.
  public var stages: [Int] { activations.map(\.stage) }

  /// The last stage of each activation.
  public var lastStages: [Int] { activations.map { $0.stageCount - 1 } }

  /// Whether it can be brought to these stages; none stand for the last ones.
  func has(stages: [Int]) -> Bool {
    stages.isEmpty
      || stages.count == activations.count && zip(stages, lastStages).allSatisfy { $0 >= 0 && $0 <= $1 }
  }

  /// The same model with its activations in other stages.
  public func at(stages: [Int]) -> ModelSpecification {
    precondition(stages.count == activations.count, "every activation has a stage")
    var specification = self
    specification.activations = zip(activations, stages).map { $0.at(stage: $1) }
    return specification
  }

  /// The stages of an epoch, counted from 1: the epochs are shared out equally, each activation by its own number of
  /// stages. Every stage has an epoch where there are as many.
  public func stages(ofEpoch epoch: Int, of epochs: Int) -> [Int] {
    activations.map { min($0.stageCount - 1, (epoch - 1) * $0.stageCount / max(1, epochs)) }
  }

  /// Whether these are its stages; none stand for the last ones. Asks for no memory, for states are checked every epoch.
  func isAt(stages: [Int]) -> Bool {
    guard stages.isEmpty || stages.count == activations.count else { return false }
    return activations.indices.allSatisfy { index in
      let activation = activations[index]
      return activation.stage == (stages.isEmpty ? activation.stageCount - 1 : stages[index])
    }
  }

  /// The specification that a state belongs to.
  public func at(stagesOf state: ModelState) -> ModelSpecification {
    at(stages: state.stages.count == activations.count ? state.stages : lastStages)
  }
}
