// The `data` section as it is answered: every default written out, and what was found in the data.

package import JSON

extension DataSection {
  /// How rows are divided where the client leaves it open.
  package func split(for task: LearningTask, targetsAreSequences: Bool) -> SplitMethod {
    if let split { return split }
    if window != nil { return .ordered }
    return task.isClassification && !targetsAreSequences ? .stratified : .random
  }

  /// The section with every default written out; read again, it gives the same. Inline rows and CSV text are left out.
  ///
  /// - Parameter seed: the job's, which splits where the section has no `split_seed`.
  package func resolved(dataset: Dataset, standardize: Bool, seed: UInt64) -> JSONValue {
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
      if let format = dataset.format { describe(format, in: &object) }
    case .rows, .arrays, nil: break
    }
    object["validation_fraction"] = .number(validationFraction)
    object["test_fraction"] = .number(testFraction)
    let isSequence = dataset.targetSteps != nil
    object["split"] = .string(split(for: dataset.task, targetsAreSequences: isSequence).rawValue)
    object["split_seed"] = .number(Double(splitSeed ?? seed))
    object["standardize"] = .bool(standardize)
    describeShape(of: dataset, in: &object)
    object["missing"] = .string(missing.rawValue)
    object["unknown"] = .string(unknown.rawValue)
    return .object(object)
  }

  /// What was said of the shape of rows, if they have one.
  private func describeShape(of dataset: Dataset, in object: inout JSONObject) {
    guard dataset.inputEncoder.form != nil else { return }
    if let window {
      object["window"] = window.document
      return
    }
    if let inputShape { object["input_shape"] = .array(JSONArray(numbers: inputShape.map(Double.init))) }
    object["input_layout"] = .string(inputLayout.rawValue)
    if let lengths { object["lengths"] = .string(lengths) }
  }

  /// The types of columns and, of a text, its dialect.
  private func describe(_ format: TableFormat, in object: inout JSONObject) {
    object["types"] = .object(JSONObject(format.types.map { ($0.name, .string($0.type.rawValue)) }))
    object["ignore"] = .array(JSONArray(format.ignored.map(JSONValue.string)))
    guard format.isText else { return }
    func mark(_ byte: UInt8?, none: JSONValue = .null) -> JSONValue {
      byte.map { .string(String(Character(Unicode.Scalar($0)))) } ?? none
    }
    let dialect = format.dialect
    object["delimiter"] = mark(dialect.delimiter)
    object["decimal"] = mark(dialect.decimal)
    object["thousands"] = mark(dialect.thousands)
    object["quote"] = mark(dialect.quote, none: "none")
    object["escape"] = mark(dialect.escape)
    object["comment"] = mark(dialect.comment)
    object["header"] = .bool(dialect.hasHeader)
    object["encoding"] = .string(format.encoding.rawValue)
    object["na_values"] = .array(JSONArray(format.missingMarks.map(JSONValue.string)))
  }
}
