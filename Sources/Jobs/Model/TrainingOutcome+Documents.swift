// What clients are shown of a training that has ended.

public import JSON
public import Training

extension TrainingOutcome {
  /// `{epoch, keep, best_epoch, metrics, last: {epoch, metrics}, evaluated_rows: {training, validation, test}, parameters,
  /// activation_parameters, training_seconds}`: `metrics` are those of `epoch`, whose state was kept and predicts.
  public func resultDocument(of prepared: PreparedTraining) -> JSONValue {
    [
      "epoch": .integer(kept.epoch),
      "keep": .string(keep.rawValue),
      "best_epoch": best.map { .integer($0.epoch) } ?? .null,
      "metrics": JSONValue(metrics: kept.metrics),
      "last": ["epoch": .integer(last.epoch), "metrics": JSONValue(metrics: last.metrics)],
      "evaluated_rows": [
        "training": .integer(evaluatedRows.training), "validation": .integer(evaluatedRows.validation),
        "test": .integer(evaluatedRows.test),
      ],
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

extension BestEpoch {
  /// `{metric, value, epoch}`, for lists of jobs.
  package var document: JSONValue {
    ["metric": .string(metric), "value": .number(value), "epoch": .integer(epoch)]
  }
}
