// What clients and their libraries send over HTTP: forms, retries, queries, methods, and names as people write them.

import JSON
import Testing

@Suite struct CaseHTTPTests {
  /// A form of a specification and a table, with a boundary of one's own and the order of the parts' fields.
  static func form(boundary: String, csv: [UInt8], spec: [UInt8], type: String = "application/json")
    -> [UInt8]
  {
    Array(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"spec\"; filename=\"s.json\"\r\nContent-Type: \(type)\r\n\r\n"
        .utf8) + spec
      + Array(
        "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"data\"; filename=\"d.csv\"\r\n\r\n".utf8)
      + csv + Array("\r\n--\(boundary)--\r\n".utf8)
  }

  static func fields(_ boundary: String, key: String) -> [String] {
    ["Content-Type: multipart/form-data; boundary=\(boundary)", "Idempotency-Key: \(key)"]
  }

  @Test func `a form that is sent again with its key is the same job, whatever its boundary`() async throws {
    let csv = try Case.csv("idempotent-multipart")
    let spec = try Case.bytes("idempotent-multipart.json")
    try await LiveService.run { client in
      var ids: Set<String> = []
      for boundary in ["----WebKitFormBoundaryA1", "c0ffee", "------------------------93a7e1f0b5c1d2e3"] {
        let answer = try await client.send(
          "POST", "/v1/jobs", fields: Self.fields(boundary, key: "again-1"),
          body: Self.form(boundary: boundary, csv: csv, spec: spec))
        #expect([200, 202].contains(answer.status), "\(answer.text)")
        ids.insert(try #require(try answer.json()["id"]?.stringValue))
      }
      #expect(ids.count == 1)

      // One row more is other content, and so is another specification.
      let longer = try await client.send(
        "POST", "/v1/jobs", fields: Self.fields("x", key: "again-1"),
        body: Self.form(boundary: "x", csv: csv + Array("1,1,no\n".utf8), spec: spec))
      #expect(longer.status == 422, "\(longer.text)")
      let other = try await client.send(
        "POST", "/v1/jobs", fields: Self.fields("x", key: "again-1"),
        body: Self.form(boundary: "x", csv: csv, spec: Case.spec(data: ["split": "random"]).serialized()))
      #expect(other.status == 422, "\(other.text)")
      // What moves between the parts is other content too: their ends count.
      let moved = try await client.send(
        "POST", "/v1/jobs", fields: Self.fields("x", key: "again-1"),
        body: Self.form(boundary: "x", csv: Array(csv.dropFirst()), spec: spec + csv.prefix(1)))
      #expect(moved.status >= 400, "\(moved.text)")
    }
  }

  @Test(arguments: ["dotnet-form", "charset-form"])
  func `forms of other libraries are read`(name: String) async throws {
    let type =
      name == "dotnet-form"
      ? "multipart/form-data; boundary=\"B1\"" : "multipart/form-data; charset=UTF-8; boundary=B1"
    try await LiveService.run { client in
      let answer = try await client.send(
        "POST", "/v1/jobs", fields: ["Content-Type: \(type)"], body: Case.bytes("\(name).txt"))
      #expect(answer.status == 202, "\(answer.text)")
    }
  }

  @Test func `an upgrade to HTTP 2 is left alone, and a body in chunks is read`() async throws {
    let body = Self.form(
      boundary: "B", csv: try Case.csv("idempotent-multipart"),
      spec: try Case.bytes("idempotent-multipart.json"))
    try await LiveService.run { client in
      let upgrade = try await client.send(
        "POST", "/v1/jobs",
        fields: [
          "Content-Type: multipart/form-data; boundary=B", "Connection: Upgrade, HTTP2-Settings",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
        ], body: body)
      #expect(upgrade.status == 202, "\(upgrade.text)")
      let head =
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost:\(client.port)\r\nConnection: close\r\n"
        + "Content-Type: multipart/form-data; boundary=B\r\nTransfer-Encoding: chunked\r\n\r\n"
      var bytes = Array(head.utf8)
      for start in stride(from: 0, to: body.count, by: 100) {
        let chunk = body[start..<min(start + 100, body.count)]
        bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
      }
      let chunked = try await client.exchange(bytes + Array("0\r\n\r\n".utf8))
      #expect(chunked.status == 202, "\(chunked.text)")
    }
  }

  @Test(arguments: ["{}", " {} ", "", "{ }\n"])
  func `a job is cancelled with an empty object or with nothing`(body: String) async throws {
    try await LiveService.run { client in
      let id = try await Self.endedJob(of: client)
      let answer = try await client.send(
        "POST", "/v1/jobs/\(id)/cancel", fields: ["Content-Type: application/json"], body: Array(body.utf8))
      #expect([200, 202, 409].contains(answer.status), "\(answer.text)")
    }
  }

  @Test(arguments: ["[]", "{\"now\": true}", "nonsense", "null"])
  func `a job is not cancelled by anything else`(body: String) async throws {
    try await LiveService.run { client in
      let id = try await Self.endedJob(of: client)
      let answer = try await client.send(
        "POST", "/v1/jobs/\(id)/cancel", fields: ["Content-Type: application/json"], body: Array(body.utf8))
      #expect([400, 413, 422].contains(answer.status), "\(answer.status) \(answer.text)")
    }
  }

  @Test func `a foreign page is refused without advice that nobody can follow`() async throws {
    try await LiveService.run { client in
      for origin in ["http://localhost:3000", "https://example.org", "null"] {
        let answer = try await client.send(
          "POST", "/v1/jobs", fields: ["Origin: \(origin)", "Content-Type: application/json"],
          body: Array("{}".utf8))
        #expect(answer.status == 403, "\(answer.text)")
        #expect(!answer.text.contains("allowed origins"), "no setting does that: \(answer.text)")
      }
    }
  }

  @Test(arguments: [
    "from=0x1p3&to=0x1p4", "from=inf", "from=nan", "to=1_000", "from=%D9%A3", "from=1e999", "from=--1",
    "from=",
    "from=1&points=0x10", "points=1e2", "points=-5", "points=5.5", "points=99999999999999999999",
    "from=3&to=3",
  ])
  func `a number of a query is a decimal number`(query: String) async throws {
    try await LiveService.run { client in
      let answer = try await client.get("/v1/activations/relu?\(query)")
      #expect(answer.status == 400, "\(query): \(answer.status)")
    }
  }

  @Test func `a parameter that comes twice is read, or named`() async throws {
    try await LiveService.run { client in
      let id = try await Self.endedJob(of: client)
      for query in ["names=training_loss&names=validation_loss", "max_points=2&max_points=3"] {
        let answer = try await client.get("/v1/jobs/\(id)/metrics?\(query)")
        let name = query.prefix { $0 != "=" }
        #expect(answer.status == 200 || answer.text.contains("`\(name)`"), "\(answer.text)")
        #expect(answer.status == 200 || answer.status == 400)
      }
    }
  }

  @Test func `TRACE is not allowed, and probes do not mind queries`() async throws {
    try await LiveService.run { client in
      for path in ["/", "/livez", "/v1/jobs", "/v1/version"] {
        let answer = try await client.send("TRACE", path, body: [])
        #expect(answer.status == 405 && answer.fields["allow"] != nil, "\(path): \(answer.status)")
      }
      for path in ["/livez?verbose", "/readyz?t=1732700000", "/livez?a=1&a=2", "/readyz?%20"] {
        #expect(try await client.get(path).status == 200, "\(path)")
      }
    }
  }

  /// The identifier of a job that has ended.
  private static func endedJob(of client: Client) async throws -> String {
    try #require(try await client.train(spec("relu"))["id"]?.stringValue)
  }

  /// A job of one epoch with an activation.
  private static func spec(_ activation: JSONValue) -> JSONValue {
    [
      "data": ["synthetic": ["kind": "xor", "rows": 40]], "activation": activation, "training": ["epochs": 1],
    ]
  }

  @Test(arguments: [
    ("LeakyReLU", "leaky_relu"), ("Leaky ReLU", "leaky_relu"), ("leaky-relu", "leaky_relu"),
    ("leakyrelu", "leaky_relu"), ("HardSwish", "hard_swish"), ("hardsigmoid", "hard_sigmoid"),
    ("SoftPlus", "softplus"), ("Softplus()", "softplus"), ("nn.ReLU", "relu"), ("torch.tanh", "tanh"),
    ("ReLU6", "relu6"), ("PReLU", "prelu"),
  ])
  func `a function's name as people write it is taken for the right one, or answered with it`(
    name: String, canonical: String
  ) async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Self.spec(.string(name)))
      let meant = try await client.outcome(Self.spec(.string(canonical)))
      #expect(meant.trained)
      #expect(outcome.trained ? outcome.isSame(as: meant) : outcome.says(["`\(canonical)`"]), "\(outcome)")
    }
  }

  @Test(arguments: [
    "leaky_relu(0.2)", "LeakyReLU(0.2)", "leakyrelu0.2", "elu_0.5", "elu(alpha=0.5)", "ELU(0.5)",
    "prelu(0.25)",
    "leaky_relu_0.3", "celu(2)",
  ])
  func `a name with a number in it is answered with a document that trains`(name: String) async throws {
    try await LiveService.run { client in
      let outcome = try await client.outcome(Self.spec(.string(name)))
      #expect(outcome.status == 422, "a number is never lost: \(outcome)")
      let remark = try #require(outcome.remarks.first)
      let start = try #require(remark.firstIndex(of: "{"), "\(remark)")
      let end = try #require(remark.lastIndex(of: "}"), "\(remark)")
      let advised = try JSONParser.parse(Array(remark[start...end].utf8))
      let trained = try await client.outcome(Self.spec(advised))
      #expect(trained.trained, "\(remark): \(trained)")
    }
  }

  // MARK: Arrays

  /// The bytes that `numpy.save` writes, format 1.0 (numpy.lib.format).
  static func npy(descr: String, fortran: Bool, shape: [Int], _ values: [UInt8]) -> [UInt8] {
    var header =
      "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let count = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(header.utf8)
      + values
  }

  @Test func `an array of another order, type or size of number is the same array`() async throws {
    let rows = 40
    let values = (0..<rows).map { row in [row % 7, row * 3 % 5, row % 7 * 2 + row * 3 % 5] }
    let byRows = values.flatMap { $0 }
    let byColumns = (0..<3).flatMap { column in values.map { $0[column] } }
    func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
      withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
    let shape = [rows, 3]
    let plain = Self.npy(
      descr: "<f8", fortran: false, shape: shape, byRows.flatMap { little(Double($0).bitPattern) })
    let others = [
      Self.npy(descr: ">f4", fortran: true, shape: shape, byColumns.flatMap { big(Float($0).bitPattern) }),
      Self.npy(descr: "<i2", fortran: false, shape: shape, byRows.flatMap { little(Int16($0)) }),
      Self.npy(descr: ">i8", fortran: true, shape: shape, byColumns.flatMap { big(Int64($0)) }),
      Self.npy(descr: "|u1", fortran: false, shape: shape, byRows.map { UInt8($0) }),
      Self.npy(descr: "<f4", fortran: true, shape: shape, byColumns.flatMap { little(Float($0).bitPattern) }),
    ]
    try await LiveService.run { client in
      let expected = try await client.outcome(Case.spec(target: "x3"), csv: plain)
      #expect(expected.trained && expected.task == "regression", "\(expected)")
      for other in others {
        let outcome = try await client.outcome(Case.spec(target: "x3"), csv: other)
        #expect(outcome.metrics == expected.metrics, "\(outcome)")
      }
    }
  }
}
