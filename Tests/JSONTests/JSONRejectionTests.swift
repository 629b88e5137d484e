// Documents that the parser must refuse, each with the reason and the place it must name.

import JSON
import Testing

@Suite struct JSONRejectionTests {
  typealias Reason = JSONSyntaxError.Reason

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let reason: Reason
    let offset: Int
    init(_ name: String, _ text: String, _ reason: Reason, at offset: Int) {
      self.init(name, Array(text.utf8), reason, at: offset)
    }
    init(_ name: String, _ bytes: [UInt8], _ reason: Reason, at offset: Int) {
      (self.name, self.bytes, self.reason, self.offset) = (name, bytes, reason, offset)
    }
    var testDescription: String { name }
  }

  static func byte(_ character: Unicode.Scalar, _ expected: JSONSyntaxError.Expectation) -> Reason {
    .unexpectedByte(UInt8(ascii: character), expected: expected)
  }

  static let structure: [Case] = [
    Case("nothing", "", .unexpectedEnd(expected: .value), at: 0),
    Case("only blanks", " \n ", .unexpectedEnd(expected: .value), at: 3),
    Case("only a byte order mark", [0xEF, 0xBB, 0xBF], .unexpectedEnd(expected: .value), at: 3),
    Case("two byte order marks", "\u{FEFF}\u{FEFF}1", .unexpectedByte(0xEF, expected: .value), at: 3),
    Case("part of a byte order mark", [0xEF, 0xBB, 0x31], .unexpectedByte(0xEF, expected: .value), at: 0),
    Case("two values", "1 2", byte("2", .endOfDocument), at: 2),
    Case("bracket after the end", "[]]", byte("]", .endOfDocument), at: 2),
    Case("NUL after the end", [0x31, 0x00], .unexpectedByte(0, expected: .endOfDocument), at: 1),
    Case("comma after the end", "{},", byte(",", .endOfDocument), at: 2),
    Case("comment", "/**/1", byte("/", .value), at: 0),
    Case("comment after the value", "1 // one", byte("/", .endOfDocument), at: 2),
    Case("form feed as a blank", "\u{C}1", .unexpectedByte(0x0C, expected: .value), at: 0),
    Case("no-break space as a blank", "[\u{A0}]", .unexpectedByte(0xC2, expected: .value), at: 1),
    Case("open array", "[", .unexpectedEnd(expected: .value), at: 1),
    Case("open array after an element", "[1", .unexpectedEnd(expected: .commaOrArrayEnd), at: 2),
    Case("open array after a comma", "[1,", .unexpectedEnd(expected: .value), at: 3),
    Case("trailing comma in an array", "[1,]", byte("]", .value), at: 3),
    Case("leading comma in an array", "[,1]", byte(",", .value), at: 1),
    Case("two commas in an array", "[1,,2]", byte(",", .value), at: 3),
    Case("missing comma in an array", "[1 2]", byte("2", .commaOrArrayEnd), at: 3),
    Case("missing comma between strings", #"["a" "b"]"#, byte("\"", .commaOrArrayEnd), at: 5),
    Case("array closed as an object", "[1}", byte("}", .commaOrArrayEnd), at: 2),
    Case("colon in an array", "[1:2]", byte(":", .commaOrArrayEnd), at: 2),
    Case("close without open", "]", byte("]", .value), at: 0),
    Case("open object", "{", .unexpectedEnd(expected: .nameOrEnd), at: 1),
    Case("name alone", #"{"a""#, .unexpectedEnd(expected: .colon), at: 4),
    Case("no value", #"{"a":"#, .unexpectedEnd(expected: .value), at: 5),
    Case("object without its end", #"{"a":1"#, .unexpectedEnd(expected: .commaOrObjectEnd), at: 6),
    Case("object closed as an array", #"{"a":1]"#, byte("]", .commaOrObjectEnd), at: 6),
    Case("trailing comma in an object", #"{"a":1,}"#, byte("}", .name), at: 7),
    Case("leading comma in an object", #"{,"a":1}"#, byte(",", .nameOrEnd), at: 1),
    Case("comma instead of a colon", #"{"a",1}"#, byte(",", .colon), at: 4),
    Case("two colons", #"{"a"::1}"#, byte(":", .value), at: 5),
    Case("name without quotes", "{a:1}", byte("a", .nameOrEnd), at: 1),
    Case("name in single quotes", "{'a':1}", byte("'", .nameOrEnd), at: 1),
    Case("number as a name", "{1:1}", byte("1", .nameOrEnd), at: 1),
    Case("null as a second name", #"{"a":1,null:1}"#, byte("n", .name), at: 7),
    Case("duplicate name", #"{"a":1,"b":2,"a":3}"#, .duplicateName("a"), at: 13),
    Case("duplicate name by escape", #"{"a":1,"\u0061":1}"#, .duplicateName("a"), at: 7),
    Case("duplicate name in a nested object", #"[{"x":{"y":1,"y":1}}]"#, .duplicateName("y"), at: 13),
    Case("capital True", "True", byte("T", .value), at: 0),
    Case("truncated literal", "tru", .unexpectedEnd(expected: .literal), at: 3),
    Case("misspelt literal", "[nul]", byte("]", .literal), at: 4),
    Case("longer literal", "nullx", byte("x", .endOfDocument), at: 4),
    Case("undefined", "undefined", byte("u", .value), at: 0),
    Case("lone high byte", [0x80], .unexpectedByte(0x80, expected: .value), at: 0),
    Case("UTF-16", [0x5B, 0x00, 0x5D, 0x00], .unexpectedByte(0, expected: .value), at: 1),
  ]

  static let numbers: [Case] = [
    Case("NaN", "NaN", byte("N", .value), at: 0),
    Case("Infinity", "[Infinity]", byte("I", .value), at: 1),
    Case("minus Infinity", "-Infinity", byte("I", .digit), at: 1),
    Case("plus sign", "+1", byte("+", .value), at: 0),
    Case("minus alone", "-", .unexpectedEnd(expected: .digit), at: 1),
    Case("two minus signs", "--1", byte("-", .digit), at: 1),
    Case("blank after minus", "- 1", .unexpectedByte(0x20, expected: .digit), at: 1),
    Case("leading zero", "[012]", .leadingZero, at: 1),
    Case("negative leading zero", "-01", .leadingZero, at: 1),
    Case("two zeros", "00", .leadingZero, at: 0),
    Case("no digit before the point", ".5", byte(".", .value), at: 0),
    Case("no digit after minus", "-.5", byte(".", .digit), at: 1),
    Case("no digit after the point", "[1.]", byte("]", .digit), at: 3),
    Case("point before the exponent", "1.e3", byte("e", .digit), at: 2),
    Case("no digit in the exponent", "1e", .unexpectedEnd(expected: .digit), at: 2),
    Case("no digit after the exponent's sign", "[1e+]", byte("]", .digit), at: 4),
    Case("two signs in the exponent", "1e+-2", byte("-", .digit), at: 3),
    Case("fraction in the exponent", "1e2.5", byte(".", .endOfDocument), at: 3),
    Case("two points", "1.2.3", byte(".", .endOfDocument), at: 3),
    Case("two exponents", "1e2e3", byte("e", .endOfDocument), at: 3),
    Case("hexadecimal", "0x1F", byte("x", .endOfDocument), at: 1),
    Case("underscore", "1_000", byte("_", .endOfDocument), at: 1),
    Case("full-width digit", "１", .unexpectedByte(0xEF, expected: .value), at: 0),
    Case("overflow", "[1, 1e309]", .numberOverflow, at: 4),
    Case("negative overflow", "-1e400", .numberOverflow, at: 0),
    Case("overflow with a huge exponent", "1e99999999999999999999", .numberOverflow, at: 0),
    Case("half past the largest double", "1.797693134862315808e308", .numberOverflow, at: 0),
    Case("letters after a number in an array", "[1a]", byte("a", .commaOrArrayEnd), at: 2),
  ]

  static let strings: [Case] = [
    Case("open string", "\"abc", .unexpectedEnd(expected: .closingQuote), at: 4),
    Case("only a quote", "\"", .unexpectedEnd(expected: .closingQuote), at: 1),
    Case("backslash at the end", #""a\"#, .unexpectedEnd(expected: .closingQuote), at: 3),
    Case("escaped closing quote", #""a\""#, .unexpectedEnd(expected: .closingQuote), at: 4),
    Case("single quotes", "'a'", byte("'", .value), at: 0),
    Case("raw newline", "\"a\nb\"", .controlCharacter(0x0A), at: 2),
    Case("raw tab", "\"\t\"", .controlCharacter(0x09), at: 1),
    Case("raw NUL", [0x22, 0x00, 0x22], .controlCharacter(0), at: 1),
    Case("raw unit separator", [0x22, 0x1F, 0x22], .controlCharacter(0x1F), at: 1),
    Case("unknown escape", #""a\x""#, .unknownEscape, at: 2),
    Case("capital escape", #""\N""#, .unknownEscape, at: 1),
    Case("escaped newline", "\"\\\n\"", .unknownEscape, at: 1),
    Case("short unicode escape", #""\u12""#, byte("\"", .hexDigit), at: 5),
    Case("unicode escape at the end", #""\u12"#, .unexpectedEnd(expected: .hexDigit), at: 5),
    Case("unicode escape with a letter too far", #""\u00G0""#, byte("G", .hexDigit), at: 5),
    Case("capital U", #""\U0041""#, .unknownEscape, at: 1),
    Case("lone high surrogate", #""\uD800""#, .loneSurrogate, at: 1),
    Case("high surrogate and text", #""ab\uD800xy""#, .loneSurrogate, at: 3),
    Case("lone low surrogate", #""\uDC00""#, .loneSurrogate, at: 1),
    Case("surrogates in the wrong order", #""\uDE00\uD83D""#, .loneSurrogate, at: 1),
    Case("two high surrogates", #""\uD800\uD800""#, .loneSurrogate, at: 1),
    Case("high surrogate and another escape", #""\uD800\n""#, .loneSurrogate, at: 1),
    Case("high surrogate and a truncated low", #""\uD800\uDC"#, .unexpectedEnd(expected: .hexDigit), at: 11),
    Case("continuation byte alone", [0x22, 0x80, 0x22], .invalidUTF8, at: 1),
    Case("truncated two-byte sequence", [0x22, 0xC3, 0x22], .invalidUTF8, at: 1),
    Case("sequence cut by the end", [0x22, 0xE2, 0x82], .invalidUTF8, at: 1),
    Case("overlong slash", [0x22, 0xC0, 0xAF, 0x22], .invalidUTF8, at: 1),
    Case("overlong three bytes", [0x22, 0x61, 0xE0, 0x80, 0xAF, 0x22], .invalidUTF8, at: 2),
    Case("overlong four bytes", [0x22, 0xF0, 0x80, 0x80, 0xAF, 0x22], .invalidUTF8, at: 1),
    Case("encoded surrogate", [0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, at: 1),
    Case("past U+10FFFF", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
    Case("five-byte lead", [0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
    Case("Latin-1 letter", [0x22, 0x61, 0xE9, 0x62, 0x22], .invalidUTF8, at: 2),
    Case("bad third byte", [0x22, 0xE2, 0x82, 0x28, 0x22], .invalidUTF8, at: 1),
    Case("invalid UTF-8 in a name", [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], .invalidUTF8, at: 2),
  ]

  @Test(arguments: structure + numbers + strings)
  func `each is refused for its reason at its offset`(_ example: Case) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(example.bytes) }
    #expect(error?.reason == example.reason)
    #expect(error?.byteOffset == example.offset)
  }

  @Test func `every proper prefix of a document is refused, and none crashes`() throws {
    let text = #"{"a": [1, -2.5e+3, "x\u00e9\uD83D\uDE00é"], "b": {"c": [true, false, null, {}]}}"#
    let bytes = Array(text.utf8)
    _ = try JSONParser.parse(bytes)
    for length in bytes.indices {
      #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(bytes.prefix(length))) }
    }
  }

  @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
  func `a million open brackets are an error at the depth limit, not a crash`(_ opening: String) {
    let bytes = Array(String(repeating: opening, count: 1_000_000).utf8)
    let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) }
    #expect(error?.reason == .tooDeep(maximumDepth: 64))
  }

  @Test func `the depth limit names the bracket that passes it`() {
    let limits = JSONParser.Limits(maximumDepth: 2)
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array("[[[1]]]".utf8), limits: limits)
    }
    #expect(error?.reason == .tooDeep(maximumDepth: 2))
    #expect(error?.byteOffset == 2)
  }

  @Test func `a document larger than the limit is refused, one of exactly the limit is not`() throws {
    let limits = JSONParser.Limits(maximumBytes: 4)
    #expect(try JSONParser.parse(Array("[10]".utf8), limits: limits) == [10])
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array("[100]".utf8), limits: limits)
    }
    #expect(error?.reason == .tooLarge(maximumBytes: 4))
  }

  @Test func `a number longer than the limit is refused`() throws {
    let limits = JSONParser.Limits(maximumNumberLength: 5)
    #expect(try JSONParser.parse(Array("12345".utf8), limits: limits) == 12345)
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array("[1.23456]".utf8), limits: limits)
    }
    #expect(error?.reason == .numberTooLong(maximumLength: 5))
    #expect(error?.byteOffset == 1)
  }

  @Test func `line and column count lines by LF and columns by characters`() {
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array("{\r\n  \"é€😀\": 1,\n  \"é\": x}".utf8))
    }
    #expect(error?.line == 3)
    #expect(error?.column == 8)
    #expect(error?.description == "line 3, column 8: expected a value, got 'x'")
  }

  @Test func `messages quote hostile names harmlessly and briefly`() {
    let name = "\u{1B}[31m" + String(repeating: "x", count: 10_000)
    let text = JSONValue.string(name).serialized()
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array("{".utf8) + text + Array(":1,".utf8) + text + Array(":2}".utf8))
    }
    let message = error?.description ?? ""
    #expect(message.contains(#"the member `\u{1B}[31mxxx"#))
    #expect(message.count < 200)
  }
}
