// The facts of an analysis in words, for documentation.

import Text

extension ActivationAnalysis {
  /// Short phrases: "smooth", "increasing", "between 0 and 1", "odd", "Lipschitz 0.25".
  public var properties: [String] {
    var words = [smoothnessWords]
    words.append(monotonicity == .none ? "not monotone" : monotonicity.rawValue)
    words += boundWords + (symmetry == .none ? [] : [symmetry.rawValue])
    if let lipschitzConstant { words.append("slope at most \(short(lipschitzConstant)) on [-10, 10]") }
    words.append("f(0) = \(short(valueAtZero))")
    return words
  }

  private var smoothnessWords: String {
    func places(_ points: [Double]) -> String {
      points.count > 6
        ? "\(points.count) points of [-10, 10]" : points.map(short).joined(separator: ", ")
    }
    switch smoothness {
    case .discontinuous:
      return jumps.isEmpty ? "not continuous" : "jumps at \(places(jumps))"
    case .continuous: return "continuous, kinks at \(places(kinks))"
    case .c1: return "once continuously differentiable"
    case .smooth: return "smooth"
    }
  }

  private var boundWords: [String] {
    switch (infimum, supremum) {
    case (let low?, let high?): ["between \(short(low)) and \(short(high))"]
    case (let low?, nil): ["at least \(short(low))"]
    case (nil, let high?): ["at most \(short(high))"]
    case (nil, nil): ["unbounded"]
    }
  }

  /// Four significant digits, without the sign of a negative zero.
  private func short(_ value: Double) -> String {
    text(of: value.rounded(significantDigits: 4) + 0)
  }
}
