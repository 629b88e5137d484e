// The small networks of every instruction set against the scalar reference.

import CKernels
import Testing

@Suite struct NetworkTests {
  @Test(arguments: KernelSet.all)
  func `value and gradient are the reference's at every length, and may be in place`(set: KernelSet) {
    let kernels = set.tables.networks.pointee
    let reference = ck_networks_reference().pointee
    // Two units and d, in no particular order, for at most 300 elements.
    let units = [ck_hidden_unit(w: 3, c: 0, v: 6), ck_hidden_unit(w: 1, c: 5, v: 2)]
    let stride = 300
    for count in Array(0...35) + [255, 256, 257, 300] {
      var noise = Noise(count)
      let parameters = noise.array(7 * stride, 2)
      let (x, dy) = (GuardedFloats(noise.array(count, 6)), GuardedFloats(noise.array(count, 1)))
      if count > 3 { dy.base[3] = 0 }
      let (y, slow) = (GuardedFloats(dy.values), GuardedFloats(dy.values))
      let (dx, slowDx) = (GuardedFloats(dy.values), GuardedFloats(dy.values))
      var sums = Array(repeating: Float(1), count: 7 * stride)
      var slowSums = sums
      units.withUnsafeBufferPointer { units in
        parameters.withUnsafeBufferPointer { parameters in
          guard let places = units.baseAddress, let values = parameters.baseAddress else { return }
          let network = ck_network(
            units: places, count: units.count, d: 4, parameters: values, stride: stride)
          reference.value(network, slow.base, x.base, count)
          reference.gradient(network, slowDx.base, &slowSums, x.base, dy.base, count)
          kernels.gradient(network, dx.base, &sums, x.base, dx.base, count)
          kernels.value(network, y.base, x.base, count)
          kernels.value(network, x.base, x.base, count)
        }
      }
      #expect(haveSameBits(x.values, y.values))
      #expect(areClose(y.values, slow.values) && areClose(dx.values, slowDx.values))
      #expect(areClose(sums, slowSums))
      #expect(y.isIntact && dx.isIntact && x.isIntact)
    }
  }

  private func areClose(_ a: [Float], _ b: [Float]) -> Bool {
    zip(a, b).allSatisfy { abs($0 - $1) <= 4e-6 * max(1, abs($1)) }
  }
}
