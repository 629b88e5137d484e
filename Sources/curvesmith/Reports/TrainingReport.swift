// The result of a training in the foreground, as text and as the JSON that the service would give.

import JSON
import Jobs
import Training

/// The result of one run.
struct TrainingReport {
  /// How it ended: status, error, result.
  let summary: JSONValue
  /// The learned activations, as `GET /v1/jobs/{id}/activations` gives them.
  let activations: JSONValue

  init(_ prepared: PreparedTraining, _ outcome: TrainingOutcome) {
    summary = [
      "name": prepared.name.map(JSONValue.string) ?? .null,
      "status": .string(outcome.ending.status),
      "error": outcome.errorDocument ?? .null,
      "result": outcome.resultDocument(of: prepared),
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

  /// The result for a reader: how it ended, its metrics, and the learned curves.
  var text: String {
    let metrics = summary["result"]?["metrics"]?.objectValue?.pairs ?? []
    let seconds = summary["result"]?["training_seconds"]?.doubleValue ?? 0
    var lines = ["\(summary["status"]?.stringValue ?? "") in \(fixed(seconds, decimals: 2)) s"]
    if let message = summary["error"]?["message"]?.stringValue { lines.append("  \(message)") }
    lines += metrics.map { name, value in
      "  \(name.padded(to: 22)) \(fixed(value.doubleValue ?? .nan, decimals: 4))"
    }
    return lines.joined(separator: "\n") + "\n\n" + (ActivationReport(activations)?.text ?? "")
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
