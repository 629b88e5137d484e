// openapi.yaml as the tests see it: read with Yams, members in order, references followed.

import Foundation
import JSON
import Synchronization
import Testing
import Yams

/// The API's description.
struct OpenAPIDocument: Sendable {
  let root: JSONValue

  static let topLevel = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardized

  static let shared: OpenAPIDocument = {
    do {
      let text = try String(contentsOf: topLevel.appending(path: "openapi.yaml"), encoding: .utf8)
      guard let node = try Yams.compose(yaml: text) else { fatalError("openapi.yaml is empty") }
      return OpenAPIDocument(root: try value(of: node))
    } catch {
      fatalError("openapi.yaml cannot be read: \(error)")
    }
  }()

  /// Whether the generated lines of openapi.yaml between `# begin of NAME` and `# end of NAME` are these. While the
  /// tests record, they are written there.
  static func holds(_ lines: String, as name: String) throws -> Bool {
    // Read anew, one at a time: others may record other lines of the file.
    try recording.withLock { _ in
      let path = topLevel.appending(path: "openapi.yaml")
      let text = try String(contentsOf: path, encoding: .utf8)
      let first = try #require(text.range(of: "# begin of \(name)\n")?.upperBound)
      let end = try #require(text.range(of: "# end of \(name)\n")?.lowerBound)
      let last = text.index(after: try #require(text[..<end].lastIndex(of: "\n")))
      if text[first..<last] == lines { return true }
      guard ProcessInfo.processInfo.environment["CURVESMITH_RECORD"] == "1" else { return false }
      try Data((text[..<first] + lines + text[last...]).utf8).write(to: path)
      return true
    }
  }

  private static let recording = Mutex(())

  /// One operation of the description.
  struct Operation {
    let id: String
    let method: String
    let path: String
    let definition: JSONValue
    /// Those of the path and of the operation itself, references followed.
    let parameters: [JSONValue]
  }

  var operations: [Operation] {
    (root["paths"]?.objectValue?.pairs ?? []).flatMap { path, item in
      (item.objectValue?.pairs ?? []).filter { $0.key != "parameters" }.map { method, definition in
        let parameters = [item["parameters"], definition["parameters"]].compactMap { $0?.arrayValue }
          .flatMap { $0.map(resolved) }
        return Operation(
          id: definition["operationId"]?.stringValue ?? "", method: method.uppercased(), path: path,
          definition: definition, parameters: parameters)
      }
    }
  }

  /// Every schema of the document, with its place; schemas within schemas too, references not followed.
  func visitSchemas(_ body: (_ schema: JSONValue, _ place: String) -> Void) {
    for (name, schema) in root["components"]?["schemas"]?.objectValue?.pairs ?? [] {
      visit(schema, at: name, body)
    }
    visitMembers(named: "schema", of: root, at: "") { visit($0, at: $1, body) }
  }

  private func visit(_ schema: JSONValue, at place: String, _ body: (JSONValue, String) -> Void) {
    body(schema, place)
    for (name, property) in schema["properties"]?.objectValue?.pairs ?? [] {
      visit(property, at: "\(place)/\(name)", body)
    }
    for (index, branch) in (schema["oneOf"]?.arrayValue ?? []).enumerated() {
      visit(branch, at: "\(place)/\(index)", body)
    }
    if let items = schema["items"] { visit(items, at: "\(place)/items", body) }
    if case .object = schema["additionalProperties"], let values = schema["additionalProperties"] {
      visit(values, at: "\(place)/*", body)
    }
  }

  /// Members of that name outside the components' schemas and examples.
  private func visitMembers(
    named name: String, of value: JSONValue, at place: String, _ body: (JSONValue, String) -> Void
  ) {
    for (key, member) in value.objectValue?.pairs ?? [] where !["schemas", "examples"].contains(key) {
      if key == name {
        body(member, place)
      } else {
        visitMembers(named: name, of: member, at: "\(place)/\(key)", body)
      }
    }
    for (index, element) in (value.arrayValue ?? []).enumerated() {
      visitMembers(named: name, of: element, at: "\(place)/\(index)", body)
    }
  }

  /// The value itself, or what its `$ref` points to.
  func resolved(_ value: JSONValue) -> JSONValue {
    guard let reference = value["$ref"]?.stringValue else { return value }
    let target = reference.dropFirst(2).split(separator: "/").reduce(root) { $0[String($1)] ?? .null }
    return resolved(target)
  }

  private static func value(of node: Node) throws -> JSONValue {
    switch node {
    case .mapping(let mapping):
      return .object(
        JSONObject(try mapping.map { key, value in (key.string ?? "", try Self.value(of: value)) }))
    case .sequence(let sequence):
      return .array(JSONArray(try sequence.map(value(of:))))
    case .scalar:
      switch node.any {
      case is NSNull: return .null
      case let bool as Bool: return .bool(bool)
      case let integer as Int: return .integer(integer)
      case let double as Double: return .number(double)
      case let string as String: return .string(string)
      default: throw CocoaError(.fileReadCorruptFile)
      }
    case .alias:
      throw CocoaError(.fileReadCorruptFile)
    }
  }
}
