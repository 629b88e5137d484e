// Equal bytes are equal, and one bit anywhere tells.

import Digest
import Testing

@Suite struct ConstantTimeTests {
  @Test func `the same bytes are equal and another length is not`() {
    #expect(areEqualInConstantTime([], []))
    #expect(areEqualInConstantTime([1, 2, 3], [1, 2, 3]))
    #expect(!areEqualInConstantTime([1, 2, 3], [1, 2]))
    #expect(!areEqualInConstantTime([], [0]))
  }

  @Test(arguments: 0..<32)
  func `a single bit makes bytes differ`(_ place: Int) {
    let bytes = [UInt8](repeating: 0xA5, count: 32)
    for bit in 0..<8 {
      var other = bytes
      other[place] ^= 1 << bit
      #expect(!areEqualInConstantTime(bytes, other))
    }
  }
}
