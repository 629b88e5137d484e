// The result of a training in the foreground, as text and as the JSON that the service would give.

import Data
import JSON
import Jobs
import Training

/// The result of one run.
struct TrainingReport {
  /// How it ended: status, error, result, warnings.
  let summary: JSONValue
  /// The learned activations, as `GET /v1/jobs/{id}/activations` gives them.
  let activations: JSONValue

  init(_ prepared: PreparedTraining, _ outcome: TrainingOutcome) {
    summary = [
      "name": prepared.name.map(JSONValue.string) ?? .null,
      "status": .string(outcome.ending.status),
      "error": outcome.errorDocument ?? .null,
      "result": outcome.resultDocument(of: prepared),
      "warnings": .array(JSONArray((prepared.warnings + outcome.warnings).map(\.document))),
      "resolved_spec": prepared.resolvedSpec,
    ]
    activations = outcome.trained.activationsDocument(CurveSampling())
  }

  /// Everything in one document.
  var document: JSONValue {
    guard case .object(var members) = summary else { return summary }
    members["activations"] = activations
    return .object(members)
  }

  /// The result for a reader: how it ended, its metrics, and the learned functions.
  ///
  /// - Parameter style: how curves are drawn; nil draws none.
  func text(_ style: PlotStyle?) -> String {
    ResultReport(summary).text + "\n" + (ActivationReport(activations, style: style)?.text ?? "")
  }
}

extension TrainingOutcome.Ending {
  /// The status that a job with this ending has: a time limit is a budget, and what was learned within it counts.
  fileprivate var status: String {
    switch self {
    case .succeeded, .timeLimit: "succeeded"
    case .cancelled: "cancelled"
    case .diverged: "failed"
    }
  }
}
