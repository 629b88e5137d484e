// Every malformed body gets its exact status and the exact place of every fault, and the service goes on.

import JSON
import Testing

@Suite struct MalformedContentTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let body: [UInt8]
    let fields: [(String, String)]
    let status: Int
    let code: String
    let pointers: [String]

    init(
      _ description: String, _ text: String, _ status: Int = 422, _ code: String = "invalid_specification",
      at pointers: String..., fields: [(String, String)] = [("Content-Type", "application/json")]
    ) {
      testDescription = description
      body = Array(text.utf8)
      self.fields = fields
      self.status = status
      self.code = code
      self.pointers = pointers
    }
  }

  /// A sound specification but for its data.
  private static func data(_ data: String) -> String { #"{"data": \#(data), "activation": "tanh"}"# }

  /// A sound specification but for one further member.
  private static func with(_ member: String) -> String {
    #"{"data": {"inputs": [[0], [1], [2], [3]], "targets": [0, 1, 2, 3]}, "activation": "tanh", \#(member)}"#
  }

  /// A sound specification but for its activation.
  private static func activation(_ activation: String) -> String {
    #"{"data": {"inputs": [[0], [1], [2], [3]], "targets": [0, 1, 2, 3]}, "activation": \#(activation)}"#
  }

  static let syntax: [Case] = [
    Case("nothing", "", 400, "invalid_json"),
    Case("blanks", "  \n ", 400, "invalid_json"),
    Case("a cut object", #"{"data": {"inputs": [[0"#, 400, "invalid_json"),
    Case("a trailing comma", #"{"data": {},}"#, 400, "invalid_json"),
    Case("single quotes", "{'data': {}}", 400, "invalid_json"),
    Case("a comment", "{} // done", 400, "invalid_json"),
    Case("two documents", "{}{}", 400, "invalid_json"),
    Case("a bare NaN", data(#"{"inputs": [[NaN]], "targets": [1]}"#), 400, "invalid_json"),
    Case("a bare Infinity", data(#"{"inputs": [[Infinity]], "targets": [1]}"#), 400, "invalid_json"),
    Case("a number beyond the range", data(#"{"inputs": [[1e400]], "targets": [1]}"#), 400, "invalid_json"),
    Case("a duplicate member", #"{"data": {}, "data": {}}"#, 400, "invalid_json"),
    Case("a lone surrogate", #"{"name": "\ud800"}"#, 400, "invalid_json"),
    Case("a leading zero", #"{"seed": 01}"#, 400, "invalid_json"),
    Case("a control character", "{\"name\": \"a\u{1}\"}", 400, "invalid_json"),
    Case("arrays in arrays, a million deep", String(repeating: "[", count: 1_000_000), 400, "invalid_json"),
    Case(
      "objects in objects, a million deep", String(repeating: #"{"a":"#, count: 1_000_000), 400,
      "invalid_json"),
    Case(
      "a form's fields", "a=1", 415, "unsupported_media_type",
      fields: [("Content-Type", "application/x-www-form-urlencoded")]),
    Case("no media type", "{}", 415, "unsupported_media_type", fields: []),
    Case("a malformed media type", "{}", 415, "unsupported_media_type", fields: [("Content-Type", "json")]),
    Case(
      "content in a coding that is not read", "{}", 415, "unsupported_content_coding",
      fields: [("Content-Type", "application/json"), ("Content-Encoding", "br")]),
    Case(
      "content in gzip twice", "{}", 415, "unsupported_content_coding",
      fields: [("Content-Type", "application/json"), ("Content-Encoding", "gzip, gzip")]),
    Case(
      "plain content that is said to be in gzip", "{}", 400, "invalid_gzip",
      fields: [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]),
    Case(
      "nothing that is said to be in gzip", "", 400, "truncated_gzip",
      fields: [("Content-Type", "application/json"), ("Content-Encoding", "x-gzip")]),
    Case(
      "a form without a boundary", "x", 400, "invalid_multipart",
      fields: [("Content-Type", "multipart/form-data")]),
    Case("a form that is none", "x", 400, "invalid_multipart", fields: [Specifications.formType]),
    Case(
      "a form that is cut", "--edge\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n{}", 400,
      "invalid_multipart", fields: [Specifications.formType]),
    Case(
      "a form whose spec is no JSON", String(decoding: Specifications.form(spec: "{"), as: UTF8.self), 400,
      "invalid_json", fields: [Specifications.formType]),
    Case(
      "a form without data",
      String(
        decoding: Specifications.form([("spec", "application/json", Specifications.formSpec)]), as: UTF8.self),
      at: "#", fields: [Specifications.formType]),
    Case(
      "a form with an unknown part",
      String(
        decoding: Specifications.form([
          ("spec", "application/json", "{}"), ("data", "text/csv", "a"), ("more", "text/csv", "a"),
        ]), as: UTF8.self),
      at: "#", fields: [Specifications.formType]),
    Case(
      "a form with two specs",
      String(
        decoding: Specifications.form([
          ("spec", "application/json", "{}"), ("spec", "application/json", "{}"),
        ]),
        as: UTF8.self),
      at: "#", fields: [Specifications.formType]),
    Case(
      "a form whose target is not a column",
      String(
        decoding: Specifications.form(spec: #"{"data": {"target": "huge"}, "activation": "tanh"}"#),
        as: UTF8.self),
      at: "#/data/target", fields: [Specifications.formType]),
  ]

  static let values: [Case] = [
    Case("an array", "[]", at: "#"),
    Case("a string", #""xor""#, at: "#"),
    Case("null", "null", at: "#"),
    Case("an empty object", "{}", at: "#/data", "#/activation"),
    Case("an unknown member", with(#""epochs": 3"#), at: "#/epochs"),
    Case("a misspelt member", with(#""trainning": {}"#), at: "#/trainning"),
    Case("a member with a slash", with(#""a/b": 1"#), at: "#/a~1b"),
    Case("a member with a percent sign", with(#""100%": 1"#), at: "#/100%25"),
    Case("a name of another type", with(#""name": 7"#), at: "#/name"),
    Case("metadata of another type", with(#""metadata": {"a": 1}"#), at: "#/metadata/a"),
    Case("a negative seed", with(#""seed": -1"#), at: "#/seed"),
    Case("a fractional seed", with(#""seed": 0.5"#), at: "#/seed"),
    Case("a priority beyond its range", with(#""priority": 11"#), at: "#/priority"),
    Case("an unknown task", with(#""task": "clustering""#), at: "#/task"),
    Case("no data", data("{}"), at: "#/data"),
    Case("data of another type", data("[1]"), at: "#/data"),
    Case("no rows", data(#"{"inputs": [], "targets": []}"#), at: "#/data/inputs"),
    Case("ragged rows", data(#"{"inputs": [[1, 2], [3]], "targets": [1, 2]}"#), at: "#/data/inputs/1"),
    Case(
      "a word among numbers", data(#"{"inputs": [[1], ["two"]], "targets": [1, 2]}"#), at: "#/data/inputs/1/0"
    ),
    Case(
      "the word NaN among numbers", data(#"{"inputs": [[1], ["NaN"]], "targets": [1, 2]}"#),
      at: "#/data/inputs/1/0"),
    Case(
      "fewer targets than rows", data(#"{"inputs": [[1], [2]], "targets": [1]}"#), at: "#/data/targets"),
    Case("two sources", data(#"{"inputs": [[1]], "targets": [1], "csv": "a\n1\n"}"#), at: "#/data/csv"),
    Case("CSV without a target", data(#"{"csv": "a,b\n1,2\n"}"#), at: "#/data/target"),
    Case("CSV with another target", data(#"{"csv": "a,b\n1,2\n3,4\n", "target": "c"}"#), at: "#/data/target"),
    Case("ragged CSV", data(#"{"csv": "a,b\n1,2\n3\n", "target": "b"}"#), at: "#/data/csv"),
    Case("empty CSV", data(#"{"csv": "", "target": "b"}"#), at: "#/data/csv"),
    Case("an unknown synthetic kind", data(#"{"synthetic": {"kind": "moon"}}"#), at: "#/data/synthetic/kind"),
    Case(
      "a validation fraction of all", data(#"{"synthetic": {"kind": "xor"}, "validation_fraction": 1}"#),
      at: "#/data/validation_fraction"),
    Case("an unknown function", activation(#""relo""#), at: "#/activation"),
    Case(
      "an unknown function of a strategy", activation(#"{"strategy": "fixed", "function": "relo"}"#),
      at: "#/activation/function"),
    Case("an unknown strategy", activation(#"{"strategy": "psychic"}"#), at: "#/activation/strategy"),
    Case("an activation without a strategy", activation("{}"), at: "#/activation/strategy"),
    Case("an activation of another type", activation("7"), at: "#/activation"),
    Case(
      "an unknown option of a strategy",
      activation(#"{"strategy": "fixed", "function": "relu", "slope": 1}"#),
      at: "#/activation/slope"),
    Case(
      "a bad formula", activation(#"{"strategy": "expression", "expression": "x * * 2"}"#),
      at: "#/activation/expression"),
    Case(
      "a formula with an unknown name", activation(#"{"strategy": "expression", "expression": "x * gamma"}"#),
      at: "#/activation/expression"),
    Case("no units", with(#""model": {"hidden": [0]}"#), at: "#/model/hidden/0"),
    Case("two models", with(#""model": {"hidden": [1], "layers": []}"#), at: "#/model/layers"),
    Case(
      "an unknown layer", with(#""model": {"layers": [{"type": "dense", "units": 2}, {"type": "conv9d"}]}"#),
      at: "#/model/layers/1/type"),
    Case("no epochs", with(#""training": {"epochs": 0}"#), at: "#/training/epochs"),
    Case(
      "every fault at once",
      with(#""training": {"epochs": 0, "batch_size": -1, "optimizer": {"name": "adm"}}"#),
      at: "#/training/epochs", "#/training/batch_size", "#/training/optimizer/name"),
  ]

  @Test(arguments: syntax + values, ["/v1/jobs", "/v1/jobs/validate"])
  func `a malformed body is refused with its status, its code and every place`(
    _ example: Case, _ path: String
  ) async throws {
    try await Service.run { service in
      let reply = try await service.send("POST", path, example.fields, body: example.body)
      #expect(reply.status == example.status, "\(reply.text)")
      #expect(reply.json["code"] == .string(example.code))
      #expect(reply.pointers.sorted() == example.pointers.sorted(), "\(reply.text)")

      let next = try await service.post("/v1/jobs/validate", Specifications.quick)
      #expect(next.status == 200)
      let list = try await service.send("GET", "/v1/jobs")
      #expect(list.json["data"] == [], "nothing was stored")
    }
  }

  @Test func `broken JSON is located by byte, line and column`() async throws {
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", "{\n  \"name\": \"é\", nope}")
      #expect(reply.json["byte_offset"] == 18)
      #expect(reply.json["line"] == 2)
      #expect(reply.json["column"] == 16)
    }
  }

  @Test func `content over the limit is refused before it is read`() async throws {
    try await Service.run(.init(maximumBody: 1000)) { service in
      let body = Array(#"{"name": "\#(String(repeating: "a", count: 2000))"}"#.utf8)
      let reply = try await service.send(
        "POST", "/v1/jobs", [("Content-Type", "application/json")], body: body)
      #expect(reply.status == 413)
      #expect(reply.json["code"] == "content_too_large")
      #expect(try await service.post("/v1/jobs/validate", Specifications.quick).status == 200)
    }
  }

  @Test func `at most a hundred faults are listed`() async throws {
    let members = (0..<150).map { "\"member_\($0)\": 1" }.joined(separator: ", ")
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", Self.with(members))
      #expect(reply.status == 422)
      #expect(reply.pointers.count == 100)
      #expect(reply.pointers.first == "#/member_0")
      #expect(reply.json["errors_truncated"] == true)
      #expect(reply.json["detail"] == "#/member_0: unknown member; and 149 more faults.")
    }
  }

  @Test(arguments: [
    (1, "#/member_0: unknown member."), (2, "#/member_0: unknown member; and 1 more fault."),
  ])
  func `the detail of a problem says the first fault`(count: Int, detail: String) async throws {
    let members = (0..<count).map { "\"member_\($0)\": 1" }.joined(separator: ", ")
    try await Service.run { service in
      let reply = try await service.post("/v1/jobs", Self.with(members))
      #expect(reply.json["detail"] == .string(detail))
    }
  }

  static let predictions: [Case] = [
    Case("broken JSON", "{", 400, "invalid_json"),
    Case("no inputs", "{}", at: "#/inputs"),
    Case("an unknown member", #"{"inputs": [[0, 1]], "rows": 1}"#, at: "#/rows"),
    Case("too few values", #"{"inputs": [[0, 1], [1]]}"#, at: "#/inputs/1"),
    Case("a word", #"{"inputs": [[0, "one"]]}"#, at: "#/inputs/0/1"),
    Case("another media type", "x", 415, "unsupported_media_type", fields: [("Content-Type", "text/plain")]),
  ]

  @Test(arguments: predictions) func `malformed inputs of a prediction are refused likewise`(
    _ example: Case
  ) async throws {
    try await Service.run { service in
      let job = try await service.post("/v1/jobs", Specifications.quick, [("Prefer", "wait=60")])
      let id = try #require(job.json["id"]?.stringValue)
      let reply = try await service.send("POST", "/v1/jobs/\(id)/predict", example.fields, body: example.body)
      #expect(reply.status == example.status, "\(reply.text)")
      #expect(reply.json["code"] == .string(example.code))
      #expect(reply.pointers.sorted() == example.pointers.sorted(), "\(reply.text)")
    }
  }
}
