// What the writer writes, and that the parser reads it back.

import JSON
import Testing

@Suite struct JSONWriterTests {
  static func text(_ value: JSONValue, pretty: Bool = false) -> String {
    String(decoding: value.serialized(pretty: pretty), as: UTF8.self)
  }

  @Test func `compact text has no blanks and keeps the members' order`() {
    let value: JSONValue = ["b": [1, "x", .null, true], "a": [:], "c": [], "d": ["e": false]]
    #expect(Self.text(value) == #"{"b":[1,"x",null,true],"a":{},"c":[],"d":{"e":false}}"#)
  }

  @Test func `pretty text indents by two and keeps rows of numbers on one line`() {
    let value: JSONValue = ["a": [[1, 2.5], [3, 4]], "b": ["x", .null], "c": [:], "d": []]
    #expect(
      Self.text(value, pretty: true) == """
        {
          "a": [
            [1, 2.5],
            [3, 4]
          ],
          "b": [
            "x",
            null
          ],
          "c": {},
          "d": []
        }

        """)
  }

  @Test func `strings escape what must be and nothing else`() {
    let string = "\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}\u{7F}é€😀"
    #expect(Self.text(.string(string)) == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}é€😀\"")
  }

  @Test func `every scalar of a string survives the way out and in`() throws {
    for range in [
      0...0x2FF as ClosedRange<UInt32>, 0xD700...0xE0FF, 0xFF00...0x1_00FF, 0x10_FF00...0x10_FFFF,
    ] {
      let string = String(String.UnicodeScalarView(range.compactMap(Unicode.Scalar.init)))
      let read = try JSONParser.parse(JSONValue.string(string).serialized()).stringValue
      #expect(read.map { Array($0.unicodeScalars) } == Array(string.unicodeScalars))
    }
  }

  @Test(arguments: 0..<50)
  func `random documents are read back equal, compact and pretty`(_ seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    let value = Self.randomValue(depth: 5, &generator)
    #expect(try JSONParser.parse(value.serialized()) == value)
    #expect(try JSONParser.parse(value.serialized(pretty: true)) == value)
  }

  static func randomValue(depth: Int, _ generator: inout SplitMix64) -> JSONValue {
    let count = Int(generator.next() % 12)
    switch generator.next() % (depth == 0 ? 4 : 7) {
    case 0: return .null
    case 1: return .bool(generator.next() % 2 == 0)
    case 2: return .number(Double(Int32(truncatingIfNeeded: generator.next())) / 1024)
    case 3:
      return .string(String((0..<count).map { _ in "a\"é\n😀\\".randomElement(using: &generator) ?? "a" }))
    case 4: return .array(JSONArray(numbers: (0..<count).map { _ in Double(generator.next() % 1000) / 7 }))
    case 5: return .array(JSONArray((0..<count).map { _ in randomValue(depth: depth - 1, &generator) }))
    default:
      return .object(JSONObject((0..<count).map { ("k\($0)", randomValue(depth: depth - 1, &generator)) }))
    }
  }
}
