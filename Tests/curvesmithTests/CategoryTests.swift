// Columns of texts: which of them are categories, and what predictions make of values that training did not have.

import JSON
import Testing

@Suite struct CategoryTests {
  /// Kinds of texts that have a value of their own in nearly every row.
  static let scattered: [(name: String, cell: @Sendable (Int) -> String)] = [
    ("dates", { "2019-\(two($0 / 28 + 1))-\(two($0 % 28 + 1))" }),
    ("dates and times", { "2019-03-\(two($0 % 28 + 1))T0\($0 / 28):\(two($0)):00Z" }),
    ("times with a space", { "2019-03-\(two($0 % 28 + 1)) 0\($0 / 28):\(two($0)):00" }),
    ("dates of America", { "\($0 / 28 + 1)/\($0 % 28 + 1)/2019" }),
    ("dates of Germany", { "\($0 % 28 + 1).\($0 / 28 + 1).2019" }),
    ("dates with names of months", { "\($0 % 28 + 1) \(["Jan", "Feb"][$0 / 28]) 2019" }),
    ("universal identifiers", { "6f1c8e5a-0b\(two($0))-4c1d-9e7f-00a1b2c3d4e5" }),
    ("names", { "Miller, \(["Ann", "Bob", "Cy", "Di"][$0 % 4]) \($0)" }),
    ("addresses", { "user\($0)@example.org" }),
    ("keys", { "CUST-\(1000 + $0 * 7)" }),
    ("free text", { "the customer wrote \($0) times, then called" }),
  ]
  static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  @Test(arguments: scattered.indices)
  func `texts that differ in every row are no categories without a word`(index: Int) async throws {
    let kind = Self.scattered[index]
    let csv = Table.text("when,b,y") { ["\"\(kind.cell($0))\"", "\(Table.b($0))", Table.number($0)] }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      #expect(outcome.says(["`when`"]), "\(kind.name): \(outcome)")
      #expect(outcome.trained && (outcome.parameters ?? 0) < 40, "\(kind.name): \(outcome)")
      // Named as a category it is one, whatever it looks like.
      let asked = try await client.outcome(
        Case.spec(data: ["types": ["when": "category"]]), csv: csv)
      #expect(asked.trained && (asked.parameters ?? 0) > 100, "\(kind.name): \(asked)")
      let ignored = try await client.outcome(Case.spec(data: ["ignore": ["when"]]), csv: csv)
      #expect(
        ignored.trained && ignored.features == ["b"] && !ignored.says(["`when`"]), "\(kind.name): \(ignored)")
    }
  }

  @Test func `a column of a few texts is one of categories, without a word`() async throws {
    let csv = Table.text("size,colour,y") {
      ["\(Table.a($0))", ["red", "green", "blue"][$0 % 3], Table.kind($0)]
    }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      #expect(outcome.trained && outcome.remarks.isEmpty && outcome.parameters == 25, "\(outcome)")
    }
  }

  @Test func `numbers in steps of one are named as an identifier`() async throws {
    let csv = Table.text("id,a,y") { ["\($0 + 1)", "\(Table.a($0))", Table.kind($0)] }
    try await LiveService.run { client in
      let outcome = try await client.outcome(Case.spec(), csv: csv)
      #expect(outcome.trained && outcome.says(["`id`"]), "\(outcome)")
    }
  }

  @Test func `a category that training did not have is refused with the option, or read under it`()
    async throws
  {
    let csv = try Case.csv("unseen-category")
    let rows = try Case.bytes("unseen-category.predict.csv")
    try await LiveService.run { client in
      let strict = try await client.predict(Case.spec("unseen-category"), csv: csv, rows: rows)
      #expect(strict.status == 422 && strict.text.contains("violet"), "\(strict.text)")
      #expect(strict.text.contains("unknown") && strict.text.contains("ignore"), "\(strict.text)")

      let lenient = try await client.predict(
        Case.spec(data: ["unknown": "ignore"]), csv: csv, rows: rows)
      #expect(lenient.status == 200, "\(lenient.text)")
      #expect(try lenient.json()["predictions"]?.arrayValue?.count == 3)
      let warnings = (try lenient.json()["warnings"]?.arrayValue ?? []).compactMap {
        $0["message"]?.stringValue
      }
      #expect(warnings.contains { $0.contains("colour") }, "\(lenient.text)")

      let once = try await client.predict(
        Case.spec("unseen-category"), csv: csv, rows: rows, query: "?unknown=ignore")
      #expect(once.status == 200, "\(once.text)")
      let other = try await client.predict(
        Case.spec("unseen-category"), csv: csv, rows: rows, query: "?unknown=maybe")
      #expect(other.status == 400, "\(other.text)")
    }
  }

  @Test func `a class is the same class from CSV and from JSON, as a text, a number or a boolean`()
    async throws
  {
    try await LiveService.run { client in
      let answer = try await client.predict(
        Case.spec("category-codes-in-json"), csv: Case.csv("category-codes-in-json"),
        json: JSONParser.parse(Case.bytes("category-codes-in-json.predict.json")))
      #expect(answer.status == 200, "\(answer.text)")

      for (labels, values) in [
        (["1", "2"], ["1", "\"1\"", "1.0"]), (["true", "false"], ["true", "\"true\""]),
        (["TRUE", "FALSE"], ["true", "\"TRUE\""]), (["0.5", "x"], ["0.5", "\"0.5\""]),
        (["01", "x"], ["\"01\""]),
      ] {
        let csv = Table.text("size,code,y") {
          ["\(Table.a($0))", $0 % 5 == 4 ? "z" : labels[$0 % 2], Table.kind($0)]
        }
        var seen: Set<String> = []
        for value in values {
          let answer = try await client.predict(
            Case.spec(), csv: Array(csv.utf8),
            json: JSONParser.parse(Array("{\"inputs\": [{\"size\": 3, \"code\": \(value)}]}".utf8)))
          #expect(answer.status == 200, "\(labels) \(value): \(answer.text)")
          seen.insert(answer.text)
        }
        #expect(seen.count == 1, "\(labels): \(seen)")
      }
    }
  }

  @Test func `numbers in quotes are numbers where training had numbers`() async throws {
    try await LiveService.run { client in
      var seen: Set<String> = []
      for body in [
        #"{"inputs": [[3, 2]]}"#, #"{"inputs": [["3", "2"]]}"#, #"{"inputs": [{"b": "2", "a": 3}]}"#,
      ] {
        let answer = try await client.predict(
          Case.spec(), csv: Array(Table.classes.utf8), json: JSONParser.parse(Array(body.utf8)))
        #expect(answer.status == 200, "\(body): \(answer.text)")
        seen.insert(answer.text)
      }
      #expect(seen.count == 1, "\(seen)")
    }
  }

  @Test func `members and columns that are no features are ignored, with a warning where they are named`()
    async throws
  {
    try await LiveService.run { client in
      let answer = try await client.predict(
        Case.spec("predict-object-extra-member"), csv: Case.csv("predict-object-extra-member"),
        json: JSONParser.parse(Case.bytes("predict-object-extra-member.predict.json")))
      #expect(answer.status == 200, "\(answer.text)")
      let more = try await client.predict(
        Case.spec(), csv: Array(Table.classes.utf8),
        json: ["inputs": [["a": 1, "b": 2, "note": "x", "id": .null], ["b": 1, "a": 0]]])
      #expect(more.status == 200 && more.text.contains("note"), "\(more.text)")
      let lacking = try await client.predict(
        Case.spec(), csv: Array(Table.classes.utf8), json: ["inputs": [["a": 1, "B": 2]]])
      #expect(lacking.status == 422 && lacking.text.contains("`b`"), "\(lacking.text)")
      let csv = try await client.predict(
        Case.spec(), csv: Array(Table.classes.utf8), rows: Array("id,b,a\n7,2,1\n".utf8))
      #expect(csv.status == 200, "\(csv.text)")
    }
  }

  @Test func `rows to predict come in the dialects that training reads`() async throws {
    try await LiveService.run { client in
      let trained = try await client.outcome(Case.spec(), csv: Table.classes)
      let id = try #require(trained.document["id"]?.stringValue)
      let plain = try await client.rows("a,b\n1,2\n3,4\n", id)
      #expect(plain.status == 200)
      for text in [
        "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n", "\u{FEFF}a,b\r\n1,2\r\n3,4\r\n", "a, b\n1, 2\n3, 4\n",
        ",a,b\n0,1,2\n1,3,4\n",
      ] {
        let answer = try await client.rows(text, id)
        #expect(try answer.json()["predictions"] == plain.json()["predictions"], "\(text): \(answer.text)")
      }
      for text in ["a,b\n1,\n", "a,b\n1,x\n", "a\n1\n", "a,b\n1,2,3\n", "", "a,b\n"] {
        let answer = try await client.rows(text, id)
        #expect(answer.status == 422 || answer.status == 400, "\(text): \(answer.status) \(answer.text)")
      }
    }
  }

  @Test func `predictions come as CSV to whom accepts CSV`() async throws {
    try await LiveService.run { client in
      let trained = try await client.outcome(Case.spec(), csv: Table.classes)
      let id = try #require(trained.document["id"]?.stringValue)
      let answer = try await client.rows("a,b\n1,2\n3,4\n", id, fields: ["Accept: text/csv"])
      #expect(answer.status == 200 && answer.fields["content-type"]?.hasPrefix("text/csv") == true)
      let lines = answer.text.split(whereSeparator: \.isNewline)
      #expect(lines.count == 3 && lines.first?.hasPrefix("prediction") == true, "\(answer.text)")
      let refused = try await client.rows("a,b\n1,2\n", id, fields: ["Accept: image/png"])
      #expect(refused.status == 406, "\(refused.text)")
    }
  }
}

extension Client {
  /// Trains on a table and predicts rows, as CSV or as JSON.
  fileprivate func predict(
    _ spec: JSONValue, csv: [UInt8], rows: [UInt8]? = nil, json: JSONValue? = nil, query: String = ""
  ) async throws -> Answer {
    let trained = try await outcome(spec, csv: csv)
    let id = try #require(trained.document["id"]?.stringValue, "\(trained)")
    if let json { return try await post("/v1/jobs/\(id)/predict\(query)", json: json) }
    return try await send(
      "POST", "/v1/jobs/\(id)/predict\(query)", fields: ["Content-Type: text/csv"], body: rows ?? [])
  }

  fileprivate func rows(_ text: String, _ id: String, fields: [String] = []) async throws -> Answer {
    try await send(
      "POST", "/v1/jobs/\(id)/predict", fields: ["Content-Type: text/csv"] + fields, body: Array(text.utf8))
  }
}
