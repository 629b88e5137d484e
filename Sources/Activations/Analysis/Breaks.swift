// Where a function is not smooth: its switch points are known from its graph, and whether they matter from its values.

/// The places where a curve, its derivative or its curvature jumps.
struct Breaks: Sendable {
  /// Where the value jumps, ascending.
  private(set) var jumps: [Double] = []
  /// Where the value is continuous and the derivative jumps or is infinite, ascending.
  private(set) var kinks: [Double] = []
  /// Where the curve runs to infinity, ascending.
  private(set) var poles: [Double] = []
  private(set) var smoothness = Smoothness.smooth
  /// Whether the derivative is infinite at one of the kinks.
  private(set) var isSteep = false

  /// Looks on [−10, 10]. Only switch points of the graph are candidates, so a steep but smooth curve has no break.
  init(of curve: Curve) {
    let candidates = SwitchPoints(of: curve).points
    for (index, place) in candidates.enumerated() {
      let gaps = [index - 1, index + 1].filter(candidates.indices.contains).map {
        abs(candidates[$0] - place)
      }
      let neighbourhood = Neighbourhood(of: place, in: curve, gap: gaps.min() ?? 1)
      switch neighbourhood.lowestBreak {
      case nil: break
      case .infinite: poles.append(place)
      case .value: jumps.append(place)
      case .derivative:
        kinks.append(place)
        isSteep = isSteep || neighbourhood.isVertical
      case .higher: if smoothness == .smooth { smoothness = .c1 }
      }
    }
    if !jumps.isEmpty || !poles.isEmpty {
      smoothness = .discontinuous
    } else if !kinks.isEmpty {
      smoothness = .continuous
    }
  }
}

/// Where the operations of a curve's graph that are not smooth everywhere change over.
struct SwitchPoints {
  /// In [−10, 10], ascending, clean where a clean number is meant.
  private(set) var points: [Double] = []

  init(of curve: Curve) {
    var graph = curve.graph
    let differences = Set(graph.operations.compactMap { graph.switching($0) }).sorted()
    guard !differences.isEmpty else { return }
    let all = PointEvaluator(graph, outputs: differences)
    let each = differences.map { PointEvaluator(graph, outputs: [$0]) }
    var found: Set<Double> = []
    // The switch points of inner operations join the grid in the second round, because outer ones turn there.
    for round in 0..<2 where round == 0 || !found.isEmpty {
      let grid = round == 0 ? Probes.range : Set(Probes.range).union(found).sorted()
      found = []
      for (values, difference) in zip(all.evaluate(at: grid), each) {
        let roots = Roots(of: values, at: grid) { difference.evaluate(at: $0)[0] }
        found.formUnion(roots.cleaned)
      }
    }
    for point in found.sorted() where points.last.map({ point - $0 > 1e-9 }) ?? true { points.append(point) }
  }
}

extension Graph {
  /// The difference whose sign switches an operation, if x moves it.
  fileprivate mutating func switching(_ operation: Operation) -> Node? {
    let difference: Node? =
      switch operation {
      case .unary(.absolute, let u), .unary(.sign, let u), .unary(.sqrt, let u), .unary(.log, let u): u
      case .unary(.log1p, let u): binary(.add, u, constant(1))
      case .reciprocal(let u), .binary(.divide, _, let u), .binary(.power, let u, _): u
      case .binary(.minimum, let a, let b), .binary(.maximum, let a, let b): binary(.subtract, a, b)
      case .select(_, let a, let b, _, _): binary(.subtract, a, b)
      default: nil
      }
    return difference.flatMap { dependsOnElement($0) ? $0 : nil }
  }
}

/// A curve just left and right of a candidate.
private struct Neighbourhood {
  enum Break {
    case infinite, value, derivative, higher
  }

  /// What breaks first, from the value up.
  private(set) var lowestBreak: Break?
  /// Whether the derivative grows without bound.
  private(set) var isVertical = false

  /// `gap` is the distance to the nearest other candidate, which must stay out of sight.
  ///
  /// Each quantity's jump is extrapolated from two distances. It is real if it is not rounding and does not vanish
  /// with the distance.
  init(of place: Double, in curve: Curve, gap: Double) {
    let shrink = min(1, gap / 0.1)
    func sides(_ distance: Double) -> (left: Side, right: Side) {
      let h = distance * shrink
      let samples = curve.sample([1, 2, 3, -1, -2, -3].map { place + h * $0 })
      return (
        Side(values: Array(samples.values[3...]), slopes: Array(samples.slopes[3...]), step: -h),
        Side(values: Array(samples.values[..<3]), slopes: Array(samples.slopes[..<3]), step: h)
      )
    }
    func isReal(_ far: Double, _ near: Double, above tolerance: Double) -> Bool {
      !near.isFinite || abs(near) > tolerance && abs(near) >= 0.5 * abs(far)
    }
    let (near, far) = (sides(1e-8), sides(1e-5))
    let size = max(1, abs(near.left.value), abs(near.right.value))
    let isInfinite = !curve.value(at: place).isFinite
    let grows = [(near.left, far.left), (near.right, far.right)].contains {
      !$0.values[0].isFinite || abs($0.values[0]) > 10 * max(1, abs($1.values[0]))
    }
    if grows || isInfinite && !(size < 1e3) {
      lowestBreak = .infinite
      return
    }
    if isReal(far.right.value - far.left.value, near.right.value - near.left.value, above: 1e-9 * size) {
      lowestBreak = .value
      return
    }
    let closer = sides(1e-7)
    let slope = max(1, abs(closer.left.slope), abs(closer.right.slope))
    // What the derivative's samples are off a line so close by is rounding, or a curve too narrow to tell from it.
    let noise =
      1000 * [far, sides(6e-6), sides(3e-6)].map { max($0.left.bend, $0.right.bend) }.reduce(0, max)
    isVertical = [(closer.left, far.left), (closer.right, far.right)].contains {
      abs($0.slopes[0]) > 5 * max(1, abs($1.slopes[0]))
    }
    if isVertical
      || isReal(
        far.right.slope - far.left.slope, closer.right.slope - closer.left.slope,
        above: max(1e-6 * slope, noise))
    {
      lowestBreak = .derivative
      return
    }
    let (inner, outer) = (sides(1e-4), sides(1e-3))
    let curvature = max(1, abs(inner.left.curvature), abs(inner.right.curvature))
    let third = max(1, abs(outer.left.third), abs(outer.right.third))
    let wide = sides(1e-2)
    if isReal(
      outer.right.curvature - outer.left.curvature, inner.right.curvature - inner.left.curvature,
      above: max(1e-5 * curvature, noise / (1e-4 * shrink)))
      || isReal(
        wide.right.third - wide.left.third, outer.right.third - outer.left.third,
        above: max(1e-3 * third, noise / (1e-6 * shrink * shrink)))
    {
      lowestBreak = .higher
    }
  }
}

/// Samples at one, two and three steps on one side of a place, and limits extrapolated from them.
private struct Side {
  var values: [Double]
  var slopes: [Double]
  /// Signed.
  var step: Double

  var value: Double { values[0] - step * slopes[0] }
  var slope: Double { 2 * slopes[0] - slopes[1] }
  /// The second derivative.
  var curvature: Double { (-5 * slopes[0] + 8 * slopes[1] - 3 * slopes[2]) / (2 * step) }
  /// The third derivative, to first order.
  var third: Double { bend / (step * step) * (slopes[2] - 2 * slopes[1] + slopes[0] < 0 ? -1 : 1) }
  /// How far the derivative is from a line.
  var bend: Double { abs(slopes[2] - 2 * slopes[1] + slopes[0]) }
}
