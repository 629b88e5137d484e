// L-BFGS: steps of Newton's method with a Hessian estimated from the last few steps, for full batches.

import Glibc

/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno (Nocedal and Wright, "Numerical Optimization",
/// 2nd edition, algorithms 7.4 and 7.5): p ← p + α·d with d = −H·g by the two-loop recursion over the last `history`
/// pairs, and α by a strong Wolfe search (``LineSearch``).
///
/// Parameters and gradients are single precision, all that is summed or kept is double. Weight decay λ adds λ/2·|p|² to
/// what is minimised. A block's learning-rate multiplier m is a change of variables p = √m·z, which is to gradient descent
/// what m is to its rate: with 0 the block stays as it is. A pair without positive curvature is not taken in, and a
/// direction that does not descend, or along which nothing lower is found, empties the history.
///
/// A step allocates nothing. Its vectors are summed in one order by one thread, so that the bits are those of the
/// gradients alone.
package struct LBFGS: Optimizer {
  /// How many steps the Hessian is estimated from.
  package var historySize = 10

  package static let name = "lbfgs"
  package static let settings: [OptimizerSetting<Self>] = [
    OptimizerSetting("history_size", .integer(\.historySize, in: 1...100))
  ]
  /// The full quasi-Newton step.
  package static let defaultLearningRate = 1.0
  package static let searchesLine = true

  package init() {}

  /// Two vectors of a pair and three besides in double precision, and one in single.
  package var valuesPerParameter: Int { 2 * (2 * historySize + 3) + 1 }

  package func makeRule(
    _ specification: OptimizerSpecification, blocks: [ParameterBlock], parameterCount: Int
  ) -> StepRule {
    .search(LBFGSState(self, specification, blocks: blocks))
  }
}

/// The pairs of L-BFGS, and its steps.
package final class LBFGSState {
  /// The most evaluations of loss and gradient in a step: one where it starts, the others along the line.
  package static let maximumEvaluations = 25

  /// A stretch of parameters with one multiplier and one decay.
  struct Part {
    var range: Range<Int>
    /// √m.
    var root: Double
    var decay: Double
  }

  /// How a step went.
  package struct Outcome {
    /// The loss before the step, without penalties.
    package var loss: Double
    /// Whether loss and gradient were finite there; the parameters stay otherwise.
    package var isFinite: Bool
  }

  private let count: Int
  private let capacity: Int
  /// The first step that a search looks at.
  private let firstStep: Double
  private let parts: [Part]
  /// Parameters at the step's start.
  private let origin: FloatBuffer
  private let gradient: DoubleBuffer
  private let nextGradient: DoubleBuffer
  private let direction: DoubleBuffer
  /// Changes of z and of the gradient, a ring of `capacity` vectors each, and 1/(s·y) and α of each pair.
  private let steps: DoubleBuffer
  private let changes: DoubleBuffer
  private let inverses: DoubleBuffer
  private let coefficients: DoubleBuffer
  /// Pairs of steps and changes of the gradient that directions are made of.
  package private(set) var stored = 0
  private var newest = -1

  convenience init(_ settings: LBFGS, _ optimizer: OptimizerSpecification, blocks: [ParameterBlock]) {
    let parts = blocks.filter { !$0.range.isEmpty }.map { block in
      Part(
        range: block.range, root: block.learningRateMultiplier.squareRoot(),
        decay: block.role == .weight ? optimizer.weightDecay : block.weightDecay)
    }
    self.init(parts: parts, historySize: settings.historySize, firstStep: optimizer.learningRate)
  }

  /// For parameters without multipliers and decay.
  package convenience init(parameterCount: Int, historySize: Int = 10, firstStep: Double = 1) {
    self.init(
      parts: [Part(range: 0..<parameterCount, root: 1, decay: 0)], historySize: historySize,
      firstStep: firstStep)
  }

  private init(parts: [Part], historySize: Int, firstStep: Double) {
    count = parts.map(\.range.upperBound).max() ?? 0
    capacity = historySize
    self.firstStep = firstStep
    self.parts = parts
    origin = FloatBuffer(count: count)
    gradient = DoubleBuffer(count: count)
    nextGradient = DoubleBuffer(count: count)
    direction = DoubleBuffer(count: count)
    steps = DoubleBuffer(count: count * capacity)
    changes = DoubleBuffer(count: count * capacity)
    inverses = DoubleBuffer(count: capacity)
    coefficients = DoubleBuffer(count: capacity)
  }

  /// One iteration.
  ///
  /// - Parameters:
  ///   - parameters: where the step starts, and its result.
  ///   - gradients: where `evaluate` leaves the gradient of loss and penalty.
  ///   - evaluate: the loss at `parameters`, and a penalty that is minimised with it; `isFirst` where the step starts.
  package func step(
    parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    evaluate: (_ isFirst: Bool) -> (loss: Double, penalty: Double)
  ) -> Outcome {
    let (loss, penalty) = evaluate(true)
    var value = loss + penalty
    origin.base.update(from: parameters, count: count)
    value += gather(gradients, parameters, into: gradient.base)
    var slope = Self.dot(gradient.base, gradient.base, count)
    guard value.isFinite, slope.isFinite else { return Outcome(loss: loss, isFinite: false) }
    if slope == 0 { return Outcome(loss: loss, isFinite: true) }
    turn()
    slope = Self.dot(gradient.base, direction.base, count)
    if !(slope < 0) {
      stored = 0
      turn()
      slope = Self.dot(gradient.base, direction.base, count)
    }
    var search = LineSearch(value: value, slope: slope, evaluations: Self.maximumEvaluations - 2)
    var last = 0.0
    let found = search.run(from: firstTrial) { step in
      last = step
      return look(step, parameters, gradients, evaluate)
    }
    guard let found else {
      parameters.update(from: origin.base, count: count)
      stored = 0
      return Outcome(loss: loss, isFinite: true)
    }
    // The search may end at a place that it passed before.
    if last != found.step { _ = look(found.step, parameters, gradients, evaluate) }
    remember(parameters)
    return Outcome(loss: loss, isFinite: true)
  }

  // MARK: Places on the line

  /// Without a pair nothing is known of the scale: the first trial moves all variables by at most the first step together.
  private var firstTrial: Double {
    guard stored == 0 else { return firstStep }
    var sum = 0.0
    for index in 0..<count { sum += abs(gradient.base[index]) }
    return firstStep * min(1, 1 / sum)
  }

  private func look(
    _ step: Double, _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ evaluate: (Bool) -> (loss: Double, penalty: Double)
  ) -> (value: Double, slope: Double) {
    for part in parts {
      for index in part.range {
        parameters[index] = Float(
          Double(origin.base[index]) + step * part.root * direction.base[index])
      }
    }
    let (loss, penalty) = evaluate(false)
    let decay = gather(gradients, parameters, into: nextGradient.base)
    return (loss + penalty + decay, Self.dot(nextGradient.base, direction.base, count))
  }

  /// Writes the gradient by z of everything that is minimised; returns the weight decay's part of the value.
  private func gather(
    _ gradients: UnsafePointer<Float>, _ parameters: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Double>
  ) -> Double {
    var squares = 0.0
    for part in parts {
      for index in part.range {
        let parameter = Double(parameters[index])
        target[index] = part.root * (Double(gradients[index]) + part.decay * parameter)
        squares += part.decay * parameter * parameter
      }
    }
    return squares / 2
  }

  // MARK: The direction

  /// d = −H·g (Nocedal and Wright, algorithm 7.4), with H₀ = (s·y / y·y) of the newest pair.
  private func turn() {
    let direction = direction.base
    for index in 0..<count { direction[index] = -gradient.base[index] }
    guard stored > 0 else { return }
    for age in 0..<stored {
      let pair = place(age)
      let coefficient = inverses.base[pair] * Self.dot(steps.base + pair * count, direction, count)
      coefficients.base[pair] = coefficient
      Self.add(-coefficient, changes.base + pair * count, to: direction, count)
    }
    let change = changes.base + newest * count
    let scale = 1 / (inverses.base[newest] * Self.dot(change, change, count))
    for index in 0..<count { direction[index] *= scale }
    for age in (0..<stored).reversed() {
      let pair = place(age)
      let correction = inverses.base[pair] * Self.dot(changes.base + pair * count, direction, count)
      Self.add(
        coefficients.base[pair] - correction, steps.base + pair * count, to: direction, count)
    }
  }

  /// Where the pair of an age lies in the ring; the newest has age 0.
  private func place(_ age: Int) -> Int { (newest - age + capacity) % capacity }

  /// Takes in the pair of the step that was made.
  private func remember(_ parameters: UnsafePointer<Float>) {
    let place = (newest + 1) % capacity
    let (step, change) = (steps.base + place * count, changes.base + place * count)
    for part in parts {
      // As the parameters were rounded, not as the line was cut; what is frozen has not moved.
      let scale = part.root > 0 ? 1 / part.root : 0
      for index in part.range {
        step[index] = scale * (Double(parameters[index]) - Double(origin.base[index]))
        change[index] = nextGradient.base[index] - gradient.base[index]
      }
    }
    let product = Self.dot(step, change, count)
    guard product.isFinite, product > 1e-10 * Self.dot(change, change, count) else {
      // In a full ring the place was that of the oldest pair.
      stored = min(stored, capacity - 1)
      return
    }
    inverses.base[place] = 1 / product
    newest = place
    stored = min(stored + 1, capacity)
  }

  // MARK: What is kept

  /// The pairs, the oldest first: a step, and the gradient's change over it, in turns.
  package var pairs: [[Double]] {
    get {
      var pairs: [[Double]] = []
      for age in (0..<stored).reversed() {
        for vectors in [steps, changes] {
          let start = UnsafePointer(vectors.base + place(age) * count)
          pairs.append(Array(UnsafeBufferPointer(start: start, count: count)))
        }
      }
      return pairs
    }
    set {
      stored = newValue.count / 2
      newest = stored - 1
      for pair in 0..<stored {
        for (vectors, values) in zip([steps, changes], newValue[2 * pair..<2 * pair + 2]) {
          for (index, value) in values.enumerated() { vectors.base[pair * count + index] = value }
        }
        inverses.base[pair] =
          1 / Self.dot(steps.base + pair * count, changes.base + pair * count, count)
      }
    }
  }

  /// Whether these may be its pairs.
  package func accepts(_ pairs: [[Double]]) -> Bool {
    pairs.count.isMultiple(of: 2) && pairs.count <= 2 * capacity && pairs.allSatisfy { $0.count == count }
  }

  // MARK: Vectors

  /// In eight interleaved sums.
  private static func dot(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var sums = SIMD8<Double>()
    let whole = count / 8 * 8
    for index in stride(from: 0, to: whole, by: 8) {
      let left = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Double>.self)
      sums += left * UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Double>.self)
    }
    var sum = sums.sum()
    for index in whole..<count { sum += a[index] * b[index] }
    return sum
  }

  private static func add(
    _ factor: Double, _ vector: UnsafePointer<Double>, to sum: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    for index in 0..<count { sum[index] += factor * vector[index] }
  }
}

/// Memory for double-precision vectors, zero at first.
private final class DoubleBuffer {
  let base: UnsafeMutablePointer<Double>

  init(count: Int) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: 0, count: max(1, count))
  }

  deinit { base.deallocate() }
}
