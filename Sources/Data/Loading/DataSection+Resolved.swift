// The `data` section as it is answered: every default written out, and what was found in the data.

package import JSON

extension DataSection {
  /// How rows are divided where the client leaves it open.
  package func split(for task: LearningTask) -> SplitMethod {
    split ?? (task.isClassification ? .stratified : .random)
  }

  /// The section with every default written out; read again, it gives the same. Inline rows and CSV text are left out.
  package func resolved(dataset: Dataset, standardize: Bool) -> JSONValue {
    var object = JSONObject()
    switch source {
    case .synthetic(let data):
      object["synthetic"] = [
        "kind": .string(data.kind.rawValue), "rows": .integer(data.rows), "noise": .number(data.noise),
        "seed": .number(Double(data.seed)),
      ]
    case .csv, .attachment:
      let names = dataset.targetNames.map(JSONValue.string)
      object["target"] = names.count == 1 ? names[0] : .array(JSONArray(names))
      object["features"] = .array(JSONArray(dataset.featureNames.map(JSONValue.string)))
    case .rows, nil: break
    }
    object["validation_fraction"] = .number(validationFraction)
    object["split"] = .string(split(for: dataset.task).rawValue)
    object["standardize"] = .bool(standardize)
    object["missing"] = .string(missing.rawValue)
    return .object(object)
  }
}
