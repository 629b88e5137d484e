// The names of the metrics by task, and which way each is better.

package import Data

/// `training_` and `validation_` before `loss` and the task's own measures.
package enum MetricNames {
  package static func measures(of task: LearningTask) -> [String] {
    switch task {
    case .regression: ["loss", "rmse", "mae", "r2"]
    case .binary, .multiclass: ["loss", "accuracy", "auc", "f1"]
    }
  }

  package static func names(of task: LearningTask, hasValidation: Bool) -> [String] {
    let measures = measures(of: task)
    return measures.map { "training_" + $0 } + (hasValidation ? measures.map { "validation_" + $0 } : [])
  }

  package static let all =
    names(of: .regression, hasValidation: true) + names(of: .binary, hasValidation: true)

  package static func isBetterWhenHigher(_ name: String) -> Bool {
    ["accuracy", "auc", "f1", "r2"].contains { name.hasSuffix("_" + $0) }
  }
}
