// Checksums, comparisons that tell nothing, and texts that are not shown.

import Digest
import Testing

@Suite struct SecretTests {
  @Test func `the checksum is that of gzip`() {
    #expect(crc32("123456789".utf8) == 0xCBF4_3926)
    #expect(crc32([]) == 0)
  }

  @Test func `a comparison finds any difference`() {
    let bytes = [UInt8](0..<32)
    #expect(constantTimeEqual(bytes, bytes))
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 0x80
      #expect(!constantTimeEqual(bytes, other), "\(index)")
    }
    #expect(!constantTimeEqual(bytes, Array(bytes.dropLast())))
  }

  @Test func `a secret is not shown by accident`() {
    struct Holder { var secret = Secret("csk_tell_nobody") }
    let holder = Holder()
    var dumped = ""
    dump(holder, to: &dumped)
    for text in ["\(holder.secret)", String(reflecting: holder.secret), "\(holder)", dumped] {
      #expect(text.contains("redacted") && !text.contains("nobody"), "\(text)")
    }
    #expect(holder.secret.exposed == "csk_tell_nobody")
  }
}
