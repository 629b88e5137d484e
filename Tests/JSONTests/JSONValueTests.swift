// The value type: accessors, arrays whatever their storage, objects whatever their size.

import JSON
import Testing

@Suite struct JSONValueTests {
  static let oneOfEach: [JSONValue] = [.null, true, 1.5, "x", [1], ["a": 1]]

  @Test func `each accessor answers for its own type alone`() {
    #expect(Self.oneOfEach.map(\.isNull) == [true, false, false, false, false, false])
    #expect(Self.oneOfEach.map(\.boolValue) == [nil, true, nil, nil, nil, nil])
    #expect(Self.oneOfEach.map(\.doubleValue) == [nil, nil, 1.5, nil, nil, nil])
    #expect(Self.oneOfEach.map(\.stringValue) == [nil, nil, nil, "x", nil, nil])
    #expect(Self.oneOfEach.map(\.arrayValue) == [nil, nil, nil, nil, [1], nil])
    #expect(Self.oneOfEach.map(\.objectValue) == [nil, nil, nil, nil, nil, ["a": 1]])
    #expect(Self.oneOfEach.map(\.typeName) == ["null", "boolean", "number", "string", "array", "object"])
    #expect(Self.oneOfEach.map { $0["a"] } == [nil, nil, nil, nil, nil, 1])
  }

  @Test func `only whole numbers up to 2^53 are integers`() {
    let values: [JSONValue] = [
      3, -0.0, 2.5, .number(0x1p53), .number(0x1p54), .number(.nan), .number(.infinity), "3",
    ]
    #expect(values.map(\.intValue) == [3, 0, nil, 1 << 53, nil, nil, nil, nil])
  }

  @Test func `an array is compact exactly when it holds nothing but numbers`() {
    #expect(JSONArray([1, 2]).numbers == [1, 2])
    #expect(JSONArray([]).numbers == [])
    #expect(JSONArray([1, "x"]).numbers == nil)
    #expect(JSONArray([[1]]).numbers == nil)
  }

  @Test(arguments: 0...3)
  func `appending gives the same array as building it at once`(_ split: Int) {
    let values: [JSONValue] = [1, 2, 3]
    for odd in Self.oneOfEach {
      var all = values
      all.insert(odd, at: split)
      var appended = JSONArray()
      for value in all { appended.append(value) }
      #expect(appended == JSONArray(all))
      #expect(Array(appended) == all)
      #expect(appended.count == 4)
    }
  }

  @Test(arguments: [3, 8, 9, 40])
  func `objects replace in place, append at the end and remove, below and above the searched size`(
    _ size: Int
  ) {
    var object = JSONObject((0..<size).map { ("k\($0)", JSONValue.integer($0)) })
    object["k1"] = "new"
    #expect(object["k1"] == "new")
    #expect(object.keys == (0..<size).map { "k\($0)" })
    object["k0"] = nil
    object["never there"] = nil
    #expect(object["k0"] == nil)
    #expect(object.count == size - 1)
    object["last"] = true
    #expect(object.keys == (1..<size).map { "k\($0)" } + ["last"])
    #expect(object.keys.allSatisfy { object[$0] != nil })
  }

  @Test func `objects are equal in any order and unequal by any member`() {
    let object: JSONObject = ["a": 1, "b": 2]
    #expect(object == ["b": 2, "a": 1])
    #expect(object != ["a": 1, "b": 3])
    #expect(object != ["a": 1, "c": 2])
    #expect(object != ["a": 1])
  }

  @Test func `of equal names the last value wins at the first place`() {
    let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
    #expect(object.keys == ["a", "b"])
    #expect(object["a"] == 3)
  }

  @Test func `the names of the outermost members are placed, as editors count`() throws {
    let text = "\u{FEFF}{\"a\": {\"b\": 1},\n  \"é\": [{\"a\": 2}], \"c\": 3}"
    let (value, places) = try JSONParser.parseWithPlaces(Array(text.utf8))
    #expect(try value == JSONParser.parse(Array(text.utf8)))
    #expect(Set(places.keys) == ["a", "é", "c"])
    #expect(places["é"]?.line == 2 && places["é"]?.column == 3)
    #expect(places["c"]?.line == 2 && places["c"]?.column == 20)
    #expect(try JSONParser.parseWithPlaces(Array("[{\"a\": 1}]".utf8)).places.isEmpty)
  }
}
