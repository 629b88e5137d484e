// Matrices are read in a loop of their own: the same values and the same errors as everywhere else.

import JSON
import Testing

@Suite struct JSONMatrixTests {
  /// Texts of numbers: of every length, with and without sign, fraction and exponent.
  static func numberText(_ generator: inout SplitMix64) -> String {
    let digits = Int(generator.next() % 21) + 1
    var text = generator.next().isMultiple(of: 2) ? "" : "-"
    text += "\(1 + generator.next() % 9)"
    for _ in 1..<digits { text += "\(generator.next() % 10)" }
    if generator.next().isMultiple(of: 3) { text = text.hasPrefix("-") ? "-0" : "0" }
    if !generator.next().isMultiple(of: 4) {
      text += "."
      for _ in 0...Int(generator.next() % 20) { text += "\(generator.next() % 10)" }
    }
    if generator.next().isMultiple(of: 5) {
      text += ["e", "E", "e+", "e-", "E-0"][Int(generator.next() % 5)] + "\(generator.next() % 40)"
    }
    return text
  }

  @Test(arguments: 0..<8)
  func `numbers of any form are the standard library's, wherever they stand`(_ seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    for _ in 0..<200 {
      let width = 1 + Int(generator.next() % 5)
      let rows = (0..<4).map { _ in (0..<width).map { _ in Self.numberText(&generator) } }
      let space = generator.next().isMultiple(of: 2) ? "" : " \n\t"
      let texts = rows.map { "[\(space)\($0.joined(separator: ",\(space)"))\(space)]\(space)" }
      let text = "[\(space)\(texts.joined(separator: ","))]"
      let array = try #require(JSONParser.parse(Array(text.utf8)).arrayValue)
      let expected = rows.map { row in row.map { Double($0)?.bitPattern } }
      #expect(array.map { $0.arrayValue?.numbers?.map(\.bitPattern) } == expected, "\(text)")
      #expect(array.matrix?.width == width)
      #expect(array.matrix?.numbers.map(\.bitPattern) == expected.flatMap(\.self))
    }
  }

  @Test(
    arguments: [
      ("[[1,2],[3,4]]", 2), ("[[1],[2],[3]]", 1), ("[[1,2],[3]]", nil), ("[[1],[\"a\"]]", nil),
      ("[[],[]]", nil),
      ("[[1,2],[]]", nil), ("[[1,null]]", nil), ("[1,[2]]", nil), ("[[1],2]", nil), ("[]", nil),
      ("[[[1]],[[2]]]", nil),
    ] as [(String, Int?)])
  func `an array is a matrix exactly when its rows are equally many numbers`(_ text: String, _ width: Int?)
    throws
  {
    let array = try #require(JSONParser.parse(Array(text.utf8)).arrayValue)
    #expect(array.matrix?.width == width)
    #expect(String(decoding: JSONValue.array(array).serialized(), as: UTF8.self) == text)
    // However an array is made, its storage is the same, and so are its elements.
    let built = JSONArray(Array(array))
    #expect(built == array)
    #expect(built.matrix?.width == width)
    var appended = JSONArray()
    for value in array { appended.append(value) }
    #expect(appended == array)
  }

  @Test(arguments: [
    ("[[1.5,2.5],[3.5,]]", 16), ("[[1.5,2.5],[3.5 4.5]]", 16), ("[[1.5,2.5],]", 11), ("[[1.5,2.5]", 10),
    ("[[1.5,01.5],[1,2]]", 6), ("[[1.5,2.5],[-]]", 13), ("[[1.5,2.]]", 8), ("[[1.5,.5]]", 6),
    ("[[1.5,1e999]]", 6),
    ("[[1.5,+1]]", 6), ("[[1.5,2.5]}", 10), ("[[1.5,2.5],[1.5,2.5", 19), ("[[1,2]x", 6), ("[[1.5e]]", 6),
    ("[[00.5]]", 2), ("[[1.5,NaN]]", 6), ("[[0x1]]", 3),
  ])
  func `what is wrong in a row is found at its byte`(_ text: String, _ offset: Int) throws {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8)) }
    #expect(error?.byteOffset == offset)
  }

  @Test func `limits hold inside a matrix`() {
    let long = "[[1.\(String(repeating: "0", count: 20))]]"
    #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array(long.utf8), limits: .init(maximumNumberLength: 10))
    }
    #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse(Array("[[1]]".utf8), limits: .init(maximumDepth: 1))
    }
    #expect(throws: Never.self) { try JSONParser.parse(Array("[[1]]".utf8), limits: .init(maximumDepth: 2)) }
  }
}
