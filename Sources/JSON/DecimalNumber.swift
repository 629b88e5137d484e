// Decimal text to the nearest double: what the numbers of JSON and the fields of a CSV text have in common.

/// The decimal `significand · 10^exponent` as it is read, digit by digit.
struct DecimalNumber {
  private(set) var significand: UInt64 = 0
  var exponent = 0
  /// Digits since the first that is not zero; more than nineteen do not fit the significand.
  private(set) var digitCount = 0

  init() {}

  /// A decimal of at most nineteen digits.
  fileprivate init(significand: UInt64, exponent: Int) {
    self.significand = significand
    self.exponent = exponent
  }

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
  /// - Up to 2^53 · 10^±22 both factors are exact doubles, so one multiplication or division rounds once
  ///   (Clinger, 1990).
  /// - Up to nineteen digits over 10^19 the quotient is taken in 128-bit integers. Its top 64 bits with the
  ///   remainder folded into the lowest ("sticky") bit round to the same double as the exact quotient.
  var exactlyRounded: Double? {
    guard digitCount <= 19 else { return nil }
    if significand <= 1 << 53, abs(exponent) <= 22 {
      let power = doublePowersOfTen[abs(exponent)]
      return exponent < 0 ? Double(significand) / power : Double(significand) * power
    }
    guard (-19..<0).contains(exponent) else { return nil }
    let power = integerPowersOfTen[-exponent]
    let shift = (significand: significand.leadingZeroBitCount, power: power.leadingZeroBitCount)
    // Halved, so that the quotient fits 64 bits.
    let dividend = significand << shift.significand
    let (quotient, remainder) = (power << shift.power).dividingFullWidth((dividend >> 1, dividend << 63))
    let rounded = Double(remainder == 0 ? quotient : quotient | 1)
    // The dividend was (significand << shift) · 2^63 and the divisor power << shift.
    return rounded * Double(sign: .plus, exponent: shift.power - shift.significand - 63, significand: 1)
  }
}

/// 10^0 … 10^22, all exact.
private let doublePowersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19,
  1e20, 1e21, 1e22,
]

/// 10^0 … 10^19, the last that fits.
private let integerPowersOfTen: [UInt64] = [
  1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
  100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
  10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]

/// A number of ordinary length at the front of a text, read eight digits at a time.
///
/// Grammar: `-? digits? ('.' digits?)? ([eE] [+-]? digits)?` with one digit or more before the exponent. It is
/// what JSON and CSV have in common; what is unusual about a number (a plus, a twentieth digit, an exponent far
/// out) is left to the reader of the one or the other, which is slower and says exactly what is wrong.
package struct DecimalPrefix {
  private var magnitude: Double
  /// The sign's bit.
  private var sign: UInt64
  /// Behind the last byte of the number. Anything may follow.
  package var end: UnsafePointer<UInt8>
  /// Whether RFC 8259 §6 has such numbers: digits on both sides of a point, and no zero before another digit.
  package var isJSON: Bool

  /// Nil where the bytes from `start` to `limit` do not begin with such a number.
  @inline(__always)
  package init?(from start: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>) {
    guard start < limit else { return nil }
    // A sign is as likely as not, so that no branch depends on it.
    let isNegative = start.pointee == UInt8(ascii: "-")
    let unsigned = start + (isNegative ? 1 : 0)
    sign = UInt64(isNegative ? 1 : 0) << 63
    if limit - unsigned >= 8, let short = ShortDecimal(at: unsigned) {
      end = unsigned + short.byteCount
      isJSON = short.isJSON
      magnitude = Double(short.significand) / doublePowersOfTen[short.fractionDigits]
    } else {
      guard let long = LongDecimal(at: unsigned, to: limit) else { return nil }
      (end, isJSON, magnitude) = (long.end, long.isJSON, long.value)
    }
  }

  /// The nearest double.
  @inline(__always)
  package var value: Double { Double(bitPattern: magnitude.bitPattern | sign) }
}

/// A number of any length, after its sign.
private struct LongDecimal {
  var value: Double
  var end: UnsafePointer<UInt8>
  var isJSON: Bool

  @inline(__always)
  init?(at start: UnsafePointer<UInt8>, to limit: UnsafePointer<UInt8>) {
    var position = start
    var significand: UInt64 = 0
    readDigits(&position, limit, into: &significand)
    var digitCount = position - start
    isJSON = digitCount == 1 || (digitCount > 0 && start.pointee != UInt8(ascii: "0"))
    var exponent = 0
    if position < limit, position.pointee == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      readDigits(&position, limit, into: &significand)
      exponent = fraction - position
      if exponent == 0 { isJSON = false }
      digitCount -= exponent
    }
    // With nineteen digits, zeros in front included, nothing has overflowed.
    guard (1...19).contains(digitCount) else { return nil }
    if position < limit, position.pointee | 0x20 == UInt8(ascii: "e") {
      position += 1
      guard position < limit else { return nil }
      let isSmall = position.pointee == UInt8(ascii: "-")
      if isSmall || position.pointee == UInt8(ascii: "+") { position += 1 }
      let digits = position
      var power: UInt64 = 0
      readDigits(&position, limit, into: &power)
      guard (1...4).contains(position - digits) else { return nil }
      exponent += isSmall ? -Int(power) : Int(power)
    }
    let decimal = DecimalNumber(significand: significand, exponent: exponent)
    guard let magnitude = decimal.exactlyRounded else { return nil }
    value = magnitude
    end = position
  }
}

/// A decimal with a point and no exponent that lies, with the byte behind it, in eight bytes: most numbers of most
/// tables. What differs from number to number is computed, not branched on.
private struct ShortDecimal {
  var significand: UInt64
  /// Digits behind the point.
  var fractionDigits: Int
  var byteCount: Int
  var isJSON: Bool

  /// Nil where the eight bytes at `start` are anything else.
  @inline(__always)
  init?(at start: UnsafePointer<UInt8>) {
    let word = digitWord(at: start)
    let point = nonDigits(word)
    let rest = point & (point &- 1)
    let integerDigits = point.trailingZeroBitCount >> 3
    byteCount = rest.trailingZeroBitCount >> 3
    // Of the two bytes that are no digits the first must be a point and the other no E: "." ^ "0" is 0x1E, and
    // ("e" ^ "0") | 0x20 is 0x75. With no third byte the number would end behind the word.
    let pointShift = UInt64(truncatingIfNeeded: 8 * integerDigits)
    guard rest != 0, (word >> pointShift) & 0xFF == 0x1E, byteCount > 1 else { return nil }
    let endShift = UInt64(truncatingIfNeeded: 8 * byteCount)
    guard (word >> endShift) & 0xFF | 0x20 != 0x75 else { return nil }
    fractionDigits = byteCount - 1 - integerDigits
    let isInteger = integerDigits == 1 || (integerDigits > 1 && word & 0xFF != 0)
    isJSON = isInteger && fractionDigits > 0
    let before = word & ((1 << pointShift) - 1)
    let behind = (word >> (pointShift + 8)) << pointShift
    significand = sum((before | behind) << (72 - endShift))
  }
}

/// Appends the digits from `position` on to `significand`, modulo 2^64.
///
/// Eight bytes at a time: how many of them are digits is counted, the others are shifted out, and three
/// multiplications add up pairs, fours and eights. It takes no branch for the number of digits, which a processor
/// could not foresee.
@inline(__always)
private func readDigits(
  _ position: inout UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>, into significand: inout UInt64
) {
  while limit - position >= 8 {
    let word = digitWord(at: position)
    let count = nonDigits(word).trailingZeroBitCount >> 3
    if count == 0 { return }
    // The digits go to the high end; the zeros that come in count as leading ones.
    let digits = sum(word << UInt64(truncatingIfNeeded: 64 - 8 * count))
    significand = significand &* integerPowersOfTen[count] &+ digits
    position += count
    if count < 8 { return }
  }
  while position < limit, case let digit = position.pointee &- UInt8(ascii: "0"), digit < 10 {
    significand = significand &* 10 &+ UInt64(digit)
    position += 1
  }
}

/// Eight bytes, the first lowest, in which a digit is its value.
@inline(__always)
private func digitWord(at position: UnsafePointer<UInt8>) -> UInt64 {
  UInt64(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)) ^ 0x3030_3030_3030_3030
}

/// The highest bit of every byte that is larger than 9: adding 0x76 carries into it.
@inline(__always)
private func nonDigits(_ word: UInt64) -> UInt64 {
  ((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080
}

/// The number that eight digits are.
@inline(__always)
private func sum(_ digits: UInt64) -> UInt64 {
  let pairs = (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
  let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
  return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
}
