// The optimisers' updates of every instruction set against their formulas written as scalar loops.

import CKernels
import Testing

@Suite struct UpdateTests {
  /// Parameters, gradient and two moments, of which the second is never negative.
  struct State {
    let p: GuardedFloats
    let g: GuardedFloats
    let first: GuardedFloats
    let second: GuardedFloats

    init(count: Int, gap: Int) {
      var noise = Noise(count * 4 + gap)
      p = GuardedFloats(noise.array(count), gap: gap)
      g = GuardedFloats(noise.array(count), gap: gap)
      first = GuardedFloats(noise.array(count), gap: gap)
      second = GuardedFloats(noise.array(count).map(abs), gap: gap)
    }

    var all: [GuardedFloats] { [p, g, first, second] }
  }

  enum Rule: CaseIterable {
    case adam, adamw, sgd, momentum, nesterov, rmsprop

    /// Updates the numbers from `start` to `end`.
    func apply(_ table: ck_update, to state: State, from start: Int, to end: Int) {
      defer { withExtendedLifetime(state) {} }
      let (p, g) = (state.p.base + start, state.g.base + start)
      let (first, second) = (state.first.base + start, state.second.base + start)
      switch self {
      case .adam, .adamw:
        var step = ck_adam_step(
          rate: 0.01, scale: 0.5, coupled_decay: self == .adam ? 0.1 : 0, shrink: self == .adam ? 1 : 0.999,
          keep1: 0.9, take1: 0.1, keep2: 0.999, take2: 0.001, correction1: 2, correction2: 3, epsilon: 1e-8)
        table.adam(p, g, first, second, end - start, &step)
      case .sgd, .momentum, .nesterov:
        var step = ck_sgd_step(
          rate: 0.01, scale: 0.5, decay: 0.1, momentum: 0.9, nesterov: self == .nesterov)
        table.sgd(p, g, self == .sgd ? nil : first, end - start, &step)
      case .rmsprop:
        var step = ck_rmsprop_step(
          rate: 0.01, scale: 0.5, decay: 0.1, keep: 0.99, take: 0.01, epsilon: 1e-8, momentum: 0.5)
        table.rmsprop(p, g, second, first, end - start, &step)
      }
    }
  }

  @Test(
    arguments: KernelSet.all,
    Rule.allCases)
  func `at every length and gap equals the reference, whole and cut in two`(set: KernelSet, rule: Rule) {
    for count in 0...67 {
      for gap in 0...3 {
        let (got, want, cut) = (
          State(count: count, gap: gap), State(count: count, gap: gap), State(count: count, gap: gap)
        )
        for _ in 0..<3 {
          rule.apply(set.tables.update.pointee, to: got, from: 0, to: count)
          rule.apply(ck_update_reference().pointee, to: want, from: 0, to: count)
          rule.apply(set.tables.update.pointee, to: cut, from: 0, to: count / 3)
          rule.apply(set.tables.update.pointee, to: cut, from: count / 3, to: count)
        }
        for ((got, want), cut) in zip(zip(got.all, want.all), cut.all) {
          let isNear = zip(got.values, want.values).allSatisfy { abs($0 - $1) <= 2e-6 * max(1, abs($1)) }
          #expect(isNear && got.isIntact, "\(count)")
          #expect(haveSameBits(got.values, cut.values), "\(count) in parts")
        }
      }
    }
  }

  @Test(arguments: KernelSet.all, Rule.allCases)
  func `not-a-number in a gradient shows in its parameter alone`(set: KernelSet, rule: Rule) {
    let state = State(count: 37, gap: 0)
    state.g.base[33] = .nan
    rule.apply(set.tables.update.pointee, to: state, from: 0, to: 37)
    #expect(state.p.values.indices.filter { state.p.base[$0].isNaN } == [33])
  }
}
