// Documents that the parser must accept, each with the value it must read.

import JSON
import Testing

@Suite struct JSONAcceptanceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let value: JSONValue
    init(_ name: String, _ text: String, _ value: JSONValue) {
      (self.name, self.text, self.value) = (name, text, value)
    }
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case("null alone", "null", .null),
    Case("true alone", "true", true),
    Case("false alone", "false", false),
    Case("number alone", "42", 42),
    Case("string alone", #""a""#, "a"),
    Case("empty string", #""""#, ""),
    Case("empty array", "[]", []),
    Case("empty object", "{}", [:]),
    Case("empty containers with blanks", "[ { } , [\t] ]", [[:], []]),
    Case("every whitespace", " \t\r\n[ 1 , \r\n 2 ]\n\t ", [1, 2]),
    Case("nested arrays", "[[],[[]],[[],[]]]", [[], [[]], [[], []]]),
    Case("mixed array that begins with numbers", #"[1,2,"x",3]"#, [1, 2, "x", 3]),
    Case("mixed array that ends with numbers", "[null,1,2]", [.null, 1, 2]),
    Case("matrix", "[[1,2],[3,4]]", [[1, 2], [3, 4]]),
    Case("object", #"{"a":1,"b":[true,null]}"#, ["a": 1, "b": [true, .null]]),
    Case("nested objects", #"{"a":{"b":{"c":{}}}}"#, ["a": ["b": ["c": [:]]]]),
    Case("empty name", #"{"":0}"#, ["": 0]),
    Case("names that differ by case", #"{"a":1,"A":2}"#, ["a": 1, "A": 2]),
    Case("same name in different objects", #"{"a":{"a":1}}"#, ["a": ["a": 1]]),
    Case("simple escapes", #""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    Case("escaped name", #"{"\u0061":1}"#, ["a": 1]),
    Case("unicode escape in both cases", #""\u00e9\u00E9""#, "éé"),
    Case("escaped NUL", #""\u0000""#, "\u{0}"),
    Case("escaped control character", #""\u001f""#, "\u{1F}"),
    Case("surrogate pair", #""\uD83D\uDE00""#, "😀"),
    Case("first and last surrogate pair", #""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"),
    Case("scalars around the surrogates", #""\uD7FF\uE000""#, "\u{D7FF}\u{E000}"),
    Case("two- to four-byte UTF-8", "\"é€😀\"", "é€😀"),
    Case("text between escapes", #""é\n€\u0041z""#, "é\n€Az"),
    Case("DEL needs no escape", "\"\u{7F}\"", "\u{7F}"),
    Case("noncharacter", "\"\u{FFFF}\"", "\u{FFFF}"),
    Case("line separator", "\"\u{2028}\"", "\u{2028}"),
    Case("solidus unescaped", #""a/b""#, "a/b"),
    Case("comment-like string", #""/*x*/""#, "/*x*/"),
    Case("byte order mark", "\u{FEFF}[1]", [1]),
    Case("a name that looks like a number", #"{"1":2}"#, ["1": 2]),
  ]

  @Test(arguments: cases)
  func `each reads as its value`(_ example: Case) throws {
    #expect(try JSONParser.parse(Array(example.text.utf8)) == example.value)
  }

  @Test func `nesting is accepted up to the limit`() throws {
    let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    var value = try JSONParser.parse(Array(text.utf8))
    var depth = 0
    while let array = value.arrayValue {
      depth += 1
      guard let first = array.first else { break }
      value = first
    }
    #expect(depth == 64)
  }

  @Test func `members keep their order and an object beyond the searched size finds each`() throws {
    let names = (0..<1000).map { "name\(($0 * 7919) % 1000)" }
    let text = "{" + names.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}"
    let object = try #require(try JSONParser.parse(Array(text.utf8)).objectValue)
    #expect(object.keys == names)
    #expect(names.allSatisfy { object[$0]?.stringValue == $0 })
    #expect(object["absent"] == nil)
  }

  @Test func `a matrix is held as compact rows`() throws {
    let value = try JSONParser.parse(Array("[[1.5, -2e3],[0,0.25]]".utf8))
    #expect(value.arrayValue?.map { $0.arrayValue?.numbers } == [[1.5, -2000], [0, 0.25]])
  }
}
