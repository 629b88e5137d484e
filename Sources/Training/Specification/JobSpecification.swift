// The job specification: every member of the document read once, with its defaults and all of its faults.

package import Data
import JSON

/// A parsed job specification.
public struct JobSpecification: Sendable {
  /// At most 200 characters.
  public var name: String?
  /// The client's own notes.
  public var metadata: [String: String] = [:]
  /// -10 … 10; higher runs first.
  public var priority = 0
  /// Decides the initial weights, the split unless it has a seed of its own, and every draw of training.
  public var seed: UInt64 = 0
  /// What training may take; then it ends with what it has learned.
  public var maximumSeconds = 3600.0
  /// Where the rows come from.
  package var data = DataSection()
  /// What is to be learned.
  package var task = TaskChoice.auto
  /// The layers.
  package var model = ModelSection()
  /// Nil only when a fault says why.
  package var activation: ActivationSection?
  /// How to train.
  package var training = TrainingSection()

  /// Reads a document, adding every fault to `faults`; the value is of use only where there are none.
  init(_ request: TrainingRequest, faults: FaultCollector, limits: TrainingLimits) {
    let root = JSONPointer()
    var reader = ObjectReader(request.document, at: root, faults: faults)
    guard request.document.objectValue != nil else { return }
    seed = reader.seed("seed") ?? 0
    name = reader.string("name", maximumCharacters: 200)
    metadata = Self.metadata(&reader)
    if let value = reader.value("data", required: true) {
      data = DataSection(
        value, at: root.appending("data"), file: request.attachment?.file,
        arrays: request.attachment?.arrays, faults: faults, limits: limits.data)
    }
    task = reader.choice("task", of: TaskChoice.self) ?? .auto
    model = ModelSection(
      reader.value("model"), at: root.appending("model"), seed: seed, faults: faults, limits: limits)
    if let value = reader.value("activation", required: true) {
      activation = ActivationSection(value, at: root.appending("activation"), seed: seed, faults: faults)
    }
    training = TrainingSection(
      reader.value("training"), at: root.appending("training"), faults: faults, limits: limits)
    if var given = reader.object("limits") {
      maximumSeconds = given.number("max_seconds", in: 0.001...limits.maximumSeconds) ?? maximumSeconds
      given.finish()
    }
    priority = reader.integer("priority", in: -10...10) ?? 0
    reader.finish()
  }

  /// At most 16 members, keys of at most 64 and values of at most 512 characters.
  private static func metadata(_ reader: inout ObjectReader) -> [String: String] {
    guard let value = reader.value("metadata") else { return [:] }
    guard let object = value.objectValue else {
      reader.fault("metadata", "expected an object of strings, got a value of type \(value.typeName)")
      return [:]
    }
    if object.count > 16 { reader.fault("metadata", "has \(object.count) members; at most 16 are kept") }
    let place = reader.pointer.appending("metadata")
    var metadata: [String: String] = [:]
    for (key, value) in object.pairs {
      if key.count > 64 { reader.faults.add("a key has at most 64 characters", at: place.appending(key)) }
      guard let text = value.stringValue, text.count <= 512 else {
        reader.faults.add("expected a string of at most 512 characters", at: place.appending(key))
        continue
      }
      metadata[key] = text
    }
    return metadata
  }
}

extension JobSpecification {
  /// The document with every default written out; read again, it gives the same. Inline rows and CSV text are left out.
  func resolved(dataset: Dataset) -> JSONValue {
    var object = JSONObject()
    object["name"] = name.map(JSONValue.string) ?? .null
    object["metadata"] = .object(
      JSONObject(sorting: metadata))
    object["data"] = data.resolved(dataset: dataset, standardize: standardizes, seed: seed)
    object["task"] = .string(dataset.task.rawValue)
    object["model"] = model.resolved
    object["activation"] = activation?.resolved ?? .null
    object["training"] = training.resolved(hasValidation: dataset.validation.rows > 0)
    object["limits"] = ["max_seconds": .number(maximumSeconds)]
    object["priority"] = .integer(priority)
    object["seed"] = .number(Double(seed))
    return .object(object)
  }

  /// On unless the model is bare: there ŷ = f(x), and rescaling either side would make it something else. Tokens are never
  /// scaled.
  package var standardizes: Bool { data.standardize ?? (model.output == .dense) }
}
