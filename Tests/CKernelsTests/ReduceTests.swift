// The sums of every instruction set: near the exact ones, and of one shape.

import CKernels
import Testing

@Suite struct ReduceTests {
  /// Every remainder of a vector, and lengths around one and two chunks.
  private static let counts = Array(0...140) + [1023, 1024, 1025, 1040, 2047, 2048, 2049, 5000]

  @Test(arguments: KernelSet.all)
  func `sums equal the reference at every length and gap`(set: KernelSet) {
    let (table, reference) = (set.tables.reduce.pointee, ck_reduce_reference().pointee)
    for count in Self.counts {
      for gap in 0...3 {
        var noise = Noise(count)
        let x = GuardedFloats(noise.array(count), gap: gap)
        defer { withExtendedLifetime(x) {} }
        let size = Double(count + 1)
        #expect(abs(table.sum(x.base, count) - reference.sum(x.base, count)) <= 2e-6 * size, "\(count)")
        let (squares, exact) = (
          table.sum_of_squares(x.base, count), reference.sum_of_squares(x.base, count)
        )
        #expect(abs(squares - exact) <= 4e-6 * exact, "\(count)")
      }
    }
  }

  @Test(arguments: counts)
  func `sums have the same bits on every instruction set`(count: Int) {
    var noise = Noise(count)
    let x = noise.array(count)
    #expect(Set(KernelSet.all.map { $0.tables.reduce.pointee.sum(x, count) }).count == 1)
  }

  @Test(arguments: KernelSet.all)
  func `parts that end at whole chunks add up to the same bits`(set: KernelSet) {
    var noise = Noise(1)
    let x = noise.array(5000)
    let chunk = CK_REDUCE_CHUNK
    for function in [set.tables.reduce.pointee.sum, set.tables.reduce.pointee.sum_of_squares] {
      let parts = stride(from: 0, to: 5000, by: chunk).map { start in
        x.withUnsafeBufferPointer {
          $0.baseAddress.map { function($0 + start, min(chunk, 5000 - start)) } ?? .nan
        }
      }
      #expect(parts.reduce(0, +) == function(x, 5000))
    }
  }

  @Test(arguments: KernelSet.all)
  func `not-a-number and infinity reach the sum`(set: KernelSet) {
    for place in [0, 40, 66] {
      var x = [Float](repeating: 1, count: 67)
      x[place] = .infinity
      #expect(set.tables.reduce.pointee.sum(x, 67) == .infinity)
      #expect(set.tables.reduce.pointee.sum_of_squares(x, 67) == .infinity)
      x[place] = .nan
      #expect(set.tables.reduce.pointee.sum(x, 67).isNaN)
      #expect(set.tables.reduce.pointee.sum_of_squares(x, 67).isNaN)
    }
  }
}
