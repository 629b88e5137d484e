// A function's identity: its values on a fixed grid, so that two formulas of one function are recognised.

/// A hash of a function's values at fixed points. Equal fingerprints mean equal functions, whatever the formula.
///
/// The values are rounded to about nine significant digits, so that the order of operations does not matter.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
  /// 64 bits of FNV-1a over the rounded values.
  public var hash: UInt64

  /// Sixteen hexadecimal digits.
  public var description: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The fingerprint at these parameter values.
  public init(of expression: Expression, parameters: [String: Double] = [:]) {
    let values = expression.probed(parameters)
    // 1.37 keeps saturated functions, whose greatest value is a power of two, off the step between two scales.
    let scale = Self.powerOfTwo(below: 1.37 * values.centralSize)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in values {
      let step = max(scale, Self.powerOfTwo(below: 1.37 * abs(value))) * 0x1p-30
      let rounded = (value / step).rounded()
      let pattern: UInt64 =
        if value.isNaN {
          1
        } else if !rounded.isFinite {
          value > 0 ? 2 : 3
        } else {
          (rounded == 0 ? 0 : rounded * step).bitPattern
        }
      // FNV-1a over the eight bytes.
      for byte in 0..<8 {
        hash = (hash ^ (pattern >> (8 * UInt64(byte)) & 0xff)) &* 0x100_0000_01b3
      }
    }
    self.hash = hash
  }

  private static func powerOfTwo(below value: Double) -> Double {
    value.isFinite && value > 0 ? value.binade : 0x1p-60
  }
}

extension Expression {
  fileprivate func probed(_ parameters: [String: Double]) -> [Double] {
    Curve(self, parameters: parameters).sample(Probes.identity).values
  }
}

extension Probes {
  /// 201 points of [−5, 5], off every round number, then larger ones.
  fileprivate static let identity: [Double] =
    (0..<centralCount).map { -4.9937561234 + 0.0499218765432 * Double($0) }
    + [7.3912345679, 11.8312345671, 19.7123456789, 48.1234567891].flatMap { [$0, -$0] }
  fileprivate static let centralCount = 201
}

extension Array where Element == Double {
  /// The greatest magnitude among the central points.
  fileprivate var centralSize: Double {
    prefix(Probes.centralCount).reduce(0) { $1.isFinite ? Swift.max($0, abs($1)) : $0 }
  }
}
