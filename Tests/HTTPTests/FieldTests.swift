// The grammars of single fields: media types, negotiation, entity tags, preferences.

import HTTP
import HTTPTypes
import Testing

@Suite struct MediaTypeTests {
  @Test func `9110 §8.3.1: type and subtype in lower case, parameters with quotes removed`() {
    #expect(
      MediaType(parsing: " Text/HTML ; Charset=\"utf-8\";a=\"b\\\"c\" ")
        == MediaType("text", "html", parameters: ["charset": "utf-8", "a": "b\"c"]))
    #expect(MediaType(parsing: "a/b;") == MediaType("a", "b"))
    #expect(MediaType(parsing: "a/b; ; c=d")?.parameters == ["c": "d"])
  }

  @Test(arguments: [
    "", "a", "a/", "/b", "a/b c", "a/b;c", "a/b;c=", "a/b;c =d", "a/b;c=\"d", "a/b;c=d;C=e", ";;;=",
    "a/b, c/d",
  ])
  func `malformed types`(_ text: String) {
    #expect(MediaType(parsing: text) == nil)
  }
}

@Suite struct AcceptTests {
  private let offers = [
    MediaType("application", "json"), MediaType("text", "csv"), MediaType("text", "html"),
  ]

  private func preferred(_ lines: String...) throws -> String? {
    let fields = lines.map { "Accept: \($0)~" }.joined()
    return Accept(try request(.get, fields: fields).fields).preferred(of: offers)?.essence
  }

  @Test(arguments: [
    ("*/*", "application/json"), ("text/csv", "text/csv"), ("TEXT/*", "text/csv"),
    ("text/html, text/csv", "text/csv"),
    ("text/csv;q=0.5, text/html;q=0.8", "text/html"), ("*/*;q=0.1, text/html", "text/html"),
    ("text/*, text/csv;q=0", "text/html"), ("application/json;q=0, */*", "text/csv"),
    ("text/html;q=0.001", "text/html"),
    ("text/csv;q=1.000;ext=1", "text/csv"), (", text/csv ,", "text/csv"),
  ])
  func `9110 §12.5.1: weights and specificity decide, then our own order`(
    _ accept: String, _ expected: String
  ) throws {
    #expect(try preferred(accept) == expected)
  }

  @Test(arguments: ["image/png", "text/csv;q=0", "*/*;q=0.000", "text/csv;version=2"])
  func `nothing acceptable is 406`(_ accept: String) throws {
    #expect(try preferred(accept) == nil)
  }

  @Test(arguments: [
    "", "nonsense", "text/csv;q=2", "text/csv;q=0.1234", "*/csv", "text/csv;q=.5", "text/csv;q=1.1",
  ])
  func `9110 §12.5.1: no field accepts everything; one that cannot be understood is disregarded`(
    _ accept: String
  ) throws {
    #expect(try preferred(accept) == "application/json")
  }

  @Test func `9110 §5.3: several lines are one list`() throws {
    #expect(try preferred("text/csv;q=0.1", "text/html") == "text/html")
  }

  @Test func `parameters of a range must be those of the offer`() throws {
    let accept = Accept(
      try request(.get, fields: "Accept: text/plain;version=1;q=0.2, text/plain;q=0.1~").fields)
    #expect(accept.quality(of: MediaType("text", "plain", parameters: ["version": "1"])) == 200)
    #expect(accept.quality(of: MediaType("text", "plain", parameters: ["version": "2"])) == 100)
  }
}

@Suite struct EntityTagTests {
  @Test(arguments: ["\"\"", "\"r17\"", "W/\"r17\"", "\"a,b\\\""])
  func `9110 §8.8.3: tags read back`(_ text: String) {
    #expect(EntityTag(parsing: text)?.description == text)
  }

  @Test(arguments: ["", "r17", "\"", "\"a\"b\"", "w/\"a\"", "W/a", "\"a b\"", "'a'", "W/"])
  func `9110 §8.8.3: what is no tag`(_ text: String) {
    #expect(EntityTag(parsing: text) == nil)
  }

  @Test(arguments: [
    ("W/\"1\"", "W/\"1\"", true), ("W/\"1\"", "W/\"2\"", false), ("W/\"1\"", "\"1\"", true),
    ("\"1\"", "\"1\"", true), ("\"1\"", "\"2\"", false),
  ])
  func `9110 §8.8.3.2: the table of weak comparisons`(_ first: String, _ second: String, _ weak: Bool) throws
  {
    let first = try #require(EntityTag(parsing: first))
    let second = try #require(EntityTag(parsing: second))
    #expect(first.weaklyMatches(second) == weak && second.weaklyMatches(first) == weak)
  }

  @Test(arguments: [
    ("If-None-Match: \"r1\"~", true), ("If-None-Match: W/\"r1\"~", true), ("If-None-Match: *~", true),
    ("If-None-Match: \"r0\", \"r1\"~", true), ("If-None-Match: \"r0\"~If-None-Match: \"r1\"~", true),
    ("If-None-Match: \"r2\"~", false), ("If-None-Match: r1~", false), ("If-None-Match: *, \"r2\"~", false),
    ("If-None-Match: \"a,\", r1~", false), ("", false), ("If-None-Match: ~", false),
  ])
  func `9110 §13.1.2: If-None-Match compares weakly; * matches all; what is no tag matches nothing`(
    _ fields: String, _ matches: Bool
  ) throws {
    let full = Response(
      status: .ok,
      fields: [
        .eTag: "\"r1\"", .cacheControl: "no-cache", .vary: "Prefer", .contentType: "text/plain",
        .contentLocation: "/x",
      ], body: .bytes([1]))
    for method in [HTTPRequest.Method.get, .head] {
      let response = full.revalidated(for: try request(method, fields: fields))
      #expect(response.status.code == (matches ? 304 : 200))
      if matches {
        // 9110 §15.4.5: what 304 MUST repeat, and no more.
        #expect(
          response.fields == [
            .eTag: "\"r1\"", .cacheControl: "no-cache", .contentLocation: "/x", .vary: "Prefer",
          ])
        #expect(response.body.length == 0)
      }
    }
  }

  @Test func `9110 §13.2.1: a precondition hides no error, and 304 is for GET and HEAD`() throws {
    let field = "If-None-Match: *~"
    let failed = Response(status: .notFound, fields: [.eTag: "\"r1\""])
    #expect(failed.revalidated(for: try request(.get, fields: field)).status == .notFound)
    let found = Response(status: .ok, fields: [.eTag: "\"r1\""])
    #expect(found.revalidated(for: try request(.post, fields: field)).status == .ok)
    #expect(Response(status: .ok).revalidated(for: try request(.get, fields: field)).status == .ok)
  }
}

@Suite struct PreferTests {
  @Test(
    arguments: [
      ("Prefer: wait=10~", 10), ("Prefer: WAIT = 10~", 10), ("Prefer: wait=\"10\"~", 10),
      ("Prefer: foo; bar, wait=10; x=y~", 10),
      ("Prefer: respond-async~Prefer: wait=0~", 0), ("Prefer: wait=1, wait=2~", 1),
      ("Prefer: a=\"b,wait=9\", wait=3~", 3),
      ("", nil), ("Prefer: wait~", nil), ("Prefer: wait=-1~", nil), ("Prefer: wait=ten~", nil),
      ("Prefer: await=1~", nil),
      ("Prefer: wait=99999999999999999999~", nil), ("Prefer: wait=1 2~", nil), ("Prefer: =1~", nil),
    ] as [(String, Int?)])
  func `RFC 7240 §4.3: wait in seconds`(_ fields: String, _ seconds: Int?) throws {
    #expect(Prefer(try request(.get, fields: fields).fields).wait == seconds)
  }

  @Test(arguments: [
    ("a", true), ("A-Z_0.9", true), ("", false), ("a b", false), ("a/b", false), ("é", false),
    (String(repeating: "x", count: 128), true),
    (String(repeating: "x", count: 129), false),
  ])
  func `request identifiers are short and safe`(_ text: String, _ isValid: Bool) {
    #expect(RequestID.isValid(text) == isValid)
  }
}
