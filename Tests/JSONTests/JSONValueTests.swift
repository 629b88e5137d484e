// The value type: accessors, arrays whatever their storage, objects whatever their size.

import JSON
import Testing

@Suite("JSON values")
struct JSONValueTests {
  static let oneOfEach: [JSONValue] = [.null, true, 1.5, "x", [1], ["a": 1]]

  @Test("each accessor answers for its own type alone")
  func accessors() {
    #expect(Self.oneOfEach.map(\.isNull) == [true, false, false, false, false, false])
    #expect(Self.oneOfEach.map(\.boolValue) == [nil, true, nil, nil, nil, nil])
    #expect(Self.oneOfEach.map(\.doubleValue) == [nil, nil, 1.5, nil, nil, nil])
    #expect(Self.oneOfEach.map(\.stringValue) == [nil, nil, nil, "x", nil, nil])
    #expect(Self.oneOfEach.map(\.arrayValue) == [nil, nil, nil, nil, [1], nil])
    #expect(Self.oneOfEach.map(\.objectValue) == [nil, nil, nil, nil, nil, ["a": 1]])
    #expect(Self.oneOfEach.map(\.typeName) == ["null", "boolean", "number", "string", "array", "object"])
    #expect(Self.oneOfEach.map { $0["a"] } == [nil, nil, nil, nil, nil, 1])
  }

  @Test("only whole numbers up to 2^53 are integers")
  func integers() {
    let values: [JSONValue] = [
      3, -0.0, 2.5, .number(0x1p53), .number(0x1p54), .number(.nan), .number(.infinity), "3",
    ]
    #expect(values.map(\.intValue) == [3, 0, nil, 1 << 53, nil, nil, nil, nil])
  }

  @Test("an array is compact exactly when it holds nothing but numbers")
  func compactness() {
    #expect(JSONArray([1, 2]).numbers == [1, 2])
    #expect(JSONArray([]).numbers == [])
    #expect(JSONArray([1, "x"]).numbers == nil)
    #expect(JSONArray([[1]]).numbers == nil)
  }

  @Test("appending gives the same array as building it at once", arguments: 0...3)
  func appending(_ split: Int) {
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

  @Test(
    "objects replace in place, append at the end and remove, below and above the searched size",
    arguments: [3, 8, 9, 40])
  func objectEditing(_ size: Int) {
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

  @Test("objects are equal in any order and unequal by any member")
  func objectEquality() {
    let object: JSONObject = ["a": 1, "b": 2]
    #expect(object == ["b": 2, "a": 1])
    #expect(object != ["a": 1, "b": 3])
    #expect(object != ["a": 1, "c": 2])
    #expect(object != ["a": 1])
  }

  @Test("of equal names the last value wins at the first place")
  func repeatedNames() {
    let object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
    #expect(object.keys == ["a", "b"])
    #expect(object["a"] == 3)
  }
}
