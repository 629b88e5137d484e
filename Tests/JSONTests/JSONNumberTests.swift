// Decimal text to double and back: correctly rounded in, shortest out.

import JSON
import Testing

@Suite struct JSONNumberTests {
  static func parse(_ text: String) throws -> Double {
    try #require(try JSONParser.parse(Array(text.utf8)).doubleValue)
  }

  static func serialize(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
  }

  @Test(
    arguments: [
      ("0", 0), ("0.0", 0), ("0e5", 0), ("0E-400", 0), ("1", 1), ("1.5", 1.5), ("1e0", 1), ("1E+2", 100),
      ("0.1", 0.1), ("0.3", 0.3), ("123456789012345678", 123_456_789_012_345_680), ("1e22", 1e22),
      ("1e23", 1e23),
      ("9007199254740993", 9_007_199_254_740_992), ("9007199254740992.5", 9_007_199_254_740_992),
      ("9007199254740993.0000000000000001", 9_007_199_254_740_994),
      ("0.8414709848078965", 0.8414709848078965),
      ("0.12345678901234567", 0.12345678901234567), ("3.141592653589793238", 3.141592653589793238),
      ("2.2250738585072014e-308", 2.2250738585072014e-308), ("5e-324", .leastNonzeroMagnitude), ("2e-324", 0),
      ("1e-400", 0),
      ("1.7976931348623157e308", 1.7976931348623157e308), ("0.000000000000000000000000001", 1e-27),
      ("100000000000000000000000000000", 1e29), ("18446744073709551615", 0x1p64),
      ("99999999999999999999", 1e20),
      ("9999999999999999999e-19", 0.9999999999999999999),
      ("1e-19", 1e-19), ("9007199254740993e-19", 9007199254740993e-19), ("0.00000000000000000000000", 0),
    ] as [(String, Double)])
  func `each decimal reads as the double that the compiler gives it`(_ text: String, _ value: Double) throws {
    #expect(try Self.parse(text) == value)
    #expect(try Self.parse("-" + text) == -value)
  }

  @Test func `minus zero keeps its sign in and out`() throws {
    let value = try Self.parse("-0")
    #expect(value == 0 && value.sign == .minus)
    #expect(try Self.parse(Self.serialize(.number(value))).sign == .minus)
  }

  @Test func `a thousand digits are read to the last one that matters`() throws {
    // 2^53 + 1 is a tie that rounds to even, unless a digit far behind breaks it.
    let zeros = String(repeating: "0", count: 1000)
    #expect(try Self.parse("9007199254740993." + zeros) == 9_007_199_254_740_992)
    #expect(try Self.parse("9007199254740993." + zeros + "1") == 9_007_199_254_740_994)
  }

  @Test(
    arguments: 0..<8
  )
  func `decimals of one to nineteen digits with any exponent round like the standard library's`(
    _ seed: UInt64
  ) throws {
    var generator = SplitMix64(state: seed)
    for _ in 0..<4000 {
      let digits = 1 + Int(generator.next() % 19)
      let significand = generator.next() % (0..<digits).reduce(UInt64(1)) { power, _ in power &* 10 }
      let text = "\(significand)e\(Int(generator.next() % 60) - 40)"
      #expect(try Self.parse(text) == Double(text), "\(text)")
    }
  }

  @Test(arguments: 0..<4)
  func `decimals next to the midpoint of two doubles round to the right side`(_ seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    for _ in 0..<2000 {
      // 54 bits with the last one set lie halfway between two doubles; one unit of the last digit decides.
      let odd = (generator.next() >> 10) | 1 << 53 | 1
      for neighbour in [odd - 1, odd, odd + 1] {
        for text in ["\(neighbour)", "\(neighbour)0.0", "\(neighbour)00e-2", "\(neighbour)001e-3"] {
          #expect(try Self.parse(text) == Double(text), "\(text)")
        }
      }
    }
  }

  @Test(arguments: 0..<4)
  func `every double reads back as itself`(_ seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    for _ in 0..<5000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(try Self.parse(Self.serialize(.number(value))).bitPattern == value.bitPattern)
    }
  }

  @Test(arguments: 0..<4)
  func `every Float writes its own shortest text and reads back as itself`(_ seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    for _ in 0..<5000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      guard value.isFinite else { continue }
      let text = Self.serialize(.float(value))
      #expect(Float(try Self.parse(text)).bitPattern == value.bitPattern)
      let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
      let significant = digits.reversed().drop { $0 == "0" }.count
      #expect(significant <= 9)
    }
  }

  @Test(
    arguments: [
      (0, "0"), (1, "1"), (-1, "-1"), (1_000_000, "1000000"), (0.1, "0.1"), (-2.5, "-2.5"),
      (1.0 / 3, "0.3333333333333333"), (9_007_199_254_740_991, "9007199254740991"), (1e16, "1e+16"),
      (1e300, "1e+300"),
      (1e-7, "1e-07"), (.leastNonzeroMagnitude, "5e-324"), (0.0001, "0.0001"),
      (9_007_199_254_740_992, "9007199254740992"),
    ] as [(Double, String)])
  func `numbers are written in their shortest form`(_ value: Double, _ text: String) {
    #expect(Self.serialize(.number(value)) == text)
  }

  @Test(arguments: [
    (0.0030080000000000003, "0.003008"), (1.5, "1.5"), (4e-7, "0"), (86_399.999_999_9, "86400"),
  ])
  func `durations are written to the microsecond`(_ value: Double, _ text: String) {
    #expect(Self.serialize(.seconds(value)) == text)
  }

  @Test func `a Float is written by its own digits, alone and in an array`() {
    #expect(Self.serialize(.float(0.1)) == "0.1")
    #expect(
      Self.serialize(.array(JSONArray(floats: [0.1, 1.8342, 16_777_216, 1e-10])))
        == "[0.1,1.8342,16777216,1e-10]")
  }

  @Test(arguments: [(Double.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity")])
  func `numbers without a JSON text are written as strings`(_ value: Double, _ text: String) throws {
    #expect(Self.serialize(.number(value)) == "\"\(text)\"")
    #expect(Self.serialize(.float(Float(value))) == "\"\(text)\"")
    let matrix = JSONValue.array(JSONArray(numbers: [1, value])).serialized()
    #expect(try JSONParser.parse(matrix) == [1, .string(text)])
  }
}

/// A small generator with a known seed, so that a failure can be run again.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
