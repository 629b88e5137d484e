// Whether a formula can be trained: it uses x, and value and derivatives are moderate wherever x may be.

import Text

extension Expression {
  /// Why the formula cannot be trained from these parameter values, or nil.
  ///
  /// Probes 4001 points of [−10, 10] and ±{20, 50, 100}, value and derivatives by x and by every parameter: in double
  /// precision they must be within single precision's range, and in single precision they must be finite. Between
  /// the probes, up to ±100, the zeros of divisors and the like are found by bisection: there, and close by, the
  /// formula must neither fail nor grow.
  public func problem(parameters: [String: Double]) -> String? {
    guard usesX else { return "the formula does not use x" }
    let check = FormulaCheck(self, parameters)
    return check.faultAtProbes() ?? check.faultBetweenProbes() ?? check.faultInSinglePrecision()
  }
}

private struct FormulaCheck {
  private let expression: Expression
  private let names: [String]
  private let values: [String: Double]
  private let hazards: [Hazard]
  /// Value, then derivatives by x and by every parameter.
  private let results: PointEvaluator
  /// The hazards' operands.
  private let operands: PointEvaluator

  init(_ expression: Expression, _ parameters: [String: Double]) {
    self.expression = expression
    values = parameters
    names = parameters.keys.sorted()
    hazards = Hazard.all(in: expression)
    var graph = Graph()
    let leaves = parameters.mapValues { graph.constant($0) }
    let x = graph.x
    let nodes = hazards.map { graph.lower($0.operand, x: x, parameters: leaves) }
    operands = PointEvaluator(graph, outputs: nodes)
    var tape = Graph()
    let root = tape.lower(expression, parameters: names)
    let adjoints = tape.adjoints(of: root, seed: tape.constant(1))
    let inputs = [tape.x] + names.indices.map { tape.parameter($0) }
    let derivatives = inputs.map { adjoints[$0] ?? tape.constant(0) }
    results = PointEvaluator(tape, outputs: [root] + derivatives)
  }

  private func evaluate(_ points: [Double]) -> [[Double]] {
    results.evaluate(at: points, parameters: names.map { values[$0] ?? .nan })
  }

  /// The words for a result, by its position.
  private func subject(_ index: Int) -> String {
    switch index {
    case 0: "the value"
    case 1: "the derivative by x"
    default: "the derivative by the parameter `\(names[index - 2])`"
    }
  }

  // MARK: At the probes

  func faultAtProbes() -> String? {
    let all = evaluate(Self.probes)
    let faulty = Self.probes.indices.filter { point in all.contains { !Self.isModerate($0[point]) } }
    guard let first = faulty.first,
      let result = all.indices.first(where: { !Self.isModerate(all[$0][first]) })
    else { return nil }
    let value = all[result][first]
    if value.isFinite {
      return "\(subject(result)) at x = \(text(of: Self.probes[first])) is beyond single precision"
    }
    let places = faulty.map { Self.probes[$0] }
    return cause(at: places)
      ?? "\(subject(result)) at x = \(text(of: places[0])) is \(value.isNaN ? "not a number" : "infinite")"
  }

  /// The hazard that explains the first fault, shown where it is worst on [−10, 10].
  private func cause(at places: [Double]) -> String? {
    let values = operands.evaluate(at: places)
    for (index, hazard) in hazards.enumerated() {
      guard hazard.excess(values[index][0]) != nil, isReached(hazard, at: places[0]) else { continue }
      var worst = (excess: -1.0, x: places[0])
      for (x, value) in zip(places, values[index]) where abs(x) <= 10 || worst.excess < 0 {
        guard let excess = hazard.excess(value), excess > worst.excess, isReached(hazard, at: x) else {
          continue
        }
        worst = (excess, x)
      }
      return hazard.statement(excess: worst.excess, at: worst.x)
    }
    return nil
  }

  /// Whether the hazard's operation is part of the value, by the branches taken.
  private func isReached(_ hazard: Hazard, at x: Double) -> Bool {
    hazard.guards.allSatisfy {
      $0.comparison.holds(
        $0.left.evaluate(x: x, parameters: values), $0.right.evaluate(x: x, parameters: values)) == $0.holds
    }
  }

  // MARK: Between the probes

  func faultBetweenProbes() -> String? {
    let sampled = operands.evaluate(at: Self.grid)
    for (index, hazard) in hazards.enumerated() where hazard.operand.usesX {
      let limit = hazard.limit
      let differences = sampled[index].map { $0 - limit }
      let curve = Curve(hazard.operand, parameters: values)
      let roots = Roots(of: differences, at: Self.grid) { curve.value(at: $0) - limit }
      if let place = roots.cleaned.sorted(by: { (abs($0), $0) < (abs($1), $1) }).first(where: isDangerous) {
        let isCrossing = roots.crossings.contains { abs($0 - place) <= 1e-9 }
        return hazard.statement(
          excess: 0, at: place, distance: isCrossing ? 0 : abs(curve.value(at: place) - limit))
      }
    }
    return nil
  }

  /// Whether the formula fails at a place or grows towards it.
  private func isDangerous(_ place: Double) -> Bool {
    let size = max(1, abs(place))
    let points = [place, place - 1e-9 * size, place + 1e-9 * size, place - 1e-6 * size, place + 1e-6 * size]
    return evaluate(points).contains { values in
      let (near, far) = (max(abs(values[1]), abs(values[2])), max(abs(values[3]), abs(values[4])))
      return !values.allSatisfy(Self.isModerate) || near > 5 * max(1, far)
    }
  }

  // MARK: In single precision

  /// Runs the compiled programs, so that what overflows only on the way is found.
  func faultInSinglePrecision() -> String? {
    let activation = CompiledActivation(
      expression, parameters: names.map { Parameter($0, initial: values[$0] ?? .nan) })
    let count = Self.probes.count
    let x = Self.probes.map(Float.init)
    let upstream = x.map { _ in Float(1) }
    let raw = activation.parameters.flatMap { Array(repeating: Float($0.initial), count: count) }
    var (y, dx, sums) = (x, x, raw.map { _ in Float(0) })
    let workspace = activation.makeWorkspace(maximumRows: count, units: 1)
    activation.forward(
      x: x, y: &y, rows: count, units: 1, parameters: raw, sharing: .row, workspace: workspace)
    activation.backward(
      x: x, dy: upstream, dx: &dx, rows: count, units: 1, parameters: raw, dparameters: &sums, sharing: .row,
      workspace: workspace)
    let all = [y, dx] + names.indices.map { Array(sums[$0 * count..<($0 + 1) * count]) }
    for point in Self.probes.indices {
      guard let result = all.indices.first(where: { !all[$0][point].isFinite }) else { continue }
      let fault = all[result][point].isNaN ? "not a number" : "infinite"
      return "\(subject(result)) at x = \(text(of: Self.probes[point])) is \(fault) in single precision"
    }
    return nil
  }

  private static func isModerate(_ value: Double) -> Bool {
    abs(value) <= Double(Float.greatestFiniteMagnitude)
  }

  /// Nearest to 0 first, so that the fault that is shown is the most telling one.
  private static let probes = Probes.range.sorted { (abs($0), -$0) < (abs($1), -$1) } + Probes.beyond

  /// Where operands are watched for zeros: the range, and on to ±100 in wider steps.
  private static let grid: [Double] = {
    let outer = (21...200).map { Double($0) / 2 }
    return outer.reversed().map { -$0 } + Probes.range + outer
  }()
}
