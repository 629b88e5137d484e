// The fit of one known function to a curve: coarse search, Levenberg–Marquardt, and simplification.

import Glibc

/// c · f(a x + b; θ) + d fitted to a curve.
struct AffineFit {
  /// The numbers of a fit and what they leave unexplained.
  struct Solution {
    var a = 1.0
    var b = 0.0
    var c = 1.0
    var d = 0.0
    var parameters: [Double]
    /// Squared error over variance.
    var unexplained = Double.infinity

    var isExact: Bool { unexplained <= Resemblance.equality }
  }

  /// Which numbers a refinement may move; the others keep their values.
  private struct Freedom {
    var a = true
    var b = true
    var c = true
    var d = true
    var parameters: Set<Int>
  }

  let function: KnownFunction
  let target: FitTarget
  private(set) var best: Solution
  private var starts: [Solution] = []

  init(_ function: KnownFunction, _ target: FitTarget) {
    self.function = function
    self.target = target
    best = Solution(parameters: function.activation.parameters.map(\.initial))
  }

  private var initial: [Double] { function.activation.parameters.map(\.initial) }

  // MARK: Coarse search

  /// The least share of the variance that is left unexplained at the initial parameters, over a grid of a and b.
  mutating func searchCoarsely() -> Double {
    var solution = Solution(parameters: initial)
    settle(&solution, Freedom(c: false, d: false, parameters: []))
    best = solution
    settle(&solution, Freedom(parameters: []))
    keep(solution)
    if best.isExact { return 0 }
    var found: [Solution] = []
    let width = max(target.halfWidth, 1e-9)
    for octave in 0...6 {
      for sign in [1.0, -1.0] {
        let a = sign * pow(2, Double(octave)) / width
        var own: Solution?
        for shift in -8...8 {
          let b = 0.75 * Double(shift)
          let unexplained = sketched(a, b)
          if unexplained < own?.unexplained ?? .infinity {
            own = Solution(a: a, b: b, parameters: initial, unexplained: unexplained)
          }
        }
        if let own { found.append(own) }
      }
    }
    // Polished before they are compared: a narrow valley may lie between the grid's points.
    let promising = 20 * (found.map(\.unexplained).min() ?? 0) + 0.05
    found = found.filter { $0.unexplained <= promising }.map(polished)
    found.sort { $0.unexplained < $1.unexplained }
    if let first = found.first {
      let second = found.dropFirst().first { abs(log(abs($0.a / first.a))) > 0.2 || $0.a * first.a < 0 }
      starts = [first] + (second.map { [$0] } ?? [])
    }
    return starts.reduce(best.unexplained) { min($0, $1.unexplained) }
  }

  /// A start moved downhill between the points of the grid.
  private func polished(_ start: Solution) -> Solution {
    var solution = start
    var (factor, shift) = (1.3, 0.4)
    for _ in 0..<12 {
      let (a, b) = (solution.a, solution.b)
      for (nextA, nextB) in [(a * factor, b), (a / factor, b), (a, b + shift), (a, b - shift)] {
        let unexplained = sketched(nextA, nextB)
        if unexplained < solution.unexplained {
          (solution.a, solution.b, solution.unexplained) = (nextA, nextB, unexplained)
        }
      }
      if (solution.a, solution.b) == (a, b) { (factor, shift) = (factor.squareRoot(), shift / 2) }
    }
    return solution
  }

  /// The unexplained share at some points, with the best c and d.
  private func sketched(_ a: Double, _ b: Double) -> Double {
    let (f, ff, fy) = function.sums(target.sketch, a, b)
    let (w, y, yy) = (target.sketch.weight, target.sketch.sum, target.sketch.squares)
    let (sff, sfy, syy) = (ff - f * f / w, fy - f * y / w, yy - y * y / w)
    guard sff > 1e-14 * ff, sff.isFinite else { return 1 }
    return max(0, 1 - sfy * sfy / (sff * syy))
  }

  // MARK: Refinement

  /// Moves everything, from the coarse starts.
  mutating func refine() {
    let freedom = Freedom(parameters: Set(function.freeParameters))
    for start in starts {
      if best.isExact { break }
      keep(minimized(start, freedom))
    }
  }

  /// Moves the parameters and the output's map.
  mutating func refineParameters() {
    keep(
      minimized(
        Solution(parameters: initial), Freedom(a: false, b: false, parameters: Set(function.freeParameters))))
  }

  private mutating func keep(_ solution: Solution) {
    if !best.isExact, solution.unexplained < best.unexplained { best = solution }
  }

  /// Levenberg–Marquardt over a, b and θ; c and d are projected out at every step.
  private func minimized(_ start: Solution, _ freedom: Freedom, iterations: Int = 30) -> Solution {
    var solution = start
    var tangents = project(&solution, freedom)
    var damping = 1e-2
    var stalls = 0
    for _ in 0..<iterations where solution.unexplained > 1e-28 && stalls < 3 {
      guard !tangents.columns.isEmpty,
        let step = dampedStep(tangents.columns, residual: tangents.residual, damping: damping)
      else { break }
      var next = solution
      for (variable, change) in zip(tangents.variables, step) { next.move(variable, by: change) }
      let isAllowed = isInDomain(next)
      let nextTangents = isAllowed ? project(&next, freedom) : tangents
      if isAllowed, next.unexplained < solution.unexplained {
        stalls = next.unexplained > 0.9999 * solution.unexplained ? stalls + 1 : 0
        (solution, tangents) = (next, nextTangents)
        damping = max(damping / 10, 1e-12)
      } else {
        damping *= 8
        if damping > 1e8 { break }
      }
    }
    return solution
  }

  fileprivate enum MovedNumber {
    case a, b
    case parameter(Int)
  }

  private struct Tangents {
    var variables: [MovedNumber] = []
    /// Weighted derivatives of the fit by the variables, less what c and d could do.
    var columns: [[Double]] = []
    var residual: [Double] = []
  }

  /// Sets the best c and d that are free, and the unexplained share.
  private func settle(_ solution: inout Solution, _ freedom: Freedom) {
    let (a, b) = (solution.a, solution.b)
    let values = function.values.evaluate(
      at: target.x.map { a * $0 + b }, parameters: solution.parameters)
    _ = residual(&solution, freedom, values: values[0])
  }

  /// Sets the best c and d that are free, and the unexplained share; gives the derivatives by the rest.
  private func project(_ solution: inout Solution, _ freedom: Freedom) -> Tangents {
    let (a, b) = (solution.a, solution.b)
    let results = function.evaluator.evaluate(
      at: target.x.map { a * $0 + b }, parameters: solution.parameters)
    guard let (weighted, goal) = residual(&solution, freedom, values: results[0]) else { return Tangents() }
    let roots = target.roots
    var basis = OrthonormalBasis()
    if freedom.d { basis.append(roots) }
    if freedom.c { basis.append(weighted) }
    var tangents = Tangents(residual: goal)
    func add(_ variable: MovedNumber, _ derivative: (Int) -> Double) {
      var column = roots.indices.map { solution.c * roots[$0] * derivative($0) }
      guard column.allSatisfy(\.isFinite) else { return }
      basis.subtractProjection(from: &column)
      tangents.variables.append(variable)
      tangents.columns.append(column)
    }
    if freedom.a { add(.a) { results[1][$0] * target.x[$0] } }
    if freedom.b { add(.b) { results[1][$0] } }
    for index in freedom.parameters.sorted() { add(.parameter(index)) { results[2 + index][$0] } }
    return tangents
  }

  /// Sets the best c and d that are free, and the unexplained share, for the values of f at the points.
  ///
  /// - Returns: √w f and √w times what is left, or nil where nothing is to be explained with this f.
  private func residual(
    _ solution: inout Solution, _ freedom: Freedom, values: [Double]
  ) -> (weighted: [Double], residual: [Double])? {
    let roots = target.roots
    let weighted = zip(roots, values).map { $0 * $1 }
    var goal = zip(roots, target.y).map { $0 * $1 }
    // √w is a unit vector, since the weights sum to 1.
    let center = dot(roots, weighted)
    let centered = zip(weighted, roots).map { $0 - center * $1 }
    // A function that is almost constant here could be blown up into a line, whatever it is.
    guard !freedom.c || dot(centered, centered) > 1e-4 else {
      solution.unexplained = .infinity
      return nil
    }
    switch (freedom.c, freedom.d) {
    case (true, true):
      let size = dot(centered, centered)
      solution.c = size > 0 ? dot(centered, goal) / size : 0
      solution.d = target.mean - solution.c * center
    case (true, false):
      let size = dot(weighted, weighted)
      solution.c = size > 0 ? (dot(weighted, goal) - solution.d * center) / size : 0
    case (false, true): solution.d = target.mean - solution.c * center
    case (false, false): break
    }
    for index in goal.indices { goal[index] -= solution.c * weighted[index] + solution.d * roots[index] }
    let error = dot(goal, goal) / target.variance
    solution.unexplained = error.isNaN ? .infinity : error
    return solution.unexplained.isFinite ? (weighted, goal) : nil
  }

  /// Neither so wide nor so narrow that any function would look like a line or a step.
  private func isInDomain(_ solution: Solution) -> Bool {
    let window = abs(solution.a) * target.halfWidth
    guard solution.a == 1 || (0.3...160).contains(window), abs(solution.b) <= 40 else { return false }
    return zip(function.activation.parameters, solution.parameters).allSatisfy { parameter, value in
      switch parameter.constraint {
      case .none, .simplex, .share, .affine: abs(value) <= 100
      case .positive: value > 1e-3 && value <= 100
      case .unit: value > 0 && value < 1
      }
    }
  }

  // MARK: Simplification

  /// One number, or two, given up.
  private typealias Change = (_ solution: inout Solution, _ freedom: inout Freedom) -> Void

  /// Gives up every number that is not needed, then writes the others with as few digits as explain as much.
  mutating func simplify() {
    let slack = 1 + 1e-3
    var freedom = Freedom(parameters: Set(function.freeParameters))
    func attempt(_ change: Change, from solution: Solution) -> (Solution, Freedom)? {
      var (next, less) = (solution, freedom)
      change(&next, &less)
      let isSettled = !less.a && !less.b && less.parameters.isEmpty
      if isSettled { settle(&next, less) } else { next = minimized(next, less, iterations: 15) }
      return next.unexplained <= max(slack * best.unexplained, Resemblance.equality) ? (next, less) : nil
    }
    let initial = initial
    var changes: [(isOpen: (Solution, Freedom) -> Bool, change: Change)] = [
      (
        { _, freedom in freedom.a },
        { solution, freedom in
          (solution.a, solution.b) = (1, 0)
          (freedom.a, freedom.b) = (false, false)
        }
      ),
      (
        { solution, freedom in freedom.a && solution.a < 0 },
        { solution, _ in (solution.a, solution.b) = (-solution.a, -solution.b) }
      ),
      ({ _, freedom in freedom.b }, { solution, freedom in (solution.b, freedom.b) = (0, false) }),
      ({ _, freedom in freedom.a }, { solution, freedom in (solution.a, freedom.a) = (1, false) }),
      ({ _, freedom in freedom.a }, { solution, freedom in (solution.a, freedom.a) = (-1, false) }),
      (
        { _, _ in true },
        { solution, freedom in
          (solution.c, solution.d) = (1, 0)
          (freedom.c, freedom.d) = (false, false)
        }
      ),
      ({ _, freedom in freedom.d }, { solution, freedom in (solution.d, freedom.d) = (0, false) }),
      ({ _, freedom in freedom.c }, { solution, freedom in (solution.c, freedom.c) = (1, false) }),
    ]
    for index in function.freeParameters {
      // A parameter that scales the input can take over what was fitted as an input scale.
      changes.insert(
        (
          { _, freedom in freedom.a },
          { solution, freedom in
            solution.parameters[index] *= solution.a
            (solution.a, freedom.a) = (1, false)
          }
        ), at: 1)
      changes.append(
        (
          { _, _ in true },
          { solution, freedom in
            solution.parameters[index] = initial[index]
            freedom.parameters.remove(index)
          }
        ))
    }
    var solution = best
    for (isOpen, change) in changes where isOpen(solution, freedom) {
      guard let (next, less) = attempt(change, from: solution) else { continue }
      (solution, freedom) = (next, less)
    }
    best = rounded(solution, freedom)
  }

  /// Every free number rounded to the fewest digits that leave no more unexplained.
  private func rounded(_ solution: Solution, _ freedom: Freedom) -> Solution {
    var (solution, freedom) = (solution, freedom)
    func round(_ path: WritableKeyPath<Solution, Double>, _ fix: (inout Freedom) -> Void) {
      var less = freedom
      fix(&less)
      for digits in 0...9 {
        var next = solution
        next[keyPath: path] = digits == 0 ? 0 : next[keyPath: path].rounded(significantDigits: digits)
        settle(&next, less)
        let bound = solution.isExact ? Resemblance.equality : solution.unexplained * (1 + 1e-5)
        if next.unexplained <= bound, isInDomain(next) {
          (solution, freedom) = (next, less)
          return
        }
      }
      fix(&freedom)
    }
    for index in freedom.parameters.sorted() { round(\.parameters[index]) { $0.parameters.remove(index) } }
    if freedom.a { round(\.a) { $0.a = false } }
    if freedom.b { round(\.b) { $0.b = false } }
    if freedom.c { round(\.c) { $0.c = false } }
    if freedom.d { round(\.d) { $0.d = false } }
    return solution
  }

  /// The best fit as an answer.
  var resemblance: Resemblance {
    Resemblance(
      function: function.activation.name, inputScale: best.a, inputShift: best.b, outputScale: best.c,
      outputShift: best.d,
      parameters: zip(function.activation.parameters, best.parameters).map {
        Resemblance.Value(name: $0.name, value: $1, isInitial: $0.initial == $1)
      }, unexplained: best.unexplained, isEqual: best.isExact && isConfirmed)
  }

  /// Whether the fit also holds at points that it has not seen.
  private var isConfirmed: Bool {
    let size = target.variance.squareRoot()
    let checks = target.checks
    let values = function.evaluator.evaluate(
      at: checks.map { best.a * $0.x + best.b }, parameters: best.parameters)[0]
    return zip(checks, values).allSatisfy { check, value in
      abs(best.c * value + best.d - check.y) <= 1e-5 * max(size, abs(check.y)) || !check.y.isFinite
    }
  }
}

extension AffineFit.Solution {
  fileprivate mutating func move(_ number: AffineFit.MovedNumber, by change: Double) {
    switch number {
    case .a: a += change
    case .b: b += change
    case .parameter(let index): parameters[index] += change
    }
  }
}
