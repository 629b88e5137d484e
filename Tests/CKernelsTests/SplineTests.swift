// The splines of every instruction set against the scalar reference.

import CKernels
import Testing

@Suite struct SplineTests {
  @Test(arguments: KernelSet.all, [Int32(1), 3])
  func `value and gradient are the reference's for every order, sharing and shape`(
    set: KernelSet, order: Int32
  ) {
    let kernels = set.tables.splines.pointee
    let reference = ck_splines_reference().pointee
    for (rows, units) in [(1, 1), (3, 5), (2, 67), (9, 64), (70, 3), (1, 300)] {
      for (sets, perRow, perUnit) in [(1, 0, 0), (units, 0, 1), (rows, 1, 0)] {
        let spline = ck_spline(order: order, knots: 6, low: -2, step: 0.75)
        let sharing = ck_spline_sharing(sets: sets, per_row: perRow, per_unit: perUnit)
        var noise = Noise(rows * units + Int(order))
        let coefficients = noise.array(8 * sets, 2)
        var numbers = noise.array(rows * units, 4)
        // A knot, the last knot, and far outside.
        for (index, x) in [Float(-0.5), 1.75, 40, -40].enumerated() where index + 1 < numbers.count {
          numbers[index] = x
        }
        let (x, dy) = (GuardedFloats(numbers), GuardedFloats(noise.array(rows * units, 1)))
        let (y, slow, slowDx) = (GuardedFloats(numbers), GuardedFloats(numbers), GuardedFloats(numbers))
        var sums = Array(repeating: Float(1), count: 8 * sets)
        var slowSums = sums
        let memory = GuardedFloats(Array(repeating: .nan, count: ck_spline_memory(spline, sets)))
        reference.value(spline, sharing, rows, units, x.base, slow.base, coefficients, memory.base)
        reference.gradient(
          spline, sharing, rows, units, x.base, dy.base, slowDx.base, coefficients, &slowSums, memory.base)
        kernels.value(spline, sharing, rows, units, x.base, y.base, coefficients, memory.base)
        kernels.gradient(
          spline, sharing, rows, units, x.base, dy.base, dy.base, coefficients, &sums, memory.base)
        kernels.value(spline, sharing, rows, units, x.base, x.base, coefficients, memory.base)
        #expect(haveSameBits(x.values, y.values))
        #expect(areClose(y.values, slow.values) && areClose(dy.values, slowDx.values))
        #expect(areClose(sums, slowSums))
        #expect(x.isIntact && y.isIntact && dy.isIntact && memory.isIntact)
      }
    }
  }

  private func areClose(_ a: [Float], _ b: [Float]) -> Bool {
    zip(a, b).allSatisfy { abs($0 - $1) <= 2e-5 * max(1, abs($1)) }
  }
}
