// The table of problems: its rows are sound, and docs/problems.md is written from them.

import API
import Foundation
import HTTPTypes
import JSON
import Testing

@Suite struct ProblemTests {
  @Test func `codes are unique and in snake_case, titles and meanings are sentences`() {
    #expect(Set(ProblemType.all.map(\.code)).count == ProblemType.all.count)
    for type in ProblemType.all {
      #expect(type.code.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(type.code)")
      #expect((400...599).contains(type.status.code), "\(type.code)")
      for sentence in [type.title, type.meaning] {
        #expect(sentence.last == ".", "\(type.code): \(sentence)")
      }
    }
  }

  @Test func `every problem has an address that says what it means`() async throws {
    #expect(Set(ProblemType.described.map(\.code)).count == ProblemType.described.count)
    #expect(ProblemType.described.count > 70)
    try await Service.run { service in
      for type in ProblemType.described {
        let reply = try await service.send("GET", "/problems/\(type.code)")
        #expect(reply.status == 200)
        #expect(reply.text == "\(type.status.code) \(type.code): \(type.title)\n\n\(type.meaning)\n")
      }
      let unknown = try await service.send("GET", "/problems/not_fuond")
      #expect(unknown.status == 404)
      #expect(unknown.json["detail"]?.stringValue?.hasSuffix("did you mean `not_found`?") == true)
      // What a problem calls its type is there.
      #expect(try await service.send("GET", try #require(unknown.json["type"]?.stringValue)).status == 200)
    }
  }

  @Test func `the page of problems is the table`() throws {
    let rows = ProblemType.all.sorted { ($0.status.code, $0.code) < ($1.status.code, $1.code) }.map { type in
      "| \(type.status.code) | `\(type.code)` | \(type.title) | \(type.meaning) |\n"
    }
    let wanted = """
      # Problems

      Every error of the API is a problem document (RFC 9457) with one of these codes; a program decides by `code`. A
      request that is not well-formed HTTP/1.1 gets a code of its own, and its `detail` says what is wrong. This page is
      written from the table in `Sources/API/ProblemType.swift` by the tests, with `CURVESMITH_RECORD=1`.

      | status | code | title | meaning |
      |---|---|---|---|

      """ + rows.joined()
    let path = OpenAPIDocument.topLevel.appending(path: "docs/problems.md")
    if ProcessInfo.processInfo.environment["CURVESMITH_RECORD"] == "1" {
      try Data(wanted.utf8).write(to: path)
    }
    let written = try String(contentsOf: path, encoding: .utf8)
    #expect(written == wanted, "run the tests with CURVESMITH_RECORD=1 to write docs/problems.md anew")
  }
}
