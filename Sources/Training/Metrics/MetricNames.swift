// The names of the metrics by task and part of the rows, and which way each is better.

package import Data

/// A part of a job's rows, as the names of its metrics begin.
package enum DataPart: String, CaseIterable, Sendable {
  case training, validation
  /// Measured once, at the end; nothing is chosen by it.
  case test

  /// The name of a measure taken on this part: `training_loss`.
  package func name(_ measure: String) -> String { "\(rawValue)_\(measure)" }
}

/// A part's name before `loss` and the task's own measures.
package enum MetricNames {
  /// The measures of a task, the loss first.
  package static func measures(of task: LearningTask) -> [String] {
    switch task {
    case .regression: ["loss", "rmse", "mae", "r2"]
    case .binary, .multiclass: ["loss", "accuracy", "auc", "f1"]
    }
  }

  /// The metrics of every epoch, part by part.
  package static func names(of task: LearningTask, hasValidation: Bool) -> [String] {
    let parts: [DataPart] = hasValidation ? [.training, .validation] : [.training]
    return parts.flatMap { part in measures(of: task).map(part.name) }
  }

  /// Every metric of any task that an epoch may have.
  package static let all =
    names(of: .regression, hasValidation: true) + names(of: .binary, hasValidation: true)

  /// Whether a larger value of a metric is a better one: not of losses and errors.
  package static func isBetterWhenHigher(_ name: String) -> Bool {
    ["accuracy", "auc", "f1", "r2"].contains { name.hasSuffix("_" + $0) }
  }
}
