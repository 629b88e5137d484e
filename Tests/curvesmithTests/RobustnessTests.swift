// Bodies that are wrong in every way, over real connections, to a service that goes on all the same.

import JSON
import Testing

@Suite struct RobustnessTests {
  /// A body, the status it must get, and the pointers that its problem must name, all of them.
  static let faulty: [(name: String, body: String, status: Int, pointers: [String])] = [
    ("nothing", "", 400, []),
    ("half a document", #"{"data": {"#, 400, []),
    ("trailing text", #"{"a": 1} x"#, 400, []),
    ("a bare NaN", #"{"seed": NaN}"#, 400, []),
    ("a duplicate member", #"{"seed": 1, "seed": 2}"#, 400, []),
    ("invalid UTF-8 escape", #"{"name": "\ud800"}"#, 400, []),
    ("a million brackets", String(repeating: "[", count: 1_000_000), 400, []),
    ("not an object", "[1, 2]", 422, ["#"]),
    ("nothing in it", "{}", 422, ["#/activation", "#/data"]),
    (
      "ragged rows and an unknown function",
      #"{"data": {"inputs": [[1, 2], [3]], "targets": [1, 2]}, "activation": "rellu"}"#, 422,
      ["#/activation", "#/data/inputs/1"]
    ),
    (
      "empty data", #"{"data": {"inputs": [], "targets": []}, "activation": "relu"}"#, 422, ["#/data/inputs"]
    ),
    (
      "a formula that does not parse",
      #"{"data": {"synthetic": {"kind": "xor"}}, "activation": {"strategy": "expression", "expression": "x +"}}"#,
      422, ["#/activation/expression"]
    ),
  ]

  @Test func `each gets its status and exact pointers on its own connection, and the next job trains`()
    async throws
  {
    try await LiveService.run { client in
      for fault in Self.faulty {
        let answer = try await client.send(
          "POST", "/v1/jobs", fields: ["Content-Type: application/json"], body: Array(fault.body.utf8))
        #expect(answer.status == fault.status, "\(fault.name): \(answer.text.prefix(200))")
        #expect(answer.fields["content-type"] == "application/problem+json", "\(fault.name)")
        let errors = try answer.json()["errors"]?.arrayValue ?? []
        let pointers = errors.compactMap { $0["pointer"]?.stringValue }
        #expect(Set(pointers) == Set(fault.pointers), "\(fault.name): \(pointers)")
      }
      let job = try await client.train([
        "data": ["synthetic": ["kind": "xor", "rows": 40]], "activation": "tanh", "training": ["epochs": 2],
      ])
      #expect(job["status"] == "succeeded")
    }
  }

  @Test func `A body announced as larger than the limit is refused from its head alone`() async throws {
    try await LiveService.run { client in
      let head =
        "POST /v1/jobs HTTP/1.1\r\nHost: localhost:\(client.port)\r\nContent-Type: application/json\r\n"
        + "Content-Length: 99999999999\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
      let refused = try await client.exchange(Array(head.utf8))
      #expect(refused.status == 413)
      let live = try await client.get("/livez")
      #expect(live.status == 200)
    }
  }

  @Test(arguments: ["\u{16}\u{3}\u{1}\r\n\r\n", "GET\r\n\r\n", "\0\0\0\r\n"])
  func `bytes that are not HTTP get 400 and an end`(text: String) async throws {
    try await LiveService.run { client in
      let refused = try await client.exchange(Array(text.utf8))
      #expect(refused.status == 400)
      let live = try await client.get("/livez")
      #expect(live.status == 200)
    }
  }
}
