// A job's data as its specification names them.

package import Data
import Engine
import JSON

extension JobSpecification {
  /// The rows, encoded and split; nil when a fault says why.
  func dataset(faults: FaultCollector, limits: TrainingLimits, warnings: inout [Warning]) -> Dataset? {
    DatasetLoader(faults: faults, limits: limits.data)
      .load(
        data, task: task, standardize: standardizes, seed: seed, use: model.rowUse, warnings: &warnings)
  }
}

extension Dataset {
  /// The data of a request by itself, without the digests and the plan that a job needs too.
  package init(
    loading request: TrainingRequest, limits: TrainingLimits = .init()
  ) throws(SpecificationError) {
    let faults = FaultCollector()
    let specification = JobSpecification(request, faults: faults, limits: limits)
    var warnings: [Warning] = []
    let dataset = specification.dataset(faults: faults, limits: limits, warnings: &warnings)
    guard let dataset, faults.isEmpty else { throw SpecificationError(faults: faults.faults) }
    self = dataset
  }
}
