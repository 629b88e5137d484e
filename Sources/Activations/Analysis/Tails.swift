// What a function does far out, and the bounds that follow.

import Glibc

/// A function's behaviour as x goes to −∞ or +∞, judged at sizes up to 10⁸.
public enum Tail: Sendable, Hashable {
  /// It comes to a limit.
  case constant(Double)
  /// It follows a line of this slope, perhaps swaying about it.
  case linear(slope: Double)
  /// It grows without bound, slower than any line, to +∞ or −∞ by the sign.
  case sublinear(FloatingPointSign)
  /// It grows faster than any line, to +∞ or −∞ by the sign.
  case superlinear(FloatingPointSign)
  /// It rises and falls for ever; `isGrowing` if ever more strongly.
  case oscillating(isGrowing: Bool)
  /// It is not a number there.
  case undefined

  /// The slope that dy/dx comes to: 0 if it comes to a limit or grows slower than any line; nil if there is none.
  public var slope: Double? {
    switch self {
    case .constant, .sublinear: 0
    case .linear(let slope): slope
    case .superlinear, .oscillating, .undefined: nil
    }
  }
}

extension Tail {
  /// The tail of the curve on the side of the sign.
  init(of curve: Curve, _ sign: FloatingPointSign) {
    let side = sign == .plus ? 1.0 : -1.0
    // Two decades in irregular steps, so that no period of theirs can hide one of the function's.
    let sizes = (0...64).map { 100 * pow(10, Double($0) / 32) }
    let near = curve.sample(sizes.map { side * $0 })
    let far = [1e6, 1e8].map { curve.value(at: side * $0) }
    guard near.values.allSatisfy(\.isFinite) else {
      self = Self.divergent(near.values)
      return
    }
    let (first, last) = (near.values[...32], near.values[32...])
    let (firstSpread, lastSpread) = (Self.spread(first), Self.spread(last))
    let (v100, v1000, v10000) = (near.values[0], near.values[32], near.values[64])
    let size = max(1, abs(v10000))
    if lastSpread <= max(0.5 * firstSpread, 1e-11 * size) {
      self = .constant(Self.limit([v1000, v10000] + far, spread: lastSpread))
      return
    }
    let (firstSecant, lastSecant) = ((v1000 - v100) / 900, (v10000 - v1000) / 9000)
    let sway = zip(sizes[32...], last).map { abs($1 - v1000 - lastSecant * ($0 - 1000)) }.max() ?? 0
    if abs(firstSecant - lastSecant) <= 0.02 * abs(lastSecant), sway <= 0.05 * lastSpread {
      let slope = far[1].isFinite && far[0].isFinite ? (far[1] - far[0]) / (1e8 - 1e6) : lastSecant
      self = .linear(slope: side * slope.cleaned(within: 1e-7 * max(1, abs(slope)), decimals: 3))
    } else if near.slopes.contains(where: { $0 > 0 }), near.slopes.contains(where: { $0 < 0 }) {
      self = .oscillating(isGrowing: lastSpread > 1.5 * firstSpread)
    } else {
      let sign: FloatingPointSign = lastSecant < 0 ? .minus : .plus
      self = abs(lastSecant) < abs(firstSecant) ? .sublinear(sign) : .superlinear(sign)
    }
  }

  /// The tail whose values overflow at some size, if they grow up to there.
  private static func divergent(_ values: [Double]) -> Tail {
    guard let first = values.first(where: { !$0.isFinite }), !first.isNaN, values[0].isFinite else {
      return .undefined
    }
    return .superlinear(first.sign)
  }

  private static func spread(_ values: ArraySlice<Double>) -> Double {
    (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// The limit of values at sizes that grow by constant factors, by Aitken's extrapolation.
  private static func limit(_ values: [Double], spread: Double) -> Double {
    let finite = values.prefix { $0.isFinite }
    guard let last = finite.last, finite.count >= 3 else { return values[1] }
    let (a, b) = (finite[finite.count - 3], finite[finite.count - 2])
    let curvature = (last - b) - (b - a)
    let isOrderly = abs(last - b) < 0.5 * abs(b - a)
    let limit = isOrderly && curvature != 0 ? last - (last - b) * (last - b) / curvature : last
    return limit.cleaned(within: max(1e-9, min(1e-6, spread)))
  }
}

/// The least and greatest values, as far as the probes and the tails tell.
struct Bounds {
  /// nil if unbounded below.
  private(set) var infimum: Double?
  /// nil if unbounded above.
  private(set) var supremum: Double?

  init(values: [Double], left: Tail, right: Tail) {
    var values = values.filter { !$0.isNaN }
    var (isBoundedBelow, isBoundedAbove) = (true, true)
    for (tail, outward) in [(left, -1.0), (right, 1.0)] {
      switch tail {
      case .constant(let limit): values.append(limit)
      case .linear(let slope):
        if slope * outward > 0 { isBoundedAbove = false } else { isBoundedBelow = false }
      case .sublinear(let sign), .superlinear(let sign):
        if sign == .plus { isBoundedAbove = false } else { isBoundedBelow = false }
      case .oscillating(let isGrowing):
        if isGrowing { (isBoundedBelow, isBoundedAbove) = (false, false) }
      case .undefined: break
      }
    }
    let (low, high) = (values.min() ?? .nan, values.max() ?? .nan)
    infimum = isBoundedBelow && low.isFinite ? low.cleaned(within: 1e-9) : nil
    supremum = isBoundedAbove && high.isFinite ? high.cleaned(within: 1e-9) : nil
  }
}
