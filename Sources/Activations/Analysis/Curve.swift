// A function of x alone: an expression at fixed parameter values, with its derivative.

/// An expression at fixed parameter values, to be evaluated at many points.
struct Curve: Sendable {
  let graph: Graph
  let root: Graph.Node
  private let evaluator: PointEvaluator

  init(_ expression: Expression, parameters: [String: Double]) {
    var graph = Graph()
    let leaves = parameters.mapValues { graph.constant($0) }
    let x = graph.x
    root = graph.lower(expression, x: x, parameters: leaves)
    var tape = graph
    let slope = tape.adjoints(of: root, seed: tape.constant(1))[x] ?? tape.constant(0)
    evaluator = PointEvaluator(tape, outputs: [root, slope])
    self.graph = graph
  }

  /// Values and derivatives at the points, in their order.
  func sample(_ points: [Double]) -> Samples {
    let results = evaluator.evaluate(at: points)
    return Samples(points: points, values: results[0], slopes: results[1])
  }

  func value(at x: Double) -> Double { evaluator.evaluate(at: x)[0] }
  func slope(at x: Double) -> Double { evaluator.evaluate(at: x)[1] }

  struct Samples: Sendable {
    var points: [Double]
    var values: [Double]
    var slopes: [Double]

    /// The samples whose value and derivative are finite.
    var finite: Samples {
      let kept = points.indices.filter { values[$0].isFinite && slopes[$0].isFinite }
      if kept.count == points.count { return self }
      return Samples(
        points: kept.map { points[$0] }, values: kept.map { values[$0] }, slopes: kept.map { slopes[$0] })
    }
  }
}

/// Where functions are looked at: the same points for analysis and for the checks of formulas.
enum Probes {
  /// [−10, 10] in steps of 1/200, ascending.
  static let range: [Double] = (-2000...2000).map { Double($0) / 200 }
  /// Beyond the range, in order of size.
  static let beyond: [Double] = [20, 50, 100].flatMap { [$0, -$0] }
  /// Where stable formulas are still finite, though no input should be so large.
  static let extreme: [Double] = [1e3, 1e4].flatMap { [$0, -$0] }
  /// Off every round number and off each other's mirror images: for identities that must hold everywhere.
  static let irregular: [Double] = (0..<241).map { -9.8712345678 + 0.0822934567891 * Double($0) }
}
