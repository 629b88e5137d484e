// The counter-based generator Philox4x32-10: a keyed bijection from a 128-bit counter to 128 random bits.

/// Philox4x32 with ten rounds.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 4.3.
/// The function has no state: any block of a stream is reached directly, so that a run that is cut or resumed anywhere
/// sees the same numbers.
package enum Philox {
  /// The 128 random bits of one counter under one key, as four 32-bit words.
  @inlinable
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
    var (k0, k1) = (key[0], key[1])
    for _ in 0..<10 {
      let even = c0.multipliedFullWidth(by: 0xD251_1F53)
      let odd = c2.multipliedFullWidth(by: 0xCD9E_8D57)
      (c0, c1, c2, c3) = (odd.high ^ c1 ^ k0, odd.low, even.high ^ c3 ^ k1, even.low)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }
}
