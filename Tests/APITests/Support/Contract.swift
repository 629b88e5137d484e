// Holds any reply against openapi.yaml: the status and media type must be declared, the body must fit its schema.

import JSON

enum Contract {
  private static let document = OpenAPIDocument.shared

  /// The operation of the description that a request is for.
  static func operation(method: String, target: String) -> OpenAPIDocument.Operation? {
    let path = segments(target.prefix { $0 != "?" })
    let matches = document.operations.filter { operation in
      let template = segments(operation.path[...])
      return template.count == path.count
        && zip(template, path).allSatisfy { $0 == $1 || $0.hasPrefix("{") && !$1.isEmpty }
    }
    // `/v1/jobs/validate` beats `/v1/jobs/{id}`, whatever the method.
    let best = matches.min { $0.path.count { $0 == "{" } < $1.path.count { $0 == "{" } }
    return matches.first { $0.path == best?.path && $0.method == (method == "HEAD" ? "GET" : method) }
  }

  /// Everything in which a reply departs from the description.
  static func faults(of reply: Reply, method: String, target: String) -> [String] {
    var faults = commonFaults(of: reply)
    guard let operation = operation(method: method, target: target) else {
      // No operation: OPTIONS, or a problem that the description's introduction names.
      let isKnown = [204, 400, 403, 404, 405, 413, 421, 501].contains(reply.status)
      if !isKnown { faults.append("the status is not one for requests without an operation") }
      return reply.status == 204 ? faults : faults + problemFaults(of: reply)
    }
    guard let declared = operation.definition["responses"]?["\(reply.status)"].map(document.resolved) else {
      return faults + ["\(operation.id) does not declare the status"]
    }
    faults += headerFaults(of: reply, declared)
    guard let content = declared["content"]?.objectValue else {
      return reply.bytes.isEmpty ? faults : faults + ["there is content where none is declared"]
    }
    let type = reply.field("Content-Type") ?? ""
    guard let media = content[type] ?? content[essence(type)] else {
      return faults + ["\(operation.id) does not declare the media type \(type)"]
    }
    guard type.hasSuffix("/json") || type.contains("+json") else {
      return reply.bytes.isEmpty ? faults + ["the content is empty"] : faults
    }
    return faults + bodyFaults(of: reply, media["schema"] ?? .null)
  }

  private static func commonFaults(of reply: Reply) -> [String] {
    var faults: [String] = []
    if reply.field("X-Content-Type-Options") != "nosniff" { faults.append("lacks nosniff") }
    if reply.field("Cross-Origin-Resource-Policy") != "same-origin" { faults.append("may be embedded") }
    if !reply.bytes.isEmpty, reply.bytes.last != 0x0A { faults.append("the content does not end its line") }
    return faults
  }

  private static func problemFaults(of reply: Reply) -> [String] {
    guard reply.field("Content-Type") == "application/problem+json" else { return ["is no problem document"] }
    return bodyFaults(of: reply, ["$ref": "#/components/schemas/Problem"])
      + (reply.json["status"]?.intValue == reply.status ? [] : ["the problem's status is another"])
  }

  private static func bodyFaults(of reply: Reply, _ schema: JSONValue) -> [String] {
    do {
      let value = try JSONParser.parse(reply.bytes)
      return SchemaValidator(document: document).faults(of: value, against: schema)
    } catch {
      return ["the content is not JSON: \(error)"]
    }
  }

  private static func headerFaults(of reply: Reply, _ declared: JSONValue) -> [String] {
    let validator = SchemaValidator(document: document)
    let headers = declared["headers"]?.objectValue?.pairs ?? []
    return headers.flatMap { name, reference -> [String] in
      let header = document.resolved(reference)
      guard let value = reply.field(name) else {
        return header["required"] == true ? ["lacks the header \(name)"] : []
      }
      return validator.faults(of: .string(value), against: header["schema"] ?? [:], at: name)
    }
  }

  private static func essence(_ type: String) -> String {
    String(type.prefix { $0 != ";" })
  }

  private static func segments(_ path: Substring) -> [Substring] {
    path.split(separator: "/", omittingEmptySubsequences: false)
  }
}
