// Bytes are written as digits.

import Digest
import Testing

@Suite struct HexadecimalTests {
  @Test func `every byte is written as two digits`() {
    let text = hexadecimal([UInt8](0...255))
    #expect(text.utf8.count == 512)
    #expect(
      stride(from: 0, to: 512, by: 2).map { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
        == (0...255).map { $0 })
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
  }
}
