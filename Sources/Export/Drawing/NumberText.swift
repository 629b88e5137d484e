// Numbers as people read them on axes and in captions: few digits, a true minus sign, powers of ten written out.

import Glibc

/// Short decimal text of double-precision numbers; no locale, the same on every machine.
public enum NumberText {
  /// At most `digits` significant digits, without trailing zeros: "0.278", "−12", "2.5×10⁻⁵", "∞", "NaN".
  public static func significant(_ value: Double, _ digits: Int = 3) -> String {
    guard let (mantissa, exponent) = scientific(value, digits) else { return special(value) }
    if (-4..<6).contains(exponent) {
      let decimals = digits - 1 - exponent
      let magnitude = mantissa * power(-decimals)
      return sign(value) + trimmed(fixed(magnitude, decimals: max(0, decimals)))
    }
    let leading = trimmed(fixed(mantissa * power(1 - digits), decimals: digits - 1))
    return sign(value) + (leading == "1" ? "" : "\(leading)×") + "10\(superscript(exponent))"
  }

  /// Exactly `decimals` digits after the point; magnitudes from 10¹⁵ are written with a power of ten.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return special(value) }
    let scaled = (value.magnitude * power(decimals)).rounded()
    guard scaled < 1e15 else { return significant(value, 6) }
    let digits = String(Int(scaled))
    let negative = scaled == 0 ? "" : sign(value)
    guard decimals > 0 else { return negative + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return negative + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// "a 1.00 → 2.82": a parameter before and after training, both to two decimals or three significant digits.
  public static func change(_ name: String, from initial: Double, to trained: Double) -> String {
    func text(_ value: Double) -> String {
      value == 0 || (0.095..<1000).contains(value.magnitude)
        ? fixed(value, decimals: 2) : significant(value)
    }
    return "\(name) \(text(initial)) → \(text(trained))"
  }

  /// Ten to an integer power, correctly rounded for small ones.
  static func power(_ exponent: Int) -> Double {
    exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
  }

  /// The decimal exponent of a positive number: 3 for 1000…9999.
  static func exponent(of magnitude: Double) -> Int {
    let estimate = Int(log10(magnitude).rounded(.down))
    return magnitude / power(estimate) >= 10 ? estimate + 1 : estimate
  }

  static func superscript(_ value: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (value < 0 ? "⁻" : "")
      + String(String(value.magnitude).compactMap { $0.wholeNumberValue }.map { digits[$0] })
  }

  /// |value| = mantissa · 10^(exponent + 1 − digits), the mantissa an integer of `digits` digits; nil for 0 and the like.
  private static func scientific(_ value: Double, _ digits: Int) -> (mantissa: Double, exponent: Int)? {
    guard value.isNormal else { return nil }
    let exponent = exponent(of: value.magnitude)
    let mantissa = (value.magnitude * power(digits - 1 - exponent)).rounded()
    return mantissa >= power(digits) ? (mantissa / 10, exponent + 1) : (mantissa, exponent)
  }

  private static func special(_ value: Double) -> String {
    value.isNaN ? "NaN" : value.isFinite ? "0" : sign(value) + "∞"
  }

  private static func sign(_ value: Double) -> String { value < 0 ? "−" : "" }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    let end = text.reversed().drop { $0 == "0" }
    return String((end.first == "." ? end.dropFirst() : end).reversed())
  }
}
