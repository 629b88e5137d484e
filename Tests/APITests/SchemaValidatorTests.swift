// The tests' own validator finds what it should find: otherwise the contract tests would prove nothing.

import JSON
import Testing

@Suite struct SchemaValidatorTests {
  private static let validator = SchemaValidator(
    document: OpenAPIDocument(root: ["components": ["schemas": ["Word": ["type": "string"]]]]))

  struct Case: Sendable {
    let value: JSONValue
    let schema: JSONValue
    let isValid: Bool

    init(_ value: JSONValue, _ schema: JSONValue, _ isValid: Bool) {
      self.value = value
      self.schema = schema
      self.isValid = isValid
    }
  }

  static let cases: [Case] = [
    Case(1, ["type": "integer"], true), Case(1.5, ["type": "integer"], false),
    Case(1.5, ["type": "number"], true), Case("1", ["type": "number"], false),
    Case(.null, ["type": ["string", "null"]], true), Case(true, ["type": ["string", "null"]], false),
    Case("a", ["const": "a"], true), Case("b", ["const": "a"], false),
    Case("a", ["enum": ["a", "b"]], true), Case("c", ["enum": ["a", "b"]], false),
    Case(1, ["minimum": 1], true), Case(0, ["minimum": 1], false),
    Case(1, ["maximum": 1], true), Case(2, ["maximum": 1], false),
    Case(1, ["exclusiveMinimum": 1], false), Case(1, ["exclusiveMaximum": 1], false),
    Case("ab", ["maxLength": 2], true), Case("abc", ["maxLength": 2], false),
    Case("", ["minLength": 1], false),
    Case("ab", ["pattern": "^a"], true), Case("ba", ["pattern": "^a"], false),
    Case([1, 2], ["items": ["type": "number"]], true), Case([1, "2"], ["items": ["type": "number"]], false),
    Case([1], ["minItems": 2], false), Case([1, 2], ["maxItems": 1], false),
    Case(["a": 1], ["required": ["a"]], true), Case(["b": 1], ["required": ["a"]], false),
    Case(["a": 1], ["properties": ["a": ["type": "number"]]], true),
    Case(["a": "1"], ["properties": ["a": ["type": "number"]]], false),
    Case(["a": 1, "b": 1], ["properties": ["a": ["type": "number"]]], false),
    Case(["a": 1, "b": 1], ["properties": ["a": ["type": "number"]], "additionalProperties": true], true),
    Case(["b": "1"], ["additionalProperties": ["type": "number"]], false),
    Case(["b": 1], ["propertyNames": ["pattern": "^a"]], false),
    Case(["a": 1, "b": 2], ["maxProperties": 1], false),
    Case(1, ["oneOf": [["type": "number"], ["type": "string"]]], true),
    Case(1, ["oneOf": [["type": "number"], ["minimum": 0]]], false),
    Case(1, ["anyOf": [["type": "number"], ["minimum": 0]]], true),
    Case(1, ["anyOf": [["type": "string"]]], false),
    Case("a", ["$ref": "#/components/schemas/Word"], true),
    Case(1, ["$ref": "#/components/schemas/Word"], false),
    Case(1, ["multipleOf": 1], false),
  ]

  @Test(arguments: cases) func `a value is valid exactly when the standard, or our stricter rule, says so`(
    _ example: Case
  ) {
    #expect(Self.validator.faults(of: example.value, against: example.schema).isEmpty == example.isValid)
  }
}
