// The reader's values and faults: all at once, at exact places, in plain words.

import JSON
import Testing

@Suite struct ObjectReaderTests {
  enum Optimizer: String, CaseIterable { case adam, adamw, sgd }

  /// The fault lines that `read` leaves behind, as "pointer: detail".
  static func faults(of text: String, _ read: (inout ObjectReader) -> Void) throws -> [String] {
    let collector = FaultCollector()
    var reader = ObjectReader(try JSONParser.parse(Array(text.utf8)), faults: collector)
    read(&reader)
    return collector.faults.map { "\($0.pointer.fragment): \($0.detail)" }
  }

  @Test func `valid members are read by type and leave no fault`() throws {
    let text = """
      {"s": "x", "b": true, "i": 3.0, "n": 0.5, "c": "sgd", "o": {"k": 1}, "a": [1, "x"],
       "ns": [1.5, 2], "is": [8, 4], "ss": ["p", "q"]}
      """
    let faults = try Self.faults(of: text) { reader in
      #expect(reader.string("s", maximumCharacters: 1) == "x")
      #expect(reader.bool("b") == true)
      #expect(reader.integer("i", in: 1...3) == 3)
      #expect(reader.number("n", above: 0, below: 1) == 0.5)
      #expect(reader.choice("c", of: Optimizer.self) == .sgd)
      var nested = reader.object("o")
      #expect(nested?.integer("k") == 1)
      nested?.finish()
      #expect(reader.array("a")?.count == 2)
      #expect(reader.numbers("ns") == [1.5, 2])
      #expect(reader.integers("is", in: 1...10, count: 1...8) == [8, 4])
      #expect(reader.strings("ss") == ["p", "q"])
      reader.finish()
    }
    #expect(faults == [])
  }

  @Test func `absent and null members read as nil without a fault, and are missing where required`() throws {
    let faults = try Self.faults(of: #"{"null": null}"#) { reader in
      #expect(!reader.has("null"))
      #expect(reader.string("null") == nil)
      #expect(reader.integer("absent") == nil)
      #expect(reader.object("nested", required: true) == nil)
      #expect(reader.number("null", required: true) == nil)
      reader.finish()
    }
    #expect(faults == ["#/nested: required member is missing", "#/null: required member is missing"])
  }

  @Test func `a wrong type says what was expected and what came`() throws {
    let text = #"{"s": 1, "b": "x", "i": [], "n": {}, "c": true, "o": "x", "a": 1.5, "ns": "x"}"#
    let faults = try Self.faults(of: text) { reader in
      _ = reader.string("s")
      _ = reader.bool("b")
      _ = reader.integer("i")
      _ = reader.number("n")
      _ = reader.choice("c", of: Optimizer.self)
      #expect(reader.object("o") == nil)
      _ = reader.array("a")
      _ = reader.numbers("ns")
      reader.finish()
    }
    #expect(
      faults == [
        "#/s: expected a string, got a number", "#/b: expected true or false, got a string",
        "#/i: expected an integer, got an array", "#/n: expected a number, got an object",
        "#/c: expected one of `adam`, `adamw` and `sgd`, got a boolean",
        "#/o: expected an object, got a string",
        "#/a: expected an array, got a number", "#/ns: expected an array, got a string",
      ])
  }

  @Test func `a value out of range says the range and the value`() throws {
    let text =
      #"{"i": 0, "j": -1, "f": 2.5, "n": 1, "p": 0, "q": 1e16, "s": "abc", "a": [1, 2, 3], "big": 1e300}"#
    let faults = try Self.faults(of: text) { reader in
      _ = reader.integer("i", in: 1...1_000_000)
      _ = reader.integer("j", in: 0...(.max))
      _ = reader.integer("f")
      _ = reader.number("n", below: 1)
      _ = reader.number("p", above: 0)
      _ = reader.number("q", in: 0...0.5)
      _ = reader.string("s", maximumCharacters: 2)
      _ = reader.array("a", count: 1...2)
      _ = reader.integer("big", in: 1...100)
      reader.finish()
    }
    #expect(
      faults == [
        "#/i: must be between 1 and 1000000, got 0", "#/j: must be at least 0, got -1",
        "#/f: expected an integer, got 2.5", "#/n: must be below 1, got 1", "#/p: must be above 0, got 0",
        "#/q: must be between 0 and 0.5, got 1e+16", "#/s: must have at most 2 characters, got 3",
        "#/a: must have between 1 and 2 elements, got 3", "#/big: must be between 1 and 100, got 1e+300",
      ])
  }

  @Test func `an unknown choice lists the choices and suggests the nearest`() throws {
    let faults = try Self.faults(of: #"{"c": "adma", "d": "newton"}"#) { reader in
      _ = reader.choice("c", of: Optimizer.self)
      _ = reader.choice("d", among: ["a", "b"])
      reader.finish()
    }
    #expect(
      faults == [
        "#/c: expected one of `adam`, `adamw` and `sgd`, got `adma`; did you mean `adam`?",
        "#/d: expected one of `a` and `b`, got `newton`",
      ])
  }

  @Test func `unknown members are reported with the nearest name that is not taken`() throws {
    let faults = try Self.faults(of: #"{"epoch": 1, "seed": 2, "seeed": 3, "zzz": 4}"#) { reader in
      _ = reader.integer("epochs")
      _ = reader.integer("seed")
      reader.finish()
    }
    #expect(
      faults == [
        "#/epoch: unknown member; did you mean `epochs`?", "#/seeed: unknown member",
        "#/zzz: unknown member",
      ])
  }

  @Test func `faulty elements of arrays are reported one by one`() throws {
    let text = #"{"ns": [1, "x", null], "is": [1, 2.5, 99], "ss": ["ok", 1, "long"]}"#
    let faults = try Self.faults(of: text) { reader in
      #expect(reader.numbers("ns") == nil)
      #expect(reader.integers("is", in: 1...9) == nil)
      #expect(reader.strings("ss", maximumCharacters: 2) == nil)
      reader.finish()
    }
    #expect(
      faults == [
        "#/ns/1: expected a number, got a string", "#/ns/2: expected a number, got null",
        "#/is/1: expected an integer, got 2.5", "#/is/2: must be between 1 and 9, got 99",
        "#/ss/1: expected a string, got a number", "#/ss/2: must have at most 2 characters, got 4",
      ])
  }

  @Test func `nested readers report to the same collector under their own pointers`() throws {
    let faults = try Self.faults(of: #"{"a": {"b": {"c": 1, "x/y": 2}}, "t": 3}"#) { reader in
      var a = reader.object("a")
      var b = a?.object("b")
      _ = b?.string("c")
      b?.fault("c", "and something else")
      b?.finish()
      a?.finish()
      reader.finish()
    }
    #expect(
      faults == [
        "#/a/b/c: expected a string, got a number", "#/a/b/c: and something else",
        "#/a/b/x~1y: unknown member",
        "#/t: unknown member",
      ])
  }

  @Test(arguments: ["[1]", "null", #""x""#])
  func `a document that is no object is one fault, whatever is then asked of it`(_ text: String) throws {
    let faults = try Self.faults(of: text) { reader in
      _ = reader.integer("epochs", required: true)
      #expect(!reader.has("epochs"))
      reader.finish()
    }
    #expect(faults.count == 1)
    #expect(faults.first?.hasPrefix("#: expected an object, got ") == true)
  }

  @Test func `a hostile document cannot grow the list of faults beyond the collector's maximum`() {
    let members = (0..<5000).map { ("m\($0)", JSONValue.null) }
    let collector = FaultCollector(maximum: 10)
    let reader = ObjectReader(.object(JSONObject(members)), faults: collector)
    reader.finish()
    #expect(collector.faults.count == 10)
    #expect(collector.faults.last?.pointer.fragment == "#/m9")
    #expect(!collector.isEmpty)
  }
}
