// CRC-32C: known values, and the same sum in any pieces.

import Digest
import Testing

private func sum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes(CRC32C.of) }

@Suite struct CRC32CTests {
  // RFC 3720 appendix B.4.
  @Test func `known sums`() {
    #expect(sum([]) == 0)
    #expect(sum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(sum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(sum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(sum(Array(0..<32)) == 0x46DD_794E)
  }

  @Test func `pieces have the sum of the whole`() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) }
    for cut in bytes.indices {
      var pieces = CRC32C()
      bytes[..<cut].withUnsafeBytes { pieces.update($0) }
      bytes[cut...].withUnsafeBytes { pieces.update($0) }
      #expect(pieces.value == sum(bytes))
    }
  }
}
