// What clients are shown of a training that has ended.

public import JSON
public import Training

extension TrainingOutcome {
  /// `{best_epoch, metrics, parameters, activation_parameters, training_seconds}`
  public func resultDocument(of prepared: PreparedTraining) -> JSONValue {
    [
      "best_epoch": bestEpoch.map(JSONValue.integer) ?? .null,
      "metrics": JSONValue(metrics: metrics),
      "parameters": .integer(prepared.parameterCount),
      "activation_parameters": .integer(prepared.activationParameterCount),
      "training_seconds": .seconds(trainingSeconds),
    ]
  }

  /// `{code, message, epoch, iteration}` if the training failed.
  public var errorDocument: JSONValue? {
    guard case .diverged(let epoch, let iteration, let message) = ending else { return nil }
    return [
      "code": "diverged", "message": .string(message), "epoch": .integer(epoch),
      "iteration": .integer(iteration),
    ]
  }
}

extension JSONValue {
  /// The newest values by name.
  init(metrics: [(name: String, value: Double)]) {
    self = .object(JSONObject(metrics.map { ($0.name, .number($0.value)) }))
  }
}
