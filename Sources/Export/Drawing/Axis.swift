// Axes: the range that a set of values needs, round ticks, and the map from values to pixels.

/// The values that an axis shows.
package struct ValueRange: Equatable, Sendable {
  /// The least value.
  package var low: Double
  /// The greatest value.
  package var high: Double
  /// Whether rare values far outside are left out, so that the rest can be seen.
  package var isClipped = false

  /// The distance between the two.
  package var span: Double { high - low }

  /// From `low` to `high`, which is not less.
  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Covers all finite values and a margin of 5 %; a constant gets room around it.
  ///
  /// If the outer 3 % on either side are what makes the range 50 times wider than the rest (a pole), it is clipped.
  /// - Complexity: O(n log n).
  package init(covering values: [Double]) {
    let sorted = values.filter { $0.magnitude <= Self.largest }.sorted()
    guard let first = sorted.first, let last = sorted.last else {
      self.init(low: -1, high: 1)
      return
    }
    self.init(low: first, high: last)
    let core = (low: sorted[sorted.count * 3 / 100], high: sorted[sorted.count - 1 - sorted.count * 3 / 100])
    let coreSpan = max(core.high - core.low, 1)
    if span > 50 * coreSpan {
      low = max(low, core.low - coreSpan)
      high = min(high, core.high + coreSpan)
      isClipped = true
    }
    // Below Float32's resolution a difference is noise: the curve is flat.
    let magnitude = max(low.magnitude, high.magnitude)
    let size = magnitude < Self.smallest ? 0 : magnitude
    if span <= 2e-6 * size || size == 0 {
      let room = size == 0 ? 1 : 0.5 * size
      (low, high) = (low - room, high + room)
    } else {
      (low, high) = (low - 0.05 * span, high + 0.05 * span)
    }
  }

  /// Larger magnitudes have no place on an axis and leave gaps, as NaN does.
  static let largest = 1e100
  /// Smaller magnitudes are 0.
  private static let smallest = 1e-100

  /// From the least to the greatest value without a margin: the axis of x. A single point gets room around it.
  init(spanning values: [Double]) {
    let finite = values.filter { $0.magnitude <= Self.largest }
    guard let low = finite.min(), let high = finite.max(),
      high - low > 2e-6 * max(low.magnitude, high.magnitude),
      high - low > Self.smallest
    else {
      self.init(covering: finite)
      return
    }
    self.init(low: low, high: high)
  }
}

/// A range with ticks at multiples of 1, 2 or 5 times a power of ten.
package struct Axis: Sendable {
  /// A mark on an axis.
  package struct Tick: Equatable, Sendable {
    /// Where it stands.
    package var value: Double
    /// What is written beside it.
    package var label: String
  }

  /// What the axis spans.
  package let range: ValueRange
  /// Its marks, in rising order.
  package let ticks: [Tick]

  /// About `count` ticks; all labels of an axis have the same number of decimals.
  package init(_ range: ValueRange, ticks count: Double) {
    self.range = range
    let step = Self.step(range.span / max(1, count))
    let first = (range.low / step - 1e-9).rounded(.up)
    let last = (range.high / step + 1e-9).rounded(.down)
    let values =
      first <= last && last - first < 100 ? (0...Int(last - first)).map { (first + Double($0)) * step } : []
    let size = values.map(\.magnitude).max() ?? 0
    let stepExponent = NumberText.exponent(of: step * (1 + 1e-9))
    let exponent = size > 0 ? NumberText.exponent(of: size * (1 + 1e-9)) : 0
    let usesPowers = size >= 1e5 || (size > 0 && size < 1e-3)
    ticks = values.map { value in
      // 0 from rounding must not print as −0.
      let value = value.magnitude < step / 2 ? 0 : value
      guard usesPowers, value != 0 else {
        return Tick(
          value: value, label: value == 0 ? "0" : NumberText.fixed(value, decimals: max(0, -stepExponent)))
      }
      let mantissa = NumberText.fixed(
        value / NumberText.power(exponent), decimals: max(0, exponent - stepExponent))
      return Tick(value: value, label: "\(mantissa)×10\(NumberText.superscript(exponent))")
    }
  }

  /// A horizontal axis of `length` pixels with ticks about `spacing` apart, or as far as their labels need.
  static func horizontal(_ range: ValueRange, length: Double, spacing: Double) -> Axis {
    var count = (length / spacing).rounded()
    while true {
      let axis = Axis(range, ticks: count)
      let widest = axis.ticks.map { TextFit.width($0.label, .sans, size: 11) }.max() ?? 0
      if count <= 1 || (widest + 10) * Double(axis.ticks.count - 1) <= length { return axis }
      count -= 1
    }
  }

  /// 1, 2 or 5 times a power of ten, near `raw`.
  private static func step(_ raw: Double) -> Double {
    let exponent = NumberText.exponent(of: raw)
    let share = raw / NumberText.power(exponent)
    let digit = share < 1.41 ? 1.0 : share < 3.16 ? 2 : share < 7.07 ? 5 : 10
    // Division by a whole power is exact where multiplication by 0.1 is not.
    return exponent < 0 ? digit / NumberText.power(-exponent) : digit * NumberText.power(exponent)
  }
}

/// The linear map of a range onto pixels.
struct LinearScale {
  var range: ValueRange
  var start: Double
  var end: Double

  func callAsFunction(_ value: Double) -> Double {
    start + (value - range.low) / range.span * (end - start)
  }
}
