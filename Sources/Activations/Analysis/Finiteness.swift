// Where a function and its derivative are numbers.

/// Where value and derivative are finite, as far as the probes tell.
public struct Finiteness: Sendable, Hashable {
  /// Stretches of [−10, 10], and single points there and of ±{20, 50, 100}, where the value is not finite; ascending.
  public var valueFaults: [ClosedRange<Double>]
  /// The same for the derivative by x.
  public var derivativeFaults: [ClosedRange<Double>]
  /// Which of ±1000 and ±10000 have a value or derivative that is not finite, ascending.
  public var extremeFaults: [Double]

  /// Whether training may use the function: finite at all probes up to ±100.
  public var isFinite: Bool { valueFaults.isEmpty && derivativeFaults.isEmpty }

  init(of curve: Curve, _ samples: Curve.Samples, beyond: Curve.Samples, poles: [Double]) {
    func faults(_ pick: (Curve.Samples) -> [Double]) -> [ClosedRange<Double>] {
      let values = pick(samples)
      var faults: [ClosedRange<Double>] = []
      var first: Int?
      for index in 0...values.count {
        if index < values.count, !values[index].isFinite {
          first = first ?? index
        } else if let start = first {
          let isFinite = { (x: Double) in pick(curve.sample([x]))[0].isFinite }
          faults.append(Self.stretch(start, index - 1, in: samples.points, isFinite: isFinite))
          first = nil
        }
      }
      let known = faults
      for pole in poles where !known.contains(where: { $0.contains(pole) }) { faults.append(pole...pole) }
      for (x, value) in zip(beyond.points, pick(beyond)) where !value.isFinite { faults.append(x...x) }
      return faults.sorted { $0.lowerBound < $1.lowerBound }
    }
    valueFaults = faults { $0.values }
    derivativeFaults = faults { $0.slopes }
    let extreme = curve.sample(Probes.extreme.sorted())
    extremeFaults = extreme.points.indices.filter {
      !extreme.values[$0].isFinite || !extreme.slopes[$0].isFinite
    }.map { extreme.points[$0] }
  }

  /// The faulty stretch around grid points, with its ends found between them.
  private static func stretch(
    _ first: Int, _ last: Int, in points: [Double], isFinite: (Double) -> Bool
  ) -> ClosedRange<Double> {
    var (low, high) = (points[first], points[last])
    if first > 0 { low = Roots.bisect(points[first - 1], low) { isFinite($0) } }
    if last + 1 < points.count { high = Roots.bisect(high, points[last + 1]) { !isFinite($0) } }
    let (cleanLow, cleanHigh) = (low.cleaned(within: 1e-9), high.cleaned(within: 1e-9))
    return min(cleanLow, cleanHigh)...max(cleanLow, cleanHigh)
  }
}
