// The numbers that computed ones are meant to be: few decimals, or few significant digits.

extension Double {
  /// The number with the fewest decimals that lies within `tolerance`, or itself if it needs more than `decimals`.
  func cleaned(within tolerance: Double, decimals: Int = 6) -> Double {
    guard isFinite, magnitude < 1e9 else { return self }
    var power = 1.0
    for _ in 0...decimals {
      let rounded = (self * power).rounded() / power
      if abs(rounded - self) <= tolerance { return rounded == 0 ? 0 : rounded }
      power *= 10
    }
    return self
  }

  /// The number to this many significant digits.
  func rounded(significantDigits digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    var (power, size) = (1.0, magnitude)
    while size >= 10 {
      size /= 10
      power /= 10
    }
    while size < 1 {
      size *= 10
      power *= 10
    }
    for _ in 1..<digits { power *= 10 }
    // Divided by a whole power of ten where there is one, so that 1.702 comes out as 1.702.
    return power >= 1
      ? (self * power).rounded() / power
      : (self / (1 / power).rounded()).rounded() * (1 / power).rounded()
  }
}
