// openapi.yaml and the table of operations are equal in both directions, and its examples are true.

import API
import Engine
import Foundation
import HTTPTypes
import JSON
import Testing
import Training

@Suite struct DescriptionTests {
  private let document = OpenAPIDocument.shared

  /// What both sides must agree on, as one line for each operation.
  private struct Line: Hashable, CustomStringConvertible {
    var description: String

    init(id: String, method: String, path: String, query: [String], accepts: [String], successes: [Int]) {
      description =
        "\(id): \(method) \(path)?\(query.sorted()) takes \(accepts.sorted()) gives \(successes.sorted())"
    }
  }

  @Test func `the description and the table of operations are equal`() {
    let described = document.operations.map { operation in
      Line(
        id: operation.id, method: operation.method, path: operation.path,
        query: operation.parameters.filter { $0["in"] == "query" }.compactMap { $0["name"]?.stringValue },
        accepts: operation.definition["requestBody"].map(document.resolved)?["content"]?.objectValue?.keys
          ?? [],
        successes: (operation.definition["responses"]?.objectValue?.keys ?? []).compactMap(Int.init)
          .filter { $0 < 300 })
    }
    let built = Operation.all.map { operation in
      Line(
        id: operation.id, method: operation.method.rawValue, path: operation.template, query: operation.query,
        accepts: operation.accepts, successes: operation.successes)
    }
    #expect(Set(described).subtracting(built) == [])
    #expect(Set(built).subtracting(described) == [])
    #expect(described.count == built.count)
  }

  @Test func `the security of every operation is its scope in the table`() {
    for operation in document.operations {
      let scope = Operation.all.first { $0.id == operation.id }?.scope
      let wanted: JSONValue = scope.map { [["key": [.string($0.rawValue)]]] } ?? []
      #expect(operation.definition["security"] == wanted, "\(operation.id)")
    }
    let schemes = document.root["components"]?["securitySchemes"]?.objectValue?.keys
    #expect(schemes.map(Array.init) == ["key"])
  }

  @Test func `every parameter of a path's template is described`() {
    for operation in document.operations {
      let inTemplate = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }
        .map { String($0.dropFirst().dropLast()) }
      let described = operation.parameters.filter { $0["in"] == "path" }.compactMap {
        $0["name"]?.stringValue
      }
      #expect(inTemplate == described, "\(operation.id)")
    }
  }

  @Test func `optimisers and their settings are those that are accepted`() throws {
    let schemas = try #require(document.root["components"]?["schemas"])
    #expect(
      schemas["OptimizerName"]?["enum"] == .array(JSONArray(Optimizers.all.map { .string($0.name) })))
    let properties = try #require(schemas["Optimizer"]?["properties"]?.objectValue)
    let described = Set(properties.keys).subtracting(["name", "learning_rate"])
    #expect(described == Set(Optimizers.all.flatMap { settings($0).map(\.name) }))
    for optimizer in Optimizers.all {
      for (name, bounds) in settings(optimizer) {
        let schema = try #require(properties[name])
        for (keyword, bound) in bounds { #expect(schema[keyword] == bound, "\(name) \(keyword)") }
        let mentions = schema["description"]?.stringValue?.contains(optimizer.name) ?? false
        #expect(mentions, "\(name) does not say that it is a setting of \(optimizer.name)")
      }
    }
  }

  /// The settings of an optimiser, and the keywords that its schema needs.
  private func settings<Kind: Optimizer>(
    _ type: Kind.Type
  ) -> [(name: String, bounds: [(String, JSONValue)])] {
    Kind.settings.map { setting in
      switch setting.property {
      case .number(_, let range):
        (
          setting.name,
          [
            ("type", "number"), ("minimum", .number(range.lowerBound)),
            ("maximum", .number(range.upperBound)),
          ]
        )
      case .positive: (setting.name, [("type", "number"), ("exclusiveMinimum", 0)])
      case .integer(_, let range):
        (
          setting.name,
          [
            ("type", "integer"), ("minimum", .integer(range.lowerBound)),
            ("maximum", .integer(range.upperBound)),
          ]
        )
      case .flag: (setting.name, [("type", "boolean")])
      }
    }
  }

  @Test func `the names of the catalogue are those in the description`() throws {
    let data = try #require(TrainingDescriptions.activations["data"]?.arrayValue)
    let names = data.compactMap { $0["name"]?.stringValue }
    let isFresh = try OpenAPIDocument.holds(
      names.map { "        - \($0)\n" }.joined(), as: "the catalogue's names")
    #expect(isFresh, "run the tests with CURVESMITH_RECORD=1 to write the names anew")
    #expect(names.count >= 110)
  }

  @Test func `the JSON form is the YAML form`() throws {
    let path = OpenAPIDocument.topLevel.appending(path: "openapi.json")
    let wanted = document.root.serialized(pretty: true)
    if ProcessInfo.processInfo.environment["CURVESMITH_RECORD"] == "1" {
      try Data(wanted).write(to: path)
    }
    let isFresh = try Array(Data(contentsOf: path)) == wanted
    #expect(isFresh, "run the tests with CURVESMITH_RECORD=1 to write openapi.json anew")
  }

  @Test func `every reference leads somewhere`() {
    var references: [String] = []
    Self.visit(document.root) { value in
      if let reference = value["$ref"]?.stringValue { references.append(reference) }
    }
    #expect(references.count > 100)
    for reference in references {
      #expect(document.resolved(["$ref": .string(reference)]) != .null, "\(reference)")
    }
  }

  @Test func `every component is used`() {
    var used: Set<String> = []
    Self.visit(document.root) { value in
      if let reference = value["$ref"]?.stringValue { used.insert(reference) }
    }
    // A security scheme is named, not referred to.
    for (kind, components) in document.root["components"]?.objectValue?.pairs ?? []
    where kind != "securitySchemes" {
      for name in components.objectValue?.keys ?? [] {
        #expect(used.contains("#/components/\(kind)/\(name)"), "\(kind)/\(name)")
      }
    }
  }

  /// `const`, `not`, schemas that are `false`, enumerations without a type, lists of several types and alternatives
  /// within alternatives are sound JSON Schema, and each of them made a common generator give up or write code that
  /// does not run.
  @Test func `every schema has a shape that generators of clients digest`() {
    var count = 0
    document.visitSchemas { schema, place in
      count += 1
      guard let keywords = schema.objectValue else {
        Issue.record("\(place) is not an object")
        return
      }
      for keyword in ["const", "not", "anyOf", "allOf", "if", "nullable"] where keywords[keyword] != nil {
        Issue.record("\(place) has \(keyword)")
      }
      let isTyped = ["$ref", "type", "oneOf"].count { keywords[$0] != nil } == 1
      // Values of several shapes, whose alternatives a generated client could not read.
      let isFree =
        ["ParameterValue", "FeatureValue"].contains(place) && Set(keywords.keys) == ["description"]
      #expect(isTyped || isFree, "\(place) is not exactly one of a reference, a type and alternatives")
      let types = schema["type"]?.arrayValue?.compactMap(\.stringValue) ?? []
      #expect(types.isEmpty || types.count == 2 && types.contains("null"), "\(place) has several types")
      for branch in schema["oneOf"]?.arrayValue ?? [] where branch["oneOf"] != nil {
        Issue.record("\(place) has alternatives within alternatives")
      }
      for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
      where schema["properties"] != nil {
        #expect(schema["properties"]?[name] != nil, "\(place) requires \(name) and does not describe it")
      }
    }
    #expect(count > 400)
  }

  @Test func `what tells layers apart names each of them once`() {
    var discriminated = 0
    document.visitSchemas { schema, place in
      guard let discriminator = schema["discriminator"] else { return }
      discriminated += 1
      let property = discriminator["propertyName"]?.stringValue ?? ""
      var tags: [String: String] = [:]
      for branch in schema["oneOf"]?.arrayValue ?? [] {
        let values = document.resolved(branch)["properties"]?[property]?["enum"]?.arrayValue ?? []
        for tag in values.compactMap(\.stringValue) { tags[tag] = branch["$ref"]?.stringValue }
      }
      let mapping = discriminator["mapping"]?.objectValue?.pairs.map { ($0.key, $0.value.stringValue ?? "") }
      #expect(tags == Dictionary(uniqueKeysWithValues: mapping ?? []), "\(place)")
    }
    #expect(discriminated > 0)
  }

  /// Generated clients send every `default`, and an optimiser refuses what is another's.
  @Test(arguments: [("Optimizer", ["name"]), ("Schedule", ["name", "warmup_epochs"])])
  func `an option that only some names have stands without a default`(
    _ schema: String, _ common: [String]
  ) throws {
    let properties = try #require(
      document.root["components"]?["schemas"]?[schema]?["properties"]?.objectValue)
    #expect(properties.count > common.count)
    #expect(properties.pairs.filter { $0.value["default"] != nil }.map(\.key) == common)
  }

  /// A generated client reads a response as the first media type that it is described with.
  @Test func `where a response may be JSON, JSON comes first`() {
    for operation in document.operations {
      for (status, response) in operation.definition["responses"]?.objectValue?.pairs ?? [] {
        let types = document.resolved(response)["content"]?.objectValue?.keys ?? []
        guard types.contains("application/json") else { continue }
        #expect(types.first == "application/json", "\(operation.id) \(status)")
      }
    }
  }

  /// A generated function without any optional parameter was written with a name that it does not have.
  @Test func `an operation that takes several media types has an optional parameter`() {
    for operation in document.operations {
      let content = operation.definition["requestBody"].map(document.resolved)?["content"]?.objectValue
      guard (content?.count ?? 0) > 1 else { continue }
      #expect(operation.parameters.contains { $0["required"] != true }, "\(operation.id)")
    }
  }

  @Test func `every example fits its schema`() {
    let validator = SchemaValidator(document: document)
    var count = 0
    Self.visit(document.root) { value in
      let schema = value["schema"] ?? value
      var examples: [JSONValue] = []
      if let example = value["example"] { examples.append(example) }
      switch value["examples"] {
      case .array(let values): examples += values
      case .object(let named): examples += named.pairs.compactMap { $0.value["value"] }
      default: break
      }
      for example in examples {
        count += 1
        #expect(validator.faults(of: example, against: schema) == [])
      }
    }
    #expect(count > 30)
  }

  @Test func `every example of a specification is accepted`() async throws {
    let body = document.resolved(["$ref": "#/components/requestBodies/Training"])
    let examples = try #require(body["content"]?["application/json"]?["examples"]?.objectValue)
    try await Service.run { service in
      for (name, example) in examples.pairs {
        let text = String(decoding: (example["value"] ?? .null).serialized(), as: UTF8.self)
        let reply = try await service.post("/v1/jobs/validate", text)
        #expect(reply.status == 200, "\(name): \(reply.text)")
      }
    }
  }

  /// Every object of a document, an example's own members apart.
  private static func visit(_ value: JSONValue, _ body: (JSONValue) -> Void) {
    switch value {
    case .object(let object):
      body(value)
      for (key, member) in object.pairs where !["example", "examples", "value", "default"].contains(key) {
        visit(member, body)
      }
    case .array(let array):
      for element in array { visit(element, body) }
    default:
      break
    }
  }
}
