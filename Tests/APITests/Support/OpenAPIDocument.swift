// openapi.yaml as the tests see it: read with Yams, members in order, references followed.

import Foundation
import JSON
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
