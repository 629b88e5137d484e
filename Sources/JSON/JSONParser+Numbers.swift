// Reading one JSON number: the strict grammar, and the nearest double to its decimal value.

extension JSONParser {
  /// `-? (0 | [1-9][0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259 §6), correctly rounded.
  mutating func number() throws(JSONSyntaxError) -> Double {
    let start = position
    let isNegative = peek() == UInt8(ascii: "-")
    if isNegative { position += 1 }

    var decimal = DecimalNumber()
    let hasLeadingZero = peek() == UInt8(ascii: "0")
    let integerStart = position
    try digits { decimal.append($0) }
    if hasLeadingZero && position - integerStart > 1 { throw error(.leadingZero, at: integerStart) }
    if peek() == UInt8(ascii: ".") {
      position += 1
      try digits { decimal.appendFraction($0) }
    }
    if let byte = peek(), byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      position += 1
      let sign = peek()
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
      var exponent = 0
      // Beyond a million the value is zero or overflows; the slow path decides which.
      try digits { exponent = min(exponent * 10 + $0, 1_000_000) }
      decimal.exponent += sign == UInt8(ascii: "-") ? -exponent : exponent
    }
    guard position - start <= limits.maximumNumberLength else {
      throw error(.numberTooLong(maximumLength: limits.maximumNumberLength), at: start)
    }
    if let magnitude = decimal.exactlyRounded { return isNegative ? -magnitude : magnitude }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
      throw error(.numberOverflow, at: start)
    }
    return value
  }

  /// One digit or more.
  private mutating func digits(_ use: (Int) -> Void) throws(JSONSyntaxError) {
    guard let first = peek() else { throw error(.unexpectedEnd(expected: .digit)) }
    guard isDigit(first) else { throw error(.unexpectedByte(first, expected: .digit)) }
    while let byte = peek(), isDigit(byte) {
      use(Int(byte &- UInt8(ascii: "0")))
      position += 1
    }
  }
}

/// The decimal `significand · 10^exponent` as it is read, digit by digit.
struct DecimalNumber {
  private(set) var significand: UInt64 = 0
  var exponent = 0
  /// Digits since the first that is not zero; more than nineteen do not fit the significand.
  private(set) var digitCount = 0

  mutating func append(_ digit: Int) {
    if significand != 0 || digit != 0 { digitCount += 1 }
    significand = significand &* 10 &+ UInt64(digit)
  }

  mutating func appendFraction(_ digit: Int) {
    append(digit)
    exponent -= 1
  }

  /// The nearest double, where that takes no more than one rounding; nil leaves the work to the slow path.
  ///
  /// - Up to 2^53 · 10^±22 both factors are exact doubles, so one multiplication or division rounds once.
  /// - Up to nineteen digits over 10^19 the quotient is taken in 128-bit integers. Its top 64 bits with the
  ///   remainder folded into the lowest ("sticky") bit round to the same double as the exact quotient.
  var exactlyRounded: Double? {
    guard digitCount <= 19 else { return nil }
    if significand <= 1 << 53, abs(exponent) <= 22 {
      let power = Self.doublePowersOfTen[abs(exponent)]
      return exponent < 0 ? Double(significand) / power : Double(significand) * power
    }
    guard (-19..<0).contains(exponent) else { return nil }
    let power = Self.integerPowersOfTen[-exponent]
    let shift = (significand: significand.leadingZeroBitCount, power: power.leadingZeroBitCount)
    // Halved, so that the quotient fits 64 bits.
    let dividend = significand << shift.significand
    let (quotient, remainder) = (power << shift.power).dividingFullWidth((dividend >> 1, dividend << 63))
    let rounded = Double(remainder == 0 ? quotient : quotient | 1)
    // The dividend was (significand << shift) · 2^63 and the divisor power << shift.
    return rounded * Double(sign: .plus, exponent: shift.power - shift.significand - 63, significand: 1)
  }

  /// 10^0 … 10^22, all exact.
  private static let doublePowersOfTen: [Double] = (0..<22).reduce(into: [1]) { powers, index in
    powers.append(powers[index] * 10)
  }

  /// 10^0 … 10^19, the last that fits.
  private static let integerPowersOfTen: [UInt64] = (0..<19).reduce(into: [1]) { powers, index in
    powers.append(powers[index] * 10)
  }
}
