// A validator for the part of JSON Schema (2020-12) that openapi.yaml uses, stricter than the standard in two ways.

import JSON

/// Finds everything in which a value differs from a schema.
///
/// Stricter than the standard: a member that an object's schema does not describe is a fault, so that nothing
/// undescribed is ever sent, and so is a keyword that the validator does not know, so that none goes unchecked.
struct SchemaValidator {
  let document: OpenAPIDocument

  private static let annotations: Set<String> = [
    "description", "default", "example", "examples", "title", "contentMediaType",
  ]

  func faults(of value: JSONValue, against schema: JSONValue, at place: String = "#") -> [String] {
    let schema = document.resolved(schema)
    guard let keywords = schema.objectValue else { return ["\(place): the schema is not an object"] }
    var faults: [String] = []
    let fail = { (reason: String) in faults.append("\(place): \(reason)") }

    for (keyword, argument) in keywords.pairs where !Self.annotations.contains(keyword) {
      switch keyword {
      case "type":
        let names = argument.arrayValue?.compactMap(\.stringValue) ?? [argument.stringValue ?? ""]
        if !names.contains(where: { Self.isType($0, value) }) {
          fail("expected \(names.joined(separator: " or ")), got \(value.typeName)")
        }
      case "const":
        if value != argument { fail("is not \(Self.text(argument))") }
      case "enum":
        if !(argument.arrayValue ?? []).contains(value) {
          fail("\(Self.text(value)) is not in \(Self.text(argument))")
        }
      case "oneOf", "anyOf":
        let branches = (argument.arrayValue ?? []).map { self.faults(of: value, against: $0, at: place) }
        let matches = branches.count(where: \.isEmpty)
        if matches == 0 || (matches > 1 && keyword == "oneOf") {
          fail("matches \(matches) of \(branches.count) alternatives: \(branches.flatMap(\.self))")
        }
      case "discriminator":
        faults += discriminatorFaults(of: value, argument, at: place)
      case "minimum": number(value) { if $0 < bound(argument) { fail("\($0) is below the minimum") } }
      case "maximum": number(value) { if $0 > bound(argument) { fail("\($0) is above the maximum") } }
      case "exclusiveMinimum": number(value) { if $0 <= bound(argument) { fail("\($0) is not above") } }
      case "exclusiveMaximum": number(value) { if $0 >= bound(argument) { fail("\($0) is not below") } }
      case "minLength": string(value) { if Double($0.count) < bound(argument) { fail("is too short") } }
      case "maxLength": string(value) { if Double($0.count) > bound(argument) { fail("is too long") } }
      case "pattern":
        string(value) {
          if !Self.matches($0, argument) { fail("\"\($0)\" does not match \(Self.text(argument))") }
        }
      case "minItems":
        if let array = value.arrayValue, Double(array.count) < bound(argument) { fail("has too few items") }
      case "maxItems":
        if let array = value.arrayValue, Double(array.count) > bound(argument) { fail("has too many items") }
      case "items":
        for (index, item) in (value.arrayValue ?? []).enumerated() {
          faults += self.faults(of: item, against: argument, at: "\(place)/\(index)")
        }
      case "maxProperties":
        if let object = value.objectValue, Double(object.count) > bound(argument) {
          fail("has too many members")
        }
      case "required":
        for name in argument.arrayValue?.compactMap(\.stringValue) ?? [] {
          if let object = value.objectValue, object[name] == nil { fail("lacks \(name)") }
        }
      case "propertyNames":
        for name in value.objectValue?.keys ?? [] {
          faults += self.faults(of: .string(name), against: argument, at: "\(place)/\(name)")
        }
      case "properties", "additionalProperties":
        break
      default:
        fail("the validator does not know the keyword \(keyword)")
      }
    }
    return faults + memberFaults(of: value, keywords, at: place)
  }

  /// What tells the alternatives apart must lead to the one that the value fits (OpenAPI 3.1 §4.8.25).
  private func discriminatorFaults(
    of value: JSONValue, _ discriminator: JSONValue, at place: String
  ) -> [String] {
    guard let tag = value[discriminator["propertyName"]?.stringValue ?? ""]?.stringValue else { return [] }
    guard let reference = discriminator["mapping"]?[tag] else {
      return ["\(place): the discriminator does not map \(tag)"]
    }
    return faults(of: value, against: ["$ref": reference], at: place)
  }

  private func memberFaults(of value: JSONValue, _ keywords: JSONObject, at place: String) -> [String] {
    let describesObjects = keywords["properties"] != nil || keywords["additionalProperties"] != nil
    guard let object = value.objectValue, describesObjects else { return [] }
    return object.pairs.flatMap { name, member -> [String] in
      if let schema = keywords["properties"]?[name] {
        return faults(of: member, against: schema, at: "\(place)/\(name)")
      }
      switch keywords["additionalProperties"] {
      case .bool(true): return []
      case .object(let schema): return faults(of: member, against: .object(schema), at: "\(place)/\(name)")
      default: return ["\(place)/\(name): is not described"]
      }
    }
  }

  private static func isType(_ name: String, _ value: JSONValue) -> Bool {
    name == "integer" ? value.intValue != nil : name == value.typeName
  }

  private static func matches(_ text: String, _ pattern: JSONValue) -> Bool {
    guard let pattern = pattern.stringValue, let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil
  }

  private static func text(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
  }

  private func bound(_ argument: JSONValue) -> Double { argument.doubleValue ?? .nan }

  private func number(_ value: JSONValue, _ check: (Double) -> Void) {
    if let number = value.doubleValue { check(number) }
  }

  private func string(_ value: JSONValue, _ check: (String) -> Void) {
    if let string = value.stringValue { check(string) }
  }
}
