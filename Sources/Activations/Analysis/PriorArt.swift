// Which known functions a curve resembles, up to affine maps of input and output and other parameter values.

import Glibc

/// A point of a curve, with how much it counts.
public struct CurvePoint: Sendable, Hashable {
  /// Where the curve was seen.
  public var x: Double
  /// Its value there.
  public var y: Double
  /// How much its deviation counts, at least 0.
  public var weight: Double

  /// A point of a curve.
  public init(x: Double, y: Double, weight: Double = 1) {
    self.x = x
    self.y = y
    self.weight = weight
  }
}

/// A catalogue prepared for the question which of its functions a curve resembles.
///
/// Every entry is tabulated once at its initial parameters. A query looks for y ≈ c · f(a x + b; θ) + d: coarsely over
/// a and b with c and d in closed form, then by Levenberg–Marquardt steps for the most promising entries. Exact
/// answers come first, those with the fewest adjusted numbers first; approximate ones by R², where every adjusted number
/// has to halve the unexplained variance to count. Takes some tens of milliseconds for a catalogue of a hundred.
public struct PriorArt: Sendable {
  private let entries: [KnownFunction]
  private static let priceOfANumber = 2.0

  /// Over the whole catalogue but the stochastic functions, whose predictions are other entries.
  public static let catalogue = PriorArt(Catalogue.all.filter { $0.training == nil })

  /// Over the functions without parameters.
  public static let withoutParameters = PriorArt(
    Catalogue.all.filter { $0.training == nil && $0.parameters.isEmpty })

  /// What is known of these functions, computed when it is first needed.
  public init(_ activations: [Activation]) {
    entries = activations.enumerated().map { KnownFunction($1, index: $0) }
  }

  /// The entries that a formula resembles at these parameter values, best first.
  ///
  /// Compared on [−8, 8]. Empty if the formula is constant or not finite there.
  public func nearest(
    to expression: Expression, parameters: [String: Double] = [:], excluding: Set<String> = [], limit: Int = 3
  ) -> [Resemblance] {
    let points = (0..<129).map { -7.9876543 + 0.1249876543 * Double($0) }
    let values = Curve(expression, parameters: parameters).sample(points).values
    let curve = zip(points, values).map { x, y in
      CurvePoint(x: x, y: y, weight: exp(-x * x / 8) + 0.05)
    }
    let places = [1e-3, 0.03, 9.7, 14.3, 29, 90].flatMap { [$0, -$0] }
    let checks = zip(places, Curve(expression, parameters: parameters).sample(places).values).map {
      CurvePoint(x: $0, y: $1)
    }
    return nearest(to: FitTarget(curve, checks: checks), excluding, limit)
  }

  /// The entries that a curve resembles, best first, for example a trained curve weighted by the density of its
  /// inputs. Points of no weight do not count; of more than 200 points, every second, third, … is taken.
  public func nearest(
    to curve: [CurvePoint], excluding: Set<String> = [], limit: Int = 3
  ) -> [Resemblance] {
    nearest(to: FitTarget(curve), excluding, limit)
  }

  private func nearest(to target: FitTarget?, _ excluding: Set<String>, _ limit: Int) -> [Resemblance] {
    guard let target else { return [] }
    let candidates = entries.filter { !excluding.contains($0.activation.name) }
    var fits = candidates.map { AffineFit($0, target) }
    let coarse = fits.indices.map { fits[$0].searchCoarsely() }
    let ranked = fits.indices.sorted { (coarse[$0], $0) < (coarse[$1], $1) }
    let promising =
      ranked.prefix(12)
      + ranked.dropFirst(12).filter {
        !candidates[$0].freeParameters.isEmpty && coarse[$0] < 0.05
      }.prefix(24)
    for index in fits.indices where !fits[index].best.isExact && !candidates[index].freeParameters.isEmpty {
      fits[index].refineParameters()
    }
    for index in promising { fits[index].refine() }
    // The few that may be shown are put in the simplest terms that explain as much.
    let cost = fits.indices.map { fits[$0].best.unexplained * pow(1.25, Double(candidates[$0].dimension)) }
    let shown = fits.indices.sorted { (cost[$0], $0) < (cost[$1], $1) }
      .enumerated().filter {
        $0.offset < 2 * limit + 4 || fits[$0.element].best.isExact && $0.offset < 2 * limit + 12
      }
    for (_, index) in shown { fits[index].simplify() }
    // What explains next to nothing resembles nothing.
    let answers = shown.filter { fits[$0.element].best.unexplained < 0.95 }.map {
      (index: $0.element, answer: fits[$0.element].resemblance)
    }
    .sorted { Self.precedes($0, $1) }.map(\.answer)
    return Array(Self.distinct(answers).prefix(limit))
  }

  /// Leaves out approximate answers that fit just as an earlier one does: they are the same curve.
  private static func distinct(_ answers: [Resemblance]) -> [Resemblance] {
    var kept: [Resemblance] = []
    for answer in answers {
      let isKnown =
        !answer.isEqual
        && kept.contains {
          abs($0.unexplained - answer.unexplained) <= 1e-3 * answer.unexplained
        }
      if !isKnown { kept.append(answer) }
    }
    return kept
  }

  private static func precedes(
    _ left: (index: Int, answer: Resemblance), _ right: (index: Int, answer: Resemblance)
  ) -> Bool {
    let (a, b) = (left.answer, right.answer)
    if a.isEqual != b.isEqual { return a.isEqual }
    if a.isEqual {
      return (a.freedom, a.relation, a.parameters.count, left.index)
        < (b.freedom, b.relation, b.parameters.count, right.index)
    }
    let (first, second) = (
      a.unexplained * pow(Self.priceOfANumber, Double(a.freedom)),
      b.unexplained * pow(Self.priceOfANumber, Double(b.freedom))
    )
    return (first, left.index) < (second, right.index)
  }
}

/// A catalogue entry as fits need it.
struct KnownFunction: Sendable {
  let activation: Activation
  let index: Int
  /// Positions of the trainable parameters that a fit may move.
  let freeParameters: [Int]
  /// How many independent numbers a fit may adjust, at the initial parameters.
  let dimension: Int
  /// f at the initial parameters, for u = tableStart + i · tableStep.
  let table: [Double]
  /// f, f′ and ∂f/∂θ for every parameter.
  let evaluator: PointEvaluator
  /// f alone.
  let values: PointEvaluator

  static let tableStart = -40.0
  static let tableStep = 1.0 / 16

  init(_ activation: Activation, index: Int) {
    self.activation = activation
    self.index = index
    let parameters = activation.parameters
    freeParameters = parameters.indices.filter {
      parameters[$0].isTrainable && parameters[$0].constraint != .simplex
    }
    var graph = Graph()
    let root = graph.lower(activation.expression, parameters: parameters.map(\.name))
    let adjoints = graph.adjoints(of: root, seed: graph.constant(1))
    let slope = adjoints[graph.x] ?? graph.constant(0)
    let partials = parameters.indices.map { adjoints[graph.parameter($0)] ?? graph.constant(0) }
    evaluator = PointEvaluator(graph, outputs: [root, slope] + partials)
    values = PointEvaluator(graph, outputs: [root])
    let tangents = evaluator.evaluate(at: Probes.irregular, parameters: parameters.map(\.initial))
    let scaling = zip(Probes.irregular, tangents[1]).map { $0 * $1 }
    let affine = [tangents[0].map { _ in 1 }, tangents[0], tangents[1], scaling]
    dimension = OrthonormalBasis(affine + freeParameters.map { tangents[2 + $0] }).vectors.count
    let points = (0...1280).map { Self.tableStart + Self.tableStep * Double($0) }
    table = values.evaluate(at: points, parameters: parameters.map(\.initial))[0]
  }

  /// Σ w f, Σ w f² and Σ w f y over the points of a sketch, for f at a x + b: the tabulated value by linear interpolation,
  /// continued as a line.
  func sums(_ sketch: FitTarget.Sketch, _ a: Double, _ b: Double) -> (f: Double, ff: Double, fy: Double) {
    var (f, ff, fy) = (0.0, 0.0, 0.0)
    let last = table.count - 2
    table.withUnsafeBufferPointer { table in
      sketch.points.withUnsafeBufferPointer { points in
        for point in points {
          let place = (a * point.x + b - Self.tableStart) / Self.tableStep
          let cell = max(0, min(last, Int(place)))
          let value = table[cell] + (table[cell + 1] - table[cell]) * (place - Double(cell))
          f += point.weight * value
          ff += point.weight * value * value
          fy += point.weight * value * point.y
        }
      }
    }
    return (f, ff, fy)
  }
}

/// The curve that is to be explained.
struct FitTarget: Sendable {
  let x: [Double]
  let y: [Double]
  /// √weight, of weights that sum to 1.
  let roots: [Double]
  /// Half the width of the stretch of x.
  let halfWidth: Double
  /// Σ w (y − mean)².
  let variance: Double
  let mean: Double
  /// A few points for the coarse search.
  let sketch: Sketch
  /// Further points, at which an exact fit must hold too.
  let checks: [CurvePoint]

  /// nil if there are fewer than eight points of weight, one of them is not finite, or they are constant.
  init?(_ curve: [CurvePoint], checks: [CurvePoint] = []) {
    self.checks = checks
    let kept = curve.filter { $0.weight > 0 }
    let step = (kept.count + 199) / 200
    let points = kept.indices.filter { $0 % max(step, 1) == 0 }.map { kept[$0] }
    let total = points.reduce(0) { $0 + $1.weight }
    guard points.count >= 8, total.isFinite,
      points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }),
      let low = points.map(\.x).min(), let high = points.map(\.x).max(), high > low
    else { return nil }
    x = points.map(\.x)
    y = points.map(\.y)
    roots = points.map { ($0.weight / total).squareRoot() }
    halfWidth = (high - low) / 2
    let mean = points.reduce(0) { $0 + $1.weight / total * $1.y }
    self.mean = mean
    variance = points.reduce(0) { $0 + $1.weight / total * ($1.y - mean) * ($1.y - mean) }
    let size = points.reduce(0) { max($0, abs($1.y)) }
    guard variance > 1e-20 * size * size else { return nil }
    let stride = max(1, points.count / 40)
    var sketched: [CurvePoint] = []
    for index in points.indices where index % stride == 0 {
      sketched.append(CurvePoint(x: x[index], y: y[index] - mean, weight: roots[index] * roots[index]))
    }
    sketch = Sketch(sketched)
  }

  /// Points with the sums over them that do not depend on the function that is fitted.
  struct Sketch: Sendable {
    /// y is the difference from the curve's mean.
    let points: [CurvePoint]
    /// Σ w.
    let weight: Double
    /// Σ w y.
    let sum: Double
    /// Σ w y².
    let squares: Double

    init(_ points: [CurvePoint]) {
      self.points = points
      var (weight, sum, squares) = (0.0, 0.0, 0.0)
      for point in points {
        weight += point.weight
        sum += point.weight * point.y
        squares += point.weight * point.y * point.y
      }
      (self.weight, self.sum, self.squares) = (weight, sum, squares)
    }
  }
}
