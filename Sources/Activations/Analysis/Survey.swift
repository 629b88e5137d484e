// A function looked at as a whole: where it breaks, its samples, its course and its tails.

/// What most facts about a function follow from.
struct Survey {
  let curve: Curve
  let breaks: Breaks
  /// Between close breaks, where the grid may have no point at all.
  let between: [Double]
  /// On [−10, 10], ascending, and further out.
  let samples: Curve.Samples
  let beyond: Curve.Samples
  let course: Course
  let leftTail: Tail
  let rightTail: Tail

  init(_ expression: Expression, parameters: [String: Double]) {
    curve = Curve(expression, parameters: parameters)
    breaks = Breaks(of: curve)
    let places = (breaks.kinks + breaks.jumps).sorted()
    between = zip(places, places.dropFirst()).map { ($0 + $1) / 2 }
    samples = curve.sample(Set(Probes.range + breaks.kinks + between).sorted())
    beyond = curve.sample(Probes.beyond)
    course = Course(of: curve, samples, beyond: beyond, breaks: breaks)
    leftTail = Tail(of: curve, .minus)
    rightTail = Tail(of: curve, .plus)
  }

  /// The greatest lower and the least upper bound, whether or not they are reached.
  var bounds: ActivationBounds {
    guard breaks.poles.isEmpty else { return ActivationBounds() }
    let bounds = Bounds(
      values: samples.values + beyond.values + course.extrema.map(\.value), left: leftTail, right: rightTail)
    return ActivationBounds(infimum: bounds.infimum, supremum: bounds.supremum)
  }
}
