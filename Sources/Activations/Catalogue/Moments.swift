// Moments of an activation under a standard normal input, from which weights get their scale.

import Glibc
import Text

/// E f, E f² and E f′² for x ~ N(0, 1).
public struct Moments: Sendable, Hashable {
  /// E f.
  public var mean: Double
  /// E f².
  public var secondMoment: Double
  /// E f′².
  public var derivativeSecondMoment: Double

  /// Moments that are known.
  public init(mean: Double, secondMoment: Double, derivativeSecondMoment: Double) {
    self.mean = mean
    self.secondMoment = secondMoment
    self.derivativeSecondMoment = derivativeSecondMoment
  }

  /// Var f.
  public var variance: Double { secondMoment - mean * mean }
  /// √Var f.
  public var standardDeviation: Double { max(variance, 0).squareRoot() }

  /// 1 / √(E f²): weights of variance gain² / fan-in keep the second moment of the signal.
  public var forwardGain: Double { 1 / secondMoment.squareRoot() }
  /// 1 / √(E f′²): weights of variance gain² / fan-out keep the variance of the gradient.
  public var backwardGain: Double { 1 / derivativeSecondMoment.squareRoot() }

  /// The moments of a random choice among functions with these moments.
  public static func mixture(_ parts: [(probability: Double, moments: Moments)]) -> Moments {
    parts.reduce(into: Moments(mean: 0, secondMoment: 0, derivativeSecondMoment: 0)) { sum, part in
      sum.mean += part.probability * part.moments.mean
      sum.secondMoment += part.probability * part.moments.secondMoment
      sum.derivativeSecondMoment += part.probability * part.moments.derivativeSecondMoment
    }
  }
}

extension Moments {
  /// The moments of an expression at these parameter values, by Gauss–Legendre quadrature in double precision.
  ///
  /// [−12, 12] is cut at the kinks and at every 1/20; five nodes per piece, none on a boundary, so that a jump of the
  /// derivative costs no precision. Relative error below 1e-9 for piecewise smooth functions.
  public init(of expression: Expression, parameters: [String: Double] = [:], kinks: [Double] = []) {
    var graph = Graph()
    let names = parameters.keys.sorted()
    let root = graph.lower(expression, parameters: names)
    let derivative = graph.adjoints(of: root, seed: graph.constant(1))[graph.x] ?? graph.constant(0)
    let evaluator = PointEvaluator(graph, outputs: [root, derivative])
    let ends = (Set((-240...240).map { Double($0) / 20 }).union(kinks.filter { Swift.abs($0) < 12 })).sorted()
    var (points, masses): ([Double], [Double]) = ([], [])
    for (low, high) in zip(ends, ends.dropFirst()) {
      for (node, weight) in Self.nodes {
        let x = (low + high) / 2 + (high - low) / 2 * node
        points.append(x)
        masses.append(weight * (high - low) / 2 * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
      }
    }
    let results = evaluator.evaluate(at: points, parameters: names.map { parameters[$0] ?? .nan })
    self.init(mean: 0, secondMoment: 0, derivativeSecondMoment: 0)
    for (index, mass) in masses.enumerated() {
      let (value, slope) = (results[0][index], results[1][index])
      mean += mass * value
      secondMoment += mass * value * value
      derivativeSecondMoment += mass * slope * slope
    }
  }

  private struct Key: Hashable {
    var expression: Expression
    var parameters: [String: Double]
    var kinks: [Double]
  }

  /// Every document that names a function is read several times, and a quadrature evaluates it at 2,400 points.
  private static let known = Memo<Key, Moments>()

  /// The same, without computing again what was asked for lately.
  static func cached(of expression: Expression, parameters: [String: Double], kinks: [Double]) -> Moments {
    known.value(for: Key(expression: expression, parameters: parameters, kinks: kinks)) {
      Moments(of: expression, parameters: parameters, kinks: kinks)
    }
  }

  /// Nodes and weights of five-point Gauss–Legendre quadrature on [−1, 1].
  private static let nodes: [(node: Double, weight: Double)] = {
    let inner = (5 - 2 * (10.0 / 7).squareRoot()).squareRoot() / 3
    let outer = (5 + 2 * (10.0 / 7).squareRoot()).squareRoot() / 3
    let innerWeight = (322 + 13 * 70.0.squareRoot()) / 900
    let outerWeight = (322 - 13 * 70.0.squareRoot()) / 900
    return [
      (-outer, outerWeight), (-inner, innerWeight), (0, 128.0 / 225), (inner, innerWeight),
      (outer, outerWeight),
    ]
  }()
}
